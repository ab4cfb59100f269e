"""Writing a file whole or not at all: the one way porter puts bytes on a disk."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, content: bytes, *, synced: bool = True) -> None:
    """Put `content` at `path` by a temporary file beside it and a rename.

    The file's own permissions are kept where there was one. A symbolic link is followed, so that
    it stays a link. `synced` waits for the disk. Raises OSError with nothing changed and nothing
    left behind.
    """
    mode = 0o666 & ~_umask()
    target = Path(os.path.realpath(path))
    if target.exists():
        mode = target.stat().st_mode & 0o7777
        if not os.access(target, os.W_OK):
            raise PermissionError(13, "the file is read-only", str(target))
    handle, name = tempfile.mkstemp(prefix=".porter-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if synced:
                os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def make_folders(path: Path) -> list[Path]:
    """Make `path` and what is missing above it; the folders that were made, deepest first."""
    made: list[Path] = []
    missing = [p for p in (path, *path.parents) if not p.exists()]
    try:
        for folder in reversed(missing):
            folder.mkdir()
            made.insert(0, folder)
    except OSError:
        remove_folders(made)
        raise
    return made


def remove_folders(folders: list[Path]) -> None:
    """Remove folders that are empty, deepest first; one that is not stays."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold back Ctrl-C and its kin while files are put back; it is heard afterwards."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
