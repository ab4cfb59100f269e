"""A process to run, as a value, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Command:
    """`argv` run at the checkout's root with the checkout's toolchain and `env` added.

    `python_path` is a folder that goes in front of what PYTHONPATH holds for it already.
    `why` is what a reader sees beside it; `limit` is the time after which it is ended, in seconds.
    `report` names the environment variable by which the command is told a file to report to.
    `gate` names the one by which it is told an open pipe where it waits before its work begins, so
    that it can get ready beside what it needs; a line lets it begin, the pipe's end says to leave.
    """

    argv: tuple[str, ...]
    why: str = ""
    env: tuple[tuple[str, str], ...] = ()
    python_path: str = ""
    limit: float = 1800.0
    report: str = ""
    gate: str = ""

    def __str__(self) -> str:
        return " ".join((*(f"{key}={value}" for key, value in self.env), *self.argv))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: stdout and stderr as they came, wall time in seconds.

    `report` is what it wrote to the file it was told of, "" where it was told none.
    """

    command: Command
    code: int
    output: str
    seconds: float
    log: Path | None = None
    timed_out: bool = False
    report: str = ""

    @property
    def ok(self) -> bool:
        """Whether the process ended with 0."""
        return self.code == 0
