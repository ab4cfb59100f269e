"""Ending a process with all its children, whatever happens to porter meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NamedTuple, NoReturn

GRACE = 5.0
"""Seconds between the polite signal and the one that cannot be ignored."""

_Handler = Callable[[int, FrameType | None], None]


def end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a process group: TERM, then KILL after `GRACE` seconds.

    The process must have been started with `start_new_session`. Children that left the group are
    found by their parents (where there is a /proc). A second Ctrl-C while waiting goes straight
    to KILL.
    """
    strays = _descendants(process.pid) if process.poll() is None else []
    try:
        if _signal(process.pid, strays, signal.SIGTERM):
            until = time.monotonic() + GRACE
            while _alive(process, strays) and time.monotonic() < until:
                time.sleep(0.02)
    finally:
        _signal(process.pid, strays, signal.SIGKILL)
        process.wait()


@contextmanager
def ended_with_us() -> Iterator[None]:
    """Take a TERM or HUP sent to porter as Ctrl-C, so that what runs is ended with it.

    Where porter itself ignores Ctrl-C, as what a shell script starts with `&` does, its children do
    not: mlflow-go ends MLflow's server by it, and waits five seconds for one that does not hear.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = (signal.SIGTERM, signal.SIGHUP)
    handlers: dict[signal.Signals, _Handler] = dict.fromkeys(signals, _interrupt)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        handlers[signal.SIGINT] = _nothing  # a handler does not outlive exec, ignoring does
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Ignore a signal without handing that on to children."""


def _interrupt(number: int, _: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt(signal.Signals(number).name)


def _signal(group: int, strays: list[int], number: int) -> bool:
    """Signal a process group and its strays; whether anybody was there to hear it."""
    heard = False
    for send, whom in ((os.killpg, [group]), (os.kill, strays)):
        for pid in whom:
            with suppress(ProcessLookupError, PermissionError):
                send(pid, number)
                heard = True
    return heard


def _alive(process: subprocess.Popen[bytes], strays: list[int]) -> bool:
    """Whether anybody is left; who has ended and waits for a slow parent does not count."""
    process.poll()
    if not _signal(process.pid, strays, 0):
        return False
    table = _processes()
    mine = [one for one in table if one.group == process.pid or one.pid in strays]
    return not table or any(one.state != "Z" for one in mine)


def _descendants(pid: int) -> list[int]:
    """The processes below one that left its group."""
    table = _processes()
    found: list[int] = []
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        children = [one for one in table if one.parent == parent]
        waiting += [one.pid for one in children]
        found += [one.pid for one in children if one.group != pid]
    return found


class _Process(NamedTuple):
    pid: int
    state: str
    parent: int
    group: int


def _processes() -> list[_Process]:
    """The machine's processes, none where there is no /proc (proc(5), stat)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            text = entry.read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
            state, parent, group = text.split()[:3]
            found.append(_Process(int(entry.parent.name), state, int(parent), int(group)))
    return found
