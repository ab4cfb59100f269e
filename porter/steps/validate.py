"""Validate: the rules of the request, reviewed one by one with the Python that they come from."""

from __future__ import annotations

from porter.core.command import Command
from porter.core.finding import Finding, Findings
from porter.core.plan import Plan, planned
from porter.core.step import Step
from porter.core.task import Task
from porter.source.checkout.generated import generate_command
from porter.source.checkout.stubs import stub_of
from porter.source.rules import review
from porter.source.rules.standing import standing, with_rules
from porter.source.scaffold import service


def plan(task: Task) -> Plan:
    """Keys of validations.go for what Python checks; each is a question until it is answered."""
    path = task.layout.validations
    if path is None or (_ported(task) and not task.rules):
        return Plan()
    wanted = review.wanted(task)
    questions = tuple(review.question(task, one) for one in wanted)
    answered = [(one, task.answers.to(q)) for one, q in zip(wanted, questions, strict=True)]
    chosen = [(one.rule.key, a.value) for one, a in answered if a is not None and a.value]
    open_ = tuple(q for (_, a), q in zip(answered, questions, strict=True) if a is None)
    notes = review.notes(task)
    if not chosen:
        return Plan(questions=open_, notes=notes)
    found = standing(task.tree, path)
    changes = planned({path: found.file.source}, {path: with_rules(found, chosen)})
    return Plan(changes, open_, notes)


def inspect(task: Task) -> Findings:
    """The rules that stand for this request's fields stand as `validate` tags in the .pb.go too."""
    path = task.layout.validations
    if path is None:
        return ()
    found = standing(task.tree, path)
    lacking = review.untagged(task, found)
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
