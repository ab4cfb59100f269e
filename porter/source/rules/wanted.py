"""Which rules are asked for: those that are not there, what standing ones lack, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from porter.core.constraint import Rule
from porter.core.endpoint import Field
from porter.core.task import Task
from porter.source.mlflow import index
from porter.source.rules import place_of, tokens, with_dive
from porter.source.rules.lacking import filled, lacking
from porter.source.rules.offers import PREFIX, own_rules
from porter.source.rules.proposals import proposal
from porter.source.rules.standing import standing
from porter.source.rules.telling import telling


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


def wanted(task: Task, fresh: bool) -> tuple[Wanted, ...]:
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


def facts(task: Task, one: Wanted) -> tuple[str, ...]:
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
    if answer.seen != "\n".join(facts(task, one)):
        return True
    return bool(answer.value and answer.over) and one.stands == answer.over != answer.value


def _mine(task: Task, one: Wanted) -> bool:
    """Whether what always holds of the rule was answered, and what holds sometimes was not."""
    answers = task.answers
    return answers.get(f"{PREFIX}{one.rule.key}") is not None and answers.get(one.asked) is None


def _placed(task: Task, rules: Iterable[Rule]) -> Iterator[tuple[Rule, Field]]:
    for rule in rules:
        place = place_of(task.endpoint.request, rule.field, task.catalog)
        if place is not None:
            yield rule, place.field
