"""`check` and `lint` in the terminal: findings by place, proofs, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from porter.core.finding import Finding
from porter.core.proof import Verdict
from porter.terminal.walk import finding_text, next_text, shortened


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Findings grouped by endpoint, errors first; those of the whole tree last."""
    order = {"error": 0, "warning": 1}
    groups = dict.fromkeys(sorted({f.endpoint for f in findings if f.endpoint}))
    for group in [*groups, ""]:
        mine = [f for f in findings if f.endpoint == group]
        if mine:
            console.print(Text(group or "the tree", "bold"))
        for finding in sorted(mine, key=lambda f: (order[f.severity], f.code, f.place)):
            console.print(finding_text(finding, indent=2))


def show_proofs(console: Console, proofs: Sequence[tuple[str, str, Verdict]]) -> None:
    """One line a proof; the last lines of one that failed."""
    for name, command, verdict in proofs:
        state = ("ok  ", "ok") if verdict.ok else ("red ", "red")
        console.print(
            Text.assemble(state, f"{name:<16} {verdict.summary}  ", (shortened(command), "quiet"))
        )
        for line in verdict.details if not verdict.ok else ():
            console.print(Text(f"      {line}", "quiet"))


def show_end(
    console: Console, findings: Sequence[Finding], exit_: int, moves: Sequence[str]
) -> None:
    """How many errors and warnings, and the next move."""
    errors = sum(f.severity == "error" for f in findings)
    warnings = len(findings) - errors
    counts = (counted(errors, "error"), counted(warnings, "warning"))
    said = ", ".join(counts) if findings else "clean"
    console.print(f"{said} (exit {exit_})")
    console.print(next_text(tuple(moves)))


def counted(number: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {noun}" + "s" * (number != 1)
