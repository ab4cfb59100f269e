"""The SQL itself: a person's work. Done when the stub is gone and the Go builds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from porter.core.command import Command, Outcome
from porter.core.finding import Finding, Findings
from porter.core.gomessages import messages
from porter.core.proof import GO, Proof, Verdict
from porter.core.step import Step
from porter.core.task import Task
from porter.source.checkout.storemethod import in_sql, standing_signature
from porter.source.checkout.stubs import stub_of
from porter.source.golang import parse
from porter.source.rules.offers import unwritten

_SHOWN = 20
_EMPTY = re.compile(r"\{\s*return(?:\s+(?:nil|\"\"|0|false)(?:,\s*(?:nil|\"\"|0|false))*)?\s*\}")
"""A body that answers success and does nothing: tests can pass by it wrongly."""


def inspect(task: Task) -> Findings:
    """The store's method stands and does something, and so does every validator of the request."""
    if waived(task):
        return ()
    validators = tuple(_validators(task))
    stub = stub_of(task.tree, task.layout, task.endpoint)
    if stub is not None:
        text = f'{stub.func.name} only answers "not implemented"'
        return (_unwritten(task, "P801", text, stub.path, stub.line), *validators)
    empty = _empty(task)
    return (empty, *validators) if empty else validators


def prove(task: Task) -> tuple[Proof, ...]:
    """`go build ./...`."""
    command = Command(("go", "build", "./..."), why="all of the Go builds", limit=900)
    return (Proof("go build", command, GO, _built),)


def waived(task: Task) -> str | None:
    """A service without a store has no SQL to write; a stub of its own is yours all the same."""
    stub = stub_of(task.tree, task.layout, task.endpoint)
    if task.service.store is None and not stub and not any(_validators(task)):
        return f"{task.service.go_name} has no store"
    return None


STEP = Step("implement", "The SQL", inspect=inspect, prove=prove, waived=waived, yours=True)


def _validators(task: Task) -> Iterator[Finding]:
    """Validators of the request's rules that are still as porter scaffolded them."""
    for key, tag, path, line in unwritten(task):
        text = f"the validator {tag} of {key} is not written: it refuses every value"
        yield _unwritten(task, "P804", text, path, line)


def _empty(task: Task) -> Finding | None:
    """A method that returns at once, as if all were well."""
    wanted, store = standing_signature(task), task.service.store
    found = in_sql(task.tree, store, wanted.name) if wanted and store else None
    if found is None or found.func.body is None:
        return None
    text = parse(task.tree, found.path).text(found.func.body)
    if not _EMPTY.fullmatch(text):
        return None
    said = f"{found.func.name} does nothing and answers success"
    return _unwritten(task, "P802", said, found.path, found.line)


def _unwritten(task: Task, code: str, text: str, path: str, line: int) -> Finding:
    move = f"porter brief {task.spelling}"
    return Finding(code, text, path, line, step="implement", endpoint=task.endpoint.id, next=move)


def _built(outcome: Outcome) -> Verdict:
    if outcome.ok:
        return Verdict(True, "go build")
    found = tuple(Finding("P803", m.text, m.file, m.line) for m in messages(outcome.output))
    findings = found or (Finding("P803", "the Go does not build"),)
    return Verdict(
        False, "the Go does not build", findings, tuple(outcome.output.splitlines()[-_SHOWN:])
    )
