"""Commands of a checkout, and the short ones that porter asks something of."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from porter.core.command import Command, Outcome
from porter.core.report import Sink
from porter.errors import CommandFailed, EnvironmentFault
from porter.work.child import missing
from porter.work.children import Children
from porter.work.processes import end, ended_with_us

LAST = 20


@dataclass(frozen=True, slots=True)
class Captured:
    """What a short command printed, stdout and stderr apart, as bytes."""

    code: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        """stdout as text without the last line ending."""
        return self.out.decode("utf-8", "replace").rstrip("\n")


def run(
    command: Command,
    root: Path,
    env: Mapping[str, str],
    *,
    sink: Sink = lambda _: None,
) -> Outcome:
    """Run a command of the checkout: each line of its output goes to `sink` and into a log.

    See `Children` for what becomes of the process. Raises EnvironmentFault where there is no such
    program, or where it fails because the disk is full.
    """
    with Children(root, env) as children:
        return children.wait(children.start(command, sink))


def capture(
    argv: Sequence[str],
    cwd: Path,
    *,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    limit: float = 120.0,
) -> Captured:
    """Run a short command (git, `go version`) quietly; `env` None is porter's own environment.

    Raises EnvironmentFault where there is no such program or it outlasts `limit` seconds.
    """
    program = shutil.which(argv[0], path=(env or os.environ).get("PATH"))
    if program is None:
        raise missing(argv[0])
    with (
        ended_with_us(),
        subprocess.Popen(
            [program, *argv[1:]],
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process,
    ):
        try:
            out, err = process.communicate(stdin, timeout=limit)
        except subprocess.TimeoutExpired:
            raise EnvironmentFault(
                f"{' '.join(argv)} did not end within {limit:g} s",
                next=f"run it yourself in {cwd}: {' '.join(argv)}",
            ) from None
        finally:
            end(process)
    return Captured(process.returncode, out, err)


def last_lines(output: str, count: int = LAST) -> tuple[str, ...]:
    """The last lines that say something, for a message or a verdict."""
    return tuple(line for line in output.splitlines() if line.strip())[-count:]


def failed(outcome: Outcome, *, next: str) -> CommandFailed:  # noqa: A002
    """The error for a command that ran and failed: its last lines and where the log is."""
    why = (
        f"did not end within {outcome.command.limit:g} s and was ended with its children"
        if outcome.timed_out
        else f"failed with exit code {outcome.code}"
    )
    tail = "\n".join(f"  {line}" for line in last_lines(outcome.output))
    log = f"\nthe whole output: {outcome.log}" if outcome.log else ""
    return CommandFailed(f"{outcome.command} {why}\n{tail}{log}".rstrip(), next=next)
