"""Logs: all that a command printed, one file a run, the newest of them kept in the cache."""

from __future__ import annotations

import re
import time
from typing import BinaryIO

from porter.core.command import Command
from porter.work import cache

_KEPT = 60


def opened(command: Command) -> BinaryIO | None:
    """A new log for a run of the command, None where the cache cannot be written."""
    folder = cache.folder("logs")
    cache.keep_newest(folder, _KEPT)
    name = re.sub(r"[^A-Za-z0-9]+", "-", " ".join(command.argv))[:40].strip("-")
    stamp = time.strftime("%Y%m%d-%H%M%S")
    try:
        return (folder / f"{stamp}-{time.monotonic_ns() % 10**6:06d}-{name}.log").open("wb")
    except OSError:
        return None
