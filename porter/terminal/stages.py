"""Long work in stages: what is being done, what it printed last, and how long each stage took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.text import Text

from porter.terminal.consoles import Consoles

LONG = 2.0
"""Seconds from which a stage's time is worth a word."""


class Stages:
    """Call it with what is being done; use the result as a context."""

    def __init__(self, consoles: Consoles) -> None:
        self.err = consoles.err
        self.spinner = self.err.is_terminal and consoles.interactive
        self.started = time.monotonic()

    @contextmanager
    def __call__(self, text: str) -> Iterator[Callable[[str], None]]:
        """One stage; the lines that it prints go to what it yields."""
        begun = time.monotonic()
        if self.spinner:
            with self.err.status(text) as status:
                yield lambda line: status.update(f"{text}  {line.strip()[:80]}")
        else:
            yield lambda _: None
        seconds = time.monotonic() - begun
        took = f"  {seconds:.0f} s" if seconds >= LONG else ""
        self.err.print(Text.assemble(("  ok  ", "ok"), text, (took, "quiet")))

    def total(self) -> None:
        """The time since the first stage."""
        self.err.print(Text(f"  {time.monotonic() - self.started:.0f} s in all", "quiet"))
