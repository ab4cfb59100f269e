"""`go build` and `go vet` as proofs: the compiler's messages become findings with file and line."""

from __future__ import annotations

from porter.core.command import Command, Outcome
from porter.core.finding import Finding
from porter.core.gomessages import messages
from porter.core.proof import GO, Proof, Verdict
from porter.core.task import Task

_LAST = 20


def build(task: Task, step: str = "") -> Proof:
    """`go build ./...` over the whole checkout."""
    command = Command(("go", "build", "./..."), why="everything compiles")
    own = _own(task)
    return Proof("go build", command, GO, lambda outcome: _read(outcome, "P130", step, own))


def vet(task: Task, step: str = "") -> Proof:
    """`go vet ./...`, which also compiles the tests and with them the mocks."""
    command = Command(("go", "vet", "./..."), why="everything compiles, tests and mocks included")
    own = _own(task)
    return Proof("go vet", command, GO, lambda outcome: _read(outcome, "P131", step, own))


def _own(task: Task) -> tuple[str, ...]:
    """The folders that a port writes into, by hand or by generator."""
    layout, service = task.layout, task.service
    store = service.store
    places = [layout.contract_dir, layout.routes_dir, layout.lib_dir, layout.protos_dir]
    places += [layout.entities_dir or "", layout.generator_dir, service.dir or ""]
    places += [store.interface_dir, store.sql_dir, store.models_dir or ""] if store else []
    return tuple(f"{place}/" for place in places if place)


def _read(outcome: Outcome, code: str, step: str, own: tuple[str, ...]) -> Verdict:
    name = " ".join(outcome.command.argv[:2])
    if outcome.ok:
        return Verdict(True, name)
    findings = tuple(
        Finding(code, said.text, said.file, said.line, step=step, next=_move(said.file, own))
        for said in messages(outcome.output)
    )
    details = tuple(outcome.output.rstrip().splitlines()[-_LAST:])
    summary = f"{name} failed" + (f": {len(findings)} errors" if len(findings) > 1 else "")
    if not findings:
        last = details[-1] if details else "no output"
        findings = (Finding(code, f"{name} failed: {last}", step=step),)
    return Verdict(False, summary, findings, details)


def _move(file: str, own: tuple[str, ...]) -> str | None:
    """For a file that no port writes: the build is likely to have been broken before."""
    if file.startswith(own):
        return None
    return f"no port writes {file}: mend it first, or see with porter undo that it was so before"
