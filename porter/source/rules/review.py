"""A rule as a question: what it says, what siblings say, and how it differs from Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from porter.core.constraint import InferenceNote
from porter.core.finding import Note
from porter.core.question import Evidence, Question, Review
from porter.core.task import Task
from porter.core.view import View
from porter.source.mlflow import index
from porter.source.rules import (
    NO_TAG,
    SUBSTITUTE,
    UNREACHED,
    tokens,
)
from porter.source.rules.offers import own_checks
from porter.source.rules.proposals import proposal
from porter.source.rules.rulechecks import refuses
from porter.source.rules.standing import named, standing
from porter.source.rules.structs import go_type
from porter.source.rules.telling import evidence, telling
from porter.source.rules.validators import Tags, tags
from porter.source.rules.wanted import Wanted, facts


def question(task: Task, one: Wanted) -> Question:
    """The question of a rule; only one that is certain has a default."""
    rule = one.rule
    text = (rule.strict or rule.rule) if task.strict else rule.rule
    target = f"{task.endpoint.request.name}.{rule.field}"
    places = evidence(index(task.mlflow), (c.evidence for c in rule.constraints))
    return Question(
        key=one.asked,
        text=f"the rule of {target}: {text}",
        default=text if rule.certain else None,
        evidence=places,
        notes=tuple(_remarks(task, one)),
        facts=facts(task, one),
        stands=one.stands or "",
        review=Review(
            target,
            go_type(task, one.field),
            text,
            rule.certain,
            rule.strict,
            siblings(task, one),
            tuple(_passages(task.mlflow, places)),
            allowed(task).all,
        ),
    )


def allowed(task: Task) -> Tags:
    """The tags that the checkout knows."""
    return tags(task.tree, task.layout.validation_tags)


def notes(task: Task, written: frozenset[str] = frozenset()) -> tuple[Note, ...]:
    """What no tag expresses, for the person who writes the store; `written` gets a validator."""
    found, made = proposal(task)
    own = written | {check.path for check in own_checks(task)}
    unread = [Note(n.text, n.code, n.evidence) for n in found.notes if n.code in ("P302", "P303")]
    untold = [n for n in made.notes if n.code == NO_TAG and n.field not in own]
    return (*unread, *(_untold(task, n) for n in untold))


def reminders(task: Task) -> tuple[Note, ...]:
    """What the person who writes the store must think of: notes, and fields taken for another."""
    instead = (n for n in proposal(task)[0].notes if n.code == SUBSTITUTE)
    return (*notes(task), *(Note(f"{n.field}: {n.text}", n.code, n.evidence) for n in instead))


def _untold(task: Task, note: InferenceNote) -> Note:
    """A note with the test that no tag says."""
    text, ready = f"{note.field}: {note.text}", index(task.mlflow)
    if note.evidence:
        said = telling(ready, note.evidence)
        text = f"{text.removesuffix(note.evidence[-1].text)}{said.text}"
    return Note(text, note.code, note.evidence)


def siblings(task: Task, one: Wanted, most: int = 3) -> tuple[str, ...]:
    """What other messages with a field of that name have: the rules, with how many of how many."""
    assert task.layout.validations is not None
    rules = standing(task.tree, task.layout.validations).rules
    keys = named(task.catalog)
    same = [
        k for k, (_, field) in keys.items() if field.name == one.field.name and k != one.rule.key
    ]
    having = Counter(rules[key] for key in same if key in rules)
    total = sum(having.values())
    return tuple(f"{rule} ({count} of {total})" for rule, count in having.most_common(most))


def _remarks(task: Task, one: Wanted) -> Iterator[str]:
    """How the rule differs from Python, in words."""
    rule = one.rule
    if "dive" in set(tokens(rule.rule)) - set(tokens(one.stands or "")):
        yield "the rules of what is in it run only behind dive"
    if one.stands is not None:
        yield f"stands as {one.stands or 'nothing'}"
    refusing = (
        any(refuses(t, allowed(task)) for t in tokens(r)) for r in (rule.rule, rule.strict or "")
    )
    if rule.strict and tuple(refusing) == (False, True):
        yield 'Python also rejects ""; Go\'s required on a pointer accepts it'
    patterns = allowed(task).patterns
    for each in rule.constraints if one.stands is None else ():
        if each.kind == "charset":
            used = [t for t in tokens(rule.rule) if t in patterns and patterns[t] != each.value]
            for tag in used:
                yield f"Python allows {each.value}, {tag} here {patterns[tag]}"
        if each.conditional:
            yield f"{each.kind} holds only under another field's or the environment's value"
        elif not each.certain:
            yield f"{each.kind} does not run on every path, or a request may not reach it"
    unreached = [
        n
        for n in proposal(task)[0].notes
        if n.code in (UNREACHED, SUBSTITUTE) and n.field == rule.field
    ]
    yield from (n.text for n in unreached)


def _passages(mlflow: View, places: tuple[Evidence, ...], around: int = 3) -> Iterator[str]:
    for place in places:
        lines = (mlflow.read(place.file) or b"").decode("utf-8", "replace").splitlines()
        yield f"{mlflow.where(place.file)}:{place.line}"
        first, last = max(1, place.line - around), min(len(lines), place.line + around)
        yield from (
            f"{'>' if n == place.line else ' '} {n:5} {lines[n - 1]}"
            for n in range(first, last + 1)
        )
