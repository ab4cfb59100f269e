"""What a walk says while it goes: rows, diffs and stops as values, and who shows them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from porter.core.command import Command
from porter.core.endpoint import Endpoint
from porter.core.finding import Finding, Note
from porter.core.plan import Plan
from porter.core.question import Evidence, Questioner

State = Literal[
    "ok", "todo", "ask", "YOU", "wait", "red", "not proven", "not linted", "n/a", "–", "cut off"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one step of one endpoint stands. `open` counts questions nobody answered."""

    state: State
    detail: str = ""
    open: int = 0
    findings: tuple[Finding, ...] = ()

    def __str__(self) -> str:
        return f"ok, {self.open} open" if self.state == "ok" and self.open else self.state


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the walk's screen: the step's number and slug, and its cell."""

    number: int
    slug: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Heading:
    """The line above a walk: the endpoint, its route, and where Python answers it."""

    endpoint: Endpoint
    places: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of a walk: the exit code, why, and what to type next."""

    exit: int
    reason: str
    next: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Row, ...]], ...] = ()
    """Rows by endpoint id."""
    defaults: tuple[str, ...] = ()
    """Questions whose default was taken or that were left open, so that nothing is silent."""


Sink = Callable[[str], None]


class Reporter(Questioner, Protocol):
    """Who watches a walk and answers its questions."""

    def heading(self, heading: Heading) -> None:
        """A walk of this endpoint begins."""

    def plan(self, step: str, plan: Plan) -> None:
        """These changes are about to be written."""

    def running(self, command: Command) -> AbstractContextManager[Sink]:
        """A command runs; each line it prints goes to the sink."""

    def row(self, row: Row, name: str = "") -> None:
        """A step has come to rest; `name` is the endpoint's where several are walked."""

    def note(self, note: Note) -> None:
        """Something to know."""

    def say(self, text: str) -> None:
        """One line about progress."""

    def stop(self, stop: Stop) -> None:
        """The walk ends here."""
