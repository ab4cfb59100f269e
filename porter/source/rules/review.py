"""A rule as a question: what it says, what siblings say, and how it differs from Python."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from porter.core.constraint import InferenceNote, Rule
from porter.core.endpoint import Field
from porter.core.finding import Note
from porter.core.question import Evidence, Question, Review
from porter.core.task import Task
from porter.core.view import View
from porter.source.mlflow import index
from porter.source.rules import (
    NO_TAG,
    SUBSTITUTE,
    UNREACHED,
    place_of,
    tokens,
    with_dive,
)
from porter.source.rules.lacking import filled, lacking
from porter.source.rules.offers import own_checks, own_rules
from porter.source.rules.proposals import proposal
from porter.source.rules.standing import Standing, named, standing
from porter.source.rules.telling import evidence, telling
from porter.source.rules.validators import Tags, tags

PREFIX = "validate."
"""What the keys of questions about rules begin with."""

_BEHIND = "; the rules of what is in it run only behind dive"


@dataclass(frozen=True)
class Wanted:
    """A rule that is not there yet, or that the standing one lacks something of."""

    rule: Rule
    field: Field
    stands: str | None = None
    also: bool = False
    """Whether another question asks for what of the rule always holds."""

    @property
    def asked(self) -> str:
        """The key of its question."""
        return f"{PREFIX}{self.rule.key}{'.sometimes' if self.also else ''}"


def wanted(task: Task, *, fresh: bool = True) -> tuple[Wanted, ...]:
    """The rules to ask for: keys that do not stand yet, and what a standing one lacks.

    What was answered is asked again where the Python behind it has changed; nothing else is where
    it is not `fresh`.
    """
    assert task.layout.validations is not None
    here = standing(task.tree, task.layout.validations)
    later = {rule.key: rule for rule in proposal(task)[1].sometimes}
    found = []
    for rule, field in _placed(task, own_rules(task)):
        found.append(Wanted(rule, field))
        if rule.key in later:
            found.append(Wanted(later[rule.key], field, also=True))
    out = []
    for one in (one for one in found if one.rule.key not in here.unread):
        known = replace(one, stands=here.rules.get(one.rule.key))
        new = known.stands is None or (one.also and _mine(task, one))
        if _again(task, known) or (fresh and new):
            out.append(known)
        elif fresh and (more := _more(task, known)):
            out.append(replace(known, rule=replace(one.rule, rule=more, strict=None)))
    return tuple(out)


def _more(task: Task, one: Wanted) -> str:
    """The standing rule with a `dive` that it lacks, and whatever it lacks where that is asked."""
    stands = one.stands or ""
    more = lacking(one.rule, stands) if task.rules and one.rule.certain else ()
    rule = filled(stands, more)
    rule = with_dive(rule) if "dive" in tokens(one.rule.rule) else rule
    return rule if rule != stands and not one.also else ""


def _again(task: Task, one: Wanted) -> bool:
    """Whether an answer is to be given again, or was, and does not stand yet."""
    answer = task.answers.get(one.asked)
    if answer is None or not answer.seen:
        return False
    if answer.seen != "\n".join(_facts(task, one)):
        return True
    return bool(answer.value and answer.over) and one.stands == answer.over != answer.value


def _mine(task: Task, one: Wanted) -> bool:
    """Whether what always holds of the rule was answered, and what holds sometimes was not."""
    answers = task.answers
    return answers.get(f"{PREFIX}{one.rule.key}") is not None and answers.get(one.asked) is None


def _facts(task: Task, one: Wanted) -> tuple[str, ...]:
    """What Python says, a line for each constraint: an answer holds until one of them changes."""
    ready = index(task.mlflow)
    lines = []
    for each in one.rule.constraints:
        value = "" if each.value is None else f" {each.value}"
        when = " sometimes" if each.conditional else "" if each.certain else " maybe"
        text = f": {telling(ready, each.evidence).text}" if each.evidence else ""
        lines.append(f"{each.kind}{value}{when}{text}")
    return tuple(dict.fromkeys(lines)) or (one.rule.key,)


def answered(task: Task) -> bool:
    """Whether a rule of the endpoint was answered."""
    return any(key.startswith(PREFIX) for key in task.answers.given)


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
        facts=_facts(task, one),
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


def go_type(task: Task, field: Field) -> str:
    """The Go type of a field's struct field, as protoc-gen-go makes it for proto2."""
    names = {"double": "float64", "float": "float32", "bytes": "[]byte", "sint32": "int32",
             "sint64": "int64", "fixed32": "uint32", "fixed64": "uint64", "sfixed32": "int32",
             "sfixed64": "int64"}  # fmt: skip
    if field.kind in ("message", "map", "enum"):
        message = task.catalog.messages.get(field.type_name or "")
        name = message.go_name if message else (field.type_name or "").rsplit(".", 1)[-1]
        if field.kind == "map":
            return "map"
        return f"[]*{name}" if field.repeated and field.kind == "message" else f"*{name}"
    name = names.get(field.kind, field.kind)
    return f"[]{name}" if field.repeated else name if name == "[]byte" else f"*{name}"


def untagged(task: Task, found: Standing) -> Iterator[tuple[str, str, str, int]]:
    """The standing rules of the request's own fields that the .pb.go does not carry.

    Gives the field (`DeleteTag.RunId`), the rule, the file and the line.
    """
    prefix = f"{task.endpoint.request.go_name}_"
    rules = {k: r for k, r in found.rules.items() if k.startswith(prefix)}
    names = {f.go_name for f in task.endpoint.request.fields}
    rules = {k: r for k, r in rules.items() if k[len(prefix) :] in names}
    if not rules:
        return
    struct = _struct(task.tree, task.layout.protos_dir, task.endpoint.request.go_name)
    if struct is None:
        return
    path, line, fields = struct
    for key, rule in rules.items():
        name = key[len(prefix) :]
        have = re.search(r'validate:"((?:[^"\\]|\\.)*)"', fields.get(name, ""))
        if have is None or have[1] != rule:
            yield f"{task.endpoint.request.go_name}.{name}", rule, path, line


def _struct(tree: View, folder: str, name: str) -> tuple[str, int, dict[str, str]] | None:
    """A generated struct's fields with their tags. Read by lines: a .pb.go is long and regular."""
    start = re.compile(rf"^type {re.escape(name)} struct \{{$", re.MULTILINE)
    for path in tree.files(folder, ".pb.go", deep=True):
        source = (tree.read(path) or b"").decode("utf-8", "replace")
        found = start.search(source)
        if found is not None:
            body = source[found.end() : source.index("\n}", found.end())]
            rows = re.findall(r"^\t(\w+)\s+\S+\s+`(.*)`", body, re.MULTILINE)
            return path, source.count("\n", 0, found.start()) + 1, dict(rows)
    return None


def _placed(task: Task, rules: Iterable[Rule]) -> Iterator[tuple[Rule, Field]]:
    for rule in rules:
        place = place_of(task.endpoint.request, rule.field, task.catalog)
        if place is not None:
            yield rule, place.field


def _remarks(task: Task, one: Wanted) -> Iterator[str]:
    """How the rule differs from Python, in words."""
    rule = one.rule
    if rule.rule == "dive":
        yield _BEHIND.removeprefix("; ")
    if one.stands is not None:
        behind = (
            "; nested rules run only behind dive"
            if "dive" in tokens(one.rule.rule) and "dive" not in tokens(one.stands)
            else ""
        )
        yield f"stands as {one.stands or 'nothing'}{behind}"
    if rule.strict and "notEmpty" in tokens(rule.strict) and "notEmpty" not in tokens(rule.rule):
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
