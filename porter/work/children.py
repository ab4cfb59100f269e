"""Child processes beside each other, and none of them left behind.

One thread follows them all, so that a sink is never called from two, and Ctrl-C ends every child.
"""

from __future__ import annotations

import os
import select
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from porter.core.command import Command, Outcome
from porter.core.report import Sink
from porter.work import disk_full
from porter.work.child import Child
from porter.work.processes import ended_with_us


class Children:
    """Commands of one checkout that run beside each other; leaving ends what still runs.

    `env` is the whole environment, to which each command's own is added. Each process gets a group
    of its own; past its limit, on Ctrl-C (raised again) and after its end, whatever is left of the
    group is ended.
    """

    def __init__(self, root: Path, env: Mapping[str, str]) -> None:
        self.root, self.env = root, env
        self._leaving = ExitStack()
        self._running: list[Child] = []
        self._reports: dict[Child, Path] = {}

    def __enter__(self) -> Children:
        self._leaving.enter_context(ended_with_us())
        return self

    def __exit__(self, *error: object) -> None:
        self._leaving.close()

    def start(self, command: Command, sink: Sink = lambda _: None, *, held: bool = False) -> Child:
        """Start a command: each line of its output goes to `sink` and into a log.

        One with a gate may be `held`: it gets ready, and does its work once it is released.
        Raises EnvironmentFault where there is no such program.
        """
        folder = tempfile.TemporaryDirectory(prefix="porter-report-")
        place = Path(self._leaving.enter_context(folder))
        env = _environment(command, self.env, place)
        child = Child(command, self.root, env, sink, held=held)
        self._leaving.callback(child.end)
        self._running.append(child)
        self._reports[child] = place
        return child

    @contextmanager
    def started(self, command: Command, sink: Sink) -> Iterator[Child]:
        """Start a command that is ended before the block is left."""
        child = self.start(command, sink)
        try:
            yield child
        finally:
            self.end(child)

    def wait(self, child: Child) -> Outcome:
        """Follow all of them until this one has ended.

        Raises EnvironmentFault where it failed because the disk is full.
        """
        while child in self._running:
            self.turn()
        outcome = child.outcome()
        disk_full.refuse(child.command.argv[0], outcome.code, outcome.output)
        return replace(outcome, report=_report(self._reports[child]))

    def end(self, child: Child) -> None:
        """End one of them now."""
        child.end()
        if child in self._running:
            self._running.remove(child)

    def turn(self) -> None:
        """Hand on what any of them has said, waiting a moment for it."""
        patience = min(each.patience for each in self._running)
        speaking = [each for each in self._running if not each.silent]
        ready, _, _ = select.select(speaking, [], [], patience)
        for each in tuple(self._running):
            if each.turn(ready=each in ready):
                self.end(each)


def _environment(command: Command, whole: Mapping[str, str], folder: Path) -> dict[str, str]:
    told = {command.report: str(folder / "report")} if command.report else {}
    env = {**whole, **dict(command.env), **told}
    if command.python_path:
        paths = (command.python_path, env.get("PYTHONPATH", ""))
        env["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return env


def _report(folder: Path) -> str:
    """What a command reported: its file, and those that its workers wrote beside it."""
    parts = sorted(folder.iterdir())
    return "".join(part.read_text(encoding="utf-8", errors="replace") for part in parts)
