"""Processes: the only place that starts one, and the one that makes sure none is left behind."""

from __future__ import annotations

import codecs
import os
import re
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from porter.core.command import Command, Outcome
from porter.errors import CommandFailed, EnvironmentFault
from porter.work import cache, disk_full
from porter.work.processes import end, ended_with_us

Sink = Callable[[str], None]
LAST = 20
_KEPT_LOGS = 60
_DRAIN = 1.0
"""Seconds to go on reading after the process itself has ended."""


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

    `env` is the whole environment, to which the command's own is added. The process gets a group
    of its own; past `command.limit` seconds, on Ctrl-C (raised again) and after its end, whatever
    is left of the group is ended. Raises EnvironmentFault where there is no such program, or where
    it fails because the disk is full.
    """
    with tempfile.TemporaryDirectory(prefix="porter-report-") as folder:
        told = {command.report: str(Path(folder, "report"))} if command.report else {}
        full = {**env, **dict(command.env), **told}
        if command.python_path:
            paths = (command.python_path, full.get("PYTHONPATH", ""))
            full["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        outcome = _run(command, root, full, sink)
        parts = sorted(Path(folder).iterdir()) if command.report else []
        report = "".join(part.read_text(encoding="utf-8", errors="replace") for part in parts)
    disk_full.refuse(command.argv[0], outcome.code, outcome.output)
    return replace(outcome, report=report)


def _run(command: Command, root: Path, full: Mapping[str, str], sink: Sink) -> Outcome:
    program = shutil.which(command.argv[0], path=full.get("PATH"))
    if program is None:
        raise missing(command.argv[0])
    started = time.monotonic()
    log = _open_log(command)
    lines: list[str] = []

    def keep(line: str) -> None:
        lines.append(line)
        if log is not None:
            with suppress(OSError, ValueError):
                log.write(f"{line}\n".encode())
                log.flush()
        sink(line)

    try:
        code, timed_out = _follow([program, *command.argv[1:]], root, full, command.limit, keep)
        if timed_out:
            keep(f"porter: ended after its limit of {command.limit:g} s, with its children")
    finally:
        if log is not None:
            log.close()
    output = "".join(f"{line}\n" for line in lines)
    path = Path(log.name) if log is not None else None
    return Outcome(command, code, output, time.monotonic() - started, path, timed_out)


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


def missing(program: str) -> EnvironmentFault:
    """The error for a program that is not there."""
    return EnvironmentFault(f"{program} is not installed", next="porter doctor --fix")


def _follow(
    argv: list[str], root: Path, env: Mapping[str, str], limit: float, keep: Sink
) -> tuple[int, bool]:
    """Run the process and hand on its lines; its exit code, and whether the limit ended it."""
    with (
        ended_with_us(),
        subprocess.Popen(
            argv,
            cwd=root,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            bufsize=0,
        ) as process,
    ):
        try:
            late = not _read(process, time.monotonic() + limit, keep)
        finally:
            end(process)
    return process.returncode, late


def _read(process: subprocess.Popen[bytes], until: float, keep: Sink) -> bool:
    """Hand on lines until the process has ended; False where the time ran out first.

    A grandchild may hold the pipe open after the process itself has ended: that is no reason to
    wait for it.
    """
    assert process.stdout is not None
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    rest = ""
    while (left := until - time.monotonic()) > 0:
        ready, _, _ = select.select([process.stdout], [], [], min(left, 0.2))
        if process.poll() is not None:
            until = min(until, time.monotonic() + _DRAIN)
        if not ready:
            if process.returncode is not None:
                break
            continue
        data = os.read(process.stdout.fileno(), 65536)
        if not data:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(until - time.monotonic(), 0))
            break
        *lines, rest = re.split(r"\r?\n|\r(?!\n)", rest + decode(data))
        for line in lines:
            keep(line)
    if rest:
        keep(rest)
    return process.poll() is not None


def _open_log(command: Command) -> BinaryIO | None:
    logs = cache.folder("logs")
    cache.keep_newest(logs, _KEPT_LOGS)
    name = re.sub(r"[^A-Za-z0-9]+", "-", " ".join(command.argv))[:40].strip("-")
    stamp = time.strftime("%Y%m%d-%H%M%S")
    try:
        return (logs / f"{stamp}-{time.monotonic_ns() % 10**6:06d}-{name}.log").open("wb")
    except OSError:
        return None
