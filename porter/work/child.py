"""One child process: started in a group of its own, its lines kept, its end made sure of."""

from __future__ import annotations

import codecs
import math
import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from porter.core.command import Command, Outcome
from porter.core.report import Sink
from porter.errors import EnvironmentFault
from porter.work import logs
from porter.work.processes import end

_DRAIN = 1.0
"""Seconds to go on reading after the process itself has ended."""
_PATIENT, _SOON = 0.2, 0.01
"""Seconds to wait for output; the less where it is closed and the end is near."""


class Child:
    """A process that runs a command, what it has said so far, and how it ended.

    `env` is its whole environment. `held`: it waits at its gate until it is released, and its
    limit counts from then. Raises EnvironmentFault where there is no such program.
    """

    def __init__(
        self, command: Command, root: Path, env: Mapping[str, str], sink: Sink, *, held: bool
    ) -> None:
        program = shutil.which(command.argv[0], path=env.get("PATH"))
        if program is None:
            raise missing(command.argv[0])
        self.command = command
        self._sink = sink
        self._lines: list[str] = []
        self._rest = ""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._silent = self._late = self._over = False
        self._seconds = 0.0
        self._log = logs.opened(command)
        theirs: int | None = None
        self._gate: int | None = None
        if held:  # a line opens the gate; the pipe's end says that we are gone
            theirs, self._gate = os.pipe()
        told = {command.gate: str(theirs)} if theirs is not None else {}
        self._started = time.monotonic()
        self._until = math.inf if held else self._started + command.limit
        try:
            self._process = subprocess.Popen(
                [program, *command.argv[1:]],
                cwd=root,
                env={**env, **told},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                bufsize=0,
                pass_fds=() if theirs is None else (theirs,),
            )
        finally:
            if theirs is not None:
                os.close(theirs)
        assert self._process.stdout is not None
        self._out = self._process.stdout

    def fileno(self) -> int:
        """Where its output comes from, for `select`."""
        return self._out.fileno()

    @property
    def silent(self) -> bool:
        """Whether it has closed its output: there is nothing to wait for but its end."""
        return self._silent

    @property
    def patience(self) -> float:
        """Seconds that may pass before the next `turn`."""
        return max(min(self._until - time.monotonic(), _SOON if self._silent else _PATIENT), 0)

    def release(self) -> None:
        """Let a held command begin its work."""
        gate, self._gate = self._gate, None
        if gate is not None:
            with suppress(BrokenPipeError):
                os.write(gate, b"\n")
            os.close(gate)
            self._until = time.monotonic() + self.command.limit

    def turn(self, *, ready: bool) -> bool:
        """Hand on what it has said; whether it is over, by itself or by its limit.

        A grandchild may hold the pipe open after the process itself has ended: that is no reason
        to wait for it.
        """
        ended = self._process.poll() is not None
        if ended:
            self._until = min(self._until, time.monotonic() + _DRAIN)
        if ready:
            self._read()
        past = time.monotonic() >= self._until
        over = past or (ended and (self._silent or not ready))
        if over and self._rest:
            self._keep(self._rest)
        self._late = past and not ended
        return over

    def end(self) -> None:
        """End what is left of it and its children, once."""
        if self._over:
            return
        self._over = True
        try:
            end(self._process)
        finally:
            self._out.close()
            gate, self._gate = self._gate, None
            if gate is not None:
                os.close(gate)
            if self._late:
                limit = f"{self.command.limit:g} s"
                self._keep(f"porter: ended after its limit of {limit}, with its children")
            if self._log is not None:
                self._log.close()
            self._seconds = time.monotonic() - self._started

    def outcome(self) -> Outcome:
        """What it did, after its end."""
        output = "".join(f"{line}\n" for line in self._lines)
        log = Path(self._log.name) if self._log is not None else None
        code = self._process.returncode
        return Outcome(self.command, code, output, self._seconds, log, self._late)

    def _read(self) -> None:
        data = os.read(self.fileno(), 65536)
        if not data:
            self._silent = True
            return
        *lines, self._rest = re.split(r"\r?\n|\r(?!\n)", self._rest + self._decode(data))
        for line in lines:
            self._keep(line)

    def _keep(self, line: str) -> None:
        self._lines.append(line)
        if self._log is not None:
            with suppress(OSError, ValueError):
                self._log.write(f"{line}\n".encode())
                self._log.flush()
        self._sink(line)


def missing(program: str) -> EnvironmentFault:
    """The error for a program that is not there."""
    return EnvironmentFault(f"{program} is not installed", next="porter doctor --fix")
