"""Checks of one field that no tag says, as offers: a validator of the checkout's own, or a note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from porter.core.constraint import Rule
from porter.core.question import Answer, Choice, Question
from porter.core.task import Task
from porter.source.golang import parse
from porter.source.rules import Proposal, tokens, with_dive
from porter.source.rules.fieldchecks import FieldCheck, field_checks
from porter.source.rules.proposals import proposal
from porter.source.rules.registration import registration
from porter.source.rules.ruletags import TOLD
from porter.source.rules.standing import keys_of, standing
from porter.source.rules.validators import Tags, tags

PREFIX = "validate."
"""What the keys of questions about rules begin with."""
YES, NO = "yes", "no"
_SHOWN = 16
"""Lines of Python that an offer shows."""


def offered(task: Task) -> tuple[FieldCheck, ...]:
    """The checks that this checkout has no validator for, and could have one."""
    path, rules = task.layout.validation_tags, task.layout.validations
    if path is None or rules is None or task.tree.read(path) is None:
        return ()
    if registration(parse(task.tree, path)) is None:
        return ()
    known, found = tags(task.tree, path), standing(task.tree, rules)
    return tuple(
        check
        for check in field_checks(task, proposal(task)[1])
        if check.tag not in known.all
        and check.place.key not in found.unread
        and not _checked(found.rules.get(check.place.key, ""), known)
    )


def offer(task: Task, check: FieldCheck) -> Question:
    """The question of an offer. Its default is no: nobody is left with code to finish unasked."""
    target = f"{task.endpoint.request.name}.{check.path}"
    outcome = (
        "yes writes it from the Python, with a table test; its error text is the general one"
        if check.whole
        else "Go cannot be written for all of it: yes writes a stub for you, which refuses all"
    )
    passage = check.passage[:_SHOWN]
    more = ("    …",) if len(check.passage) > _SHOWN else ()
    return Question(
        key=f"{PREFIX}{check.place.key}.validator",
        text=f"{target}: no tag says this; write a validator {check.tag}?",
        default=NO,
        choices=(Choice(YES, "write it"), Choice(NO, "leave it as a note")),
        evidence=check.evidence,
        notes=(*passage, *more, outcome),
        facts=check.passage,
    )


def taken(answer: Answer | None) -> bool:
    """Whether an offer was taken."""
    return answer is not None and answer.value == YES


def own_checks(task: Task) -> tuple[FieldCheck, ...]:
    """The checks that the checkout has a validator for, by the name that porter gives it."""
    registered = tags(task.tree, task.layout.validation_tags).registered
    return tuple(c for c in field_checks(task, proposal(task)[1]) if c.tag in registered)


def own_rules(task: Task) -> tuple[Rule, ...]:
    """The rules, with the checkout's own validators for the checks that they were written for."""
    made = proposal(task)[1]
    rules = {rule.key: rule for rule in made.rules}
    for check in own_checks(task):
        rules[check.place.key] = _with(rules.get(check.place.key), check, made)
    return tuple(rules.values())


def unwritten(task: Task) -> Iterator[tuple[str, str, str, int]]:
    """The validators in the request's rules that a person has still to write.

    Gives the key, the tag, and the file and line of its function.
    """
    path, rules = task.layout.validation_tags, task.layout.validations
    if path is None or rules is None:
        return
    waiting = tags(task.tree, path).unwritten
    if not waiting:
        return
    stands = standing(task.tree, rules).rules
    for key in keys_of(task.endpoint.request, task.catalog):
        for tag in tokens(stands.get(key, "")):
            if tag in waiting:
                yield key, tag, task.tree.where(path), waiting[tag]


def with_tag(rule: str, check: FieldCheck) -> str:
    """A rule that the validator of a check is part of; it is asked of each element of a list."""
    if check.tag in tokens(rule):
        return rule
    if check.field.repeated:
        return ",".join((*tokens(with_dive(rule)), check.tag))
    return ",".join((*(tokens(rule) or ("omitempty",)), check.tag))


def _with(rule: Rule | None, check: FieldCheck, made: Proposal) -> Rule:
    """The rule with its validator; what it rests on stays, the validator has its own question."""
    if rule is None:
        untold = tuple(c for c in made.untold if c.field == check.path)
        return Rule(check.place.key, with_tag("", check), True, None, check.path, untold)
    strict = with_tag(rule.strict, check) if rule.strict else None
    return replace(rule, rule=with_tag(rule.rule, check), strict=strict)


def _checked(rule: str, known: Tags) -> bool:
    """Whether a standing rule has a validator that people wrote, for who knows which check."""
    own = known.registered - set(known.patterns) - TOLD
    return any(token.split("=", 1)[0] in own for token in tokens(rule))
