"""`porter doctor` in the terminal: one line a thing, what mends it beneath."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from porter.terminal.walk import next_text

# Name, state, found, wanted, next move, details.
Line = tuple[str, str, str, str, str | None, Sequence[str]]
STYLES = {"ok": "ok", "warn": "todo", "bad": "red"}


def show(console: Console, lines: Sequence[Line], move: str) -> None:
    """The report, and what to do next."""
    for name, state, found, wanted, mend, details in lines:
        text = Text.assemble((f"{state:<5} ", STYLES.get(state, "")), f"{name:<18} {found}")
        if wanted and state != "ok":
            text.append(f"   wanted: {wanted}")
        if mend and state != "ok":
            text.append(f"   next: {mend}", "quiet")
        console.print(text)
        for detail in details:
            console.print(Text(f"      {detail}", "quiet"))
    console.print(next_text((move,)))
