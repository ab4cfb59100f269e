"""Enable: the endpoint's line in endpoints.go, from which the generator makes route and export."""

from __future__ import annotations

from porter.core.command import Command
from porter.core.edits import apply
from porter.core.finding import Finding, Findings
from porter.core.plan import Change, Plan
from porter.core.step import Step
from porter.core.task import Task
from porter.source.checkout.enabling import enable
from porter.source.checkout.endpoints import is_enabled
from porter.source.checkout.generated import generate_command, missing
from porter.source.golang import parse


def plan(task: Task) -> Plan:
    """The endpoint's name under its service, put into force or inserted in the proto's order."""
    file = parse(task.tree, task.layout.endpoints)
    service = task.endpoint.service
    order = [e.name for e in task.catalog.endpoints if e.service == service]
    edits = enable(file, task.endpoint, order)
    if not edits:
        return Plan()
    return Plan((Change(file.path, file.source, apply(file.source, edits)),))


def inspect(task: Task) -> Findings:
    """The line stands, and so do route, interface method and FFI export in the generated files."""
    place = task.layout.endpoints
    if not is_enabled(task.tree, place, task.endpoint):
        text = f"{task.endpoint.service} does not list {task.endpoint.name}"
        return (Finding("P110", text, place, mends="plan"),)
    return tuple(
        Finding("P111", text, path, mends="generate", next=_next(task))
        for text, path in missing(task)
    )


def generates(task: Task) -> Command | None:
    """The checkout's generator."""
    return generate_command(task.tree, task.layout)


STEP = Step("enable", "Enable the endpoint", plan, inspect, generates=generates)


def _next(task: Task) -> str:
    command = generates(task)
    return str(command) if command else f"run the generator of {task.layout.generator_dir}"
