"""`go build` and `go vet` as proofs: the compiler's messages become findings with file and line."""

from __future__ import annotations

import re

from porter.core.command import Command, Outcome
from porter.core.finding import Finding
from porter.core.proof import GO, Proof, Verdict

_MESSAGE = re.compile(r"^(?:vet: )?(?:\./)?([\w./\-@+]+\.go):(\d+)(?::\d+)?: (.+)$", re.MULTILINE)
_LAST = 20


def build(step: str = "") -> Proof:
    """`go build ./...` over the whole checkout."""
    command = Command(("go", "build", "./..."), why="everything compiles")
    return Proof("go build", command, GO, lambda outcome: _read(outcome, "P130", step))


def vet(step: str = "") -> Proof:
    """`go vet ./...`, which also compiles the tests and with them the mocks."""
    command = Command(("go", "vet", "./..."), why="everything compiles, tests and mocks included")
    return Proof("go vet", command, GO, lambda outcome: _read(outcome, "P131", step))


def _read(outcome: Outcome, code: str, step: str) -> Verdict:
    name = " ".join(outcome.command.argv[:2])
    if outcome.ok:
        return Verdict(True, name)
    findings = tuple(
        Finding(code, text.strip(), file, int(line), step=step)
        for file, line, text in dict.fromkeys(_MESSAGE.findall(outcome.output))
    )
    details = tuple(outcome.output.rstrip().splitlines()[-_LAST:])
    summary = f"{name} failed" + (f": {len(findings)} errors" if len(findings) > 1 else "")
    if not findings:
        last = details[-1] if details else "no output"
        findings = (Finding(code, f"{name} failed: {last}", step=step),)
    return Verdict(False, summary, findings, details)
