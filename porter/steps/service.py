"""The service method: it mirrors the Python handler's store call."""

from __future__ import annotations

import posixpath

from porter.core.command import Command, Outcome
from porter.core.edits import apply
from porter.core.finding import Finding, Findings
from porter.core.plan import Change, Plan
from porter.core.proof import Covers, Proof, Verdict
from porter.core.step import Step
from porter.core.task import Task
from porter.source import goedit, service
from porter.source.goimports import Wanted, add_imports
from porter.source.golang import parse, parse_bytes
from porter.source.placement import asked, service_file
from porter.source.render import render
from porter.source.signatures import mirror


def plan(task: Task) -> Plan:
    """The method, its imports, the file where it is new, and the entities that are missing."""
    if waived(task) or service.existing(task):
        return Plan()
    made = service.method(task)
    place = service_file(task)
    before = task.tree.read(place)
    after = _new_file(task, place, made) if before is None else _into(task, place, made)
    return Plan((Change(place, before, after),), asked(task), made.notes)


def inspect(task: Task) -> Findings:
    """The method stands and calls the store method that the handler's call becomes."""
    if waived(task):
        return ()
    found = service.existing(task)
    if found is None:
        text = f"{task.service.go_name} has no method {task.endpoint.method}"
        return (Finding("P501", text, task.service.dir, mends="plan"),)
    path, method = found
    expected = mirror(task)
    calls = service.store_calls(task, path, method)
    if expected is None or expected.signature.name in calls:
        return ()
    called = ", ".join(calls) or "nothing"
    text = f"{method.name} calls {called} of the store, Python's handler {expected.signature.name}"
    return (Finding("P502", text, path, method.line, severity="warning"),)


def prove(task: Task) -> tuple[Proof, ...]:
    """gofmt on the method's file."""
    found = service.existing(task)
    if waived(task) or found is None:
        return ()
    path = found[0]
    command = Command(("gofmt", "-l", path), why="the file is formatted")
    return (Proof("gofmt", command, Covers(files=(path,)), _formatted),)


def waived(task: Task) -> str | None:
    """A checkout that has no folder for the service's methods."""
    if task.service.dir is None:
        return f"this checkout has no {task.service.go_name}"
    return None


STEP = Step("service", "The service method", plan, inspect, prove=prove, waived=waived)


def _formatted(outcome: Outcome) -> Verdict:
    names = outcome.output.split()
    if not outcome.ok:
        return Verdict(False, "gofmt failed", details=tuple(outcome.output.splitlines()[-20:]))
    findings = tuple(
        Finding("P503", f"{name} is not gofmt-clean", name, next=f"gofmt -w {name}")
        for name in names
    )
    return Verdict(not names, "gofmt" if not names else "not gofmt-clean", findings)


def _into(task: Task, place: str, made: service.Method) -> bytes:
    file = parse(task.tree, place)
    wanted = [Wanted(path) for path in made.imports]
    edits = goedit.merged(
        file, add_imports(file, wanted, task.layout.module), goedit.append(file, made.text)
    )
    return apply(file.source, edits)


def _new_file(task: Task, place: str, made: service.Method) -> bytes:
    own = task.layout.module.split("/")[0]
    standard = [p for p in made.imports if "." not in p.split("/")[0]]
    others = [p for p in made.imports if p not in standard]
    assert own
    text = render(
        "service_file.go",
        package=posixpath.basename(posixpath.dirname(place)),
        imports=[group for group in (standard, others) if group],
        method=made.text,
    )
    content = text.encode() + b"\n"
    parse_bytes(content, place)
    return content
