"""A full disk, told from what a process says: it is no verdict about the port."""

from __future__ import annotations

import errno
import re

from porter.errors import EnvironmentFault

UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""What the system answers where nothing can be written any more."""
MOVE = "free the disk, or set TMPDIR and PORTER_CACHE to folders with room, then run it again"
_SAYS = re.compile(
    r"^.*(?:no space left on device|disk quota exceeded|database or disk is full).*$",
    re.IGNORECASE | re.MULTILINE,
)
"""The texts of ENOSPC and EDQUOT (errno(3)) and of SQLITE_FULL (sqlite.org/rescode.html)."""


def refuse(program: str, code: int, output: str) -> None:
    """Raise EnvironmentFault where a process that failed says that the disk is full."""
    found = _SAYS.search(output) if code else None
    if found is not None:
        raise EnvironmentFault(f"{program} found the disk full: {found[0].strip()}", next=MOVE)
