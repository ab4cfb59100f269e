"""Ending a process with all its children, whatever happens to porter meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

GRACE = 5.0
"""Seconds between the polite signal and the one that cannot be ignored."""


def end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a process group: TERM, then KILL after `GRACE` seconds.

    The process must have been started with `start_new_session`. A second Ctrl-C while waiting
    goes straight to KILL.
    """
    try:
        if _signal(process.pid, signal.SIGTERM):
            until = time.monotonic() + GRACE
            while _alive(process) and time.monotonic() < until:
                time.sleep(0.02)
    finally:
        _signal(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def ended_with_us() -> Iterator[None]:
    """Take a TERM or HUP sent to porter as Ctrl-C, so that what runs is ended with it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, _interrupt) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def _interrupt(number: int, _: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt(signal.Signals(number).name)


def _signal(group: int, number: int) -> bool:
    """Signal a process group; whether anybody was there to hear it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False


def _alive(process: subprocess.Popen[bytes]) -> bool:
    """Whether anybody of the group is left; the leader is reaped so that it does not count."""
    process.poll()
    return _signal(process.pid, 0)
