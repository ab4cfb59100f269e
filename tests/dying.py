"""Whether a process has ended: for the tests that leave nothing running."""

from __future__ import annotations

import os
import select


def gone(pid: int) -> bool:
    """Whether a process ends within ten seconds: one that was killed needs a moment to die."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], 10)[0])
    finally:
        os.close(watched)
