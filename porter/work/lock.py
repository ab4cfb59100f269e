"""One porter at a time on a work tree: the second waits, and says for whom."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from porter.errors import EnvironmentFault
from porter.work.git import own_folder


@dataclass(frozen=True, slots=True)
class Holder:
    """Who works on the checkout: process id, command, and since when (text)."""

    pid: int
    command: str
    since: str

    def __str__(self) -> str:
        return f"porter {self.command} (process {self.pid}, since {self.since})".replace("  ", " ")


@contextmanager
def locked(
    root: Path,
    command: str,
    *,
    wait: float = 0.0,
    waiting: Callable[[Holder], None] = lambda _: None,
) -> Iterator[None]:
    """Hold the checkout. Where another porter has it, wait up to `wait` seconds.

    `waiting` is told once who holds it. The lock ends with the process that holds it, so none is
    ever stale. Raises EnvironmentFault naming the holder when the time is up.
    """
    path = own_folder(root) / "lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b")
    except OSError as error:
        raise EnvironmentFault(
            f"{path.parent} cannot be written: {error.strerror}",
            next=f"make {path.parent.parent} writable",
        ) from error
    with file:
        _acquire(file.fileno(), path, wait, waiting)
        since = time.strftime("%H:%M:%S")
        file.truncate(0)
        file.write(json.dumps([os.getpid(), command, since]).encode())
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _acquire(file: int, path: Path, wait: float, waiting: Callable[[Holder], None]) -> None:
    until = time.monotonic() + wait
    told = False
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = _holder(path)
            if time.monotonic() >= until:
                raise EnvironmentFault(
                    f"this checkout is in use by {holder}",
                    next="wait until it ends, or end it, then run the same command again",
                ) from None
            if not told:
                waiting(holder)
                told = True
            time.sleep(0.05)


def _holder(path: Path) -> Holder:
    try:
        pid, command, since = json.loads(path.read_bytes())
        return Holder(pid, command, since)
    except (OSError, ValueError):
        return Holder(0, "", "just now")
