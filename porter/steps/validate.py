"""Validate: the rules of the request, reviewed one by one with the Python that they come from."""

from __future__ import annotations

from porter.core.command import Command
from porter.core.finding import Finding, Findings
from porter.core.plan import Plan, planned
from porter.core.step import Step
from porter.core.task import Task
from porter.source.checkout.generated import generate_command
from porter.source.checkout.stubs import stub_of
from porter.source.rules import offers, review
from porter.source.rules.standing import standing, with_rules
from porter.source.rules.structs import untagged
from porter.source.rules.wanted import answered, wanted
from porter.source.scaffold import service
from porter.source.scaffold.validators import with_validators


def plan(task: Task) -> Plan:
    """Keys of validations.go for what Python checks; each is a question until it is answered.

    A validator for what no tag says is an offer: with yes it is written, with its test.
    """
    path = task.layout.validations
    fresh = task.rules or not _ported(task)
    if path is None or not (fresh or answered(task)):
        return Plan()
    found, recalled = standing(task.tree, path), task.answers.recalled
    asked = [(one, recalled(review.question(task, one))) for one in wanted(task, fresh)]
    checks = offers.offered(task) if fresh else ()
    offered = [(one, recalled(offers.offer(task, one))) for one in checks]
    given = {q.key: a for _, q in (*asked, *offered) if (a := task.answers.to(q)) is not None}
    open_ = tuple(q for _, q in (*asked, *offered) if q.key not in given)
    taken = [check for check, q in offered if offers.taken(given.get(q.key))]
    answers = [(w.rule.key, given[q.key].value) for w, q in asked if q.key in given]
    rules = {key: rule for key, rule in answers if rule}
    for check in taken:
        key = check.place.key
        rules[key] = offers.with_tag(rules.get(key, found.rules.get(key, "")), check)
    notes = review.notes(task, frozenset(check.path for check in taken))
    if not rules:
        return Plan(questions=open_, notes=notes)
    after = {path: with_rules(found, list(rules.items())), **with_validators(task, taken)}
    before = {each: task.tree.read(each) for each in after}
    return Plan(planned(before, after), open_, notes)


def inspect(task: Task) -> Findings:
    """The rules that stand for this request's fields stand as `validate` tags in the .pb.go too."""
    path = task.layout.validations
    if path is None:
        return ()
    found = standing(task.tree, path)
    lacking = untagged(task, found)
    return tuple(
        Finding("P201", f"{name} lacks the validate tag {rule!r}", file, line, step="validate",
                endpoint=task.endpoint.id, mends="generate", next=_next(task))
        for name, rule, file, line in lacking
    )  # fmt: skip


def generates(task: Task) -> Command | None:
    """The checkout's generator, which writes the tags."""
    return generate_command(task.tree, task.layout)


def waived(task: Task) -> str | None:
    """A checkout that keeps no rules."""
    return "this checkout has no validations.go" if task.layout.validations is None else None


STEP = Step("validate", "Validate the request", plan, inspect, generates=generates, waived=waived)


def _ported(task: Task) -> bool:
    """Whether hand-written code is complete: then missing rules are findings of lint, not plans."""
    if service.existing(task) is None:
        return False
    return stub_of(task.tree, task.layout, task.endpoint) is None


def _next(task: Task) -> str:
    command = generates(task)
    return str(command) if command else "run the generator"
