"""The user's cache folder: derived facts keyed by content, never truth, deletable at any time.

Everything here works without it: where it cannot be read there is nothing remembered, where it
cannot be written nothing is kept, and what needs a folder at all costs gets a temporary one.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from porter import __version__
from porter.work.files import write_whole

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


def home() -> Path:
    """`PORTER_CACHE`, else `porter` in XDG_CACHE_HOME or ~/.cache. It may not exist."""
    if chosen := os.environ.get("PORTER_CACHE"):
        return Path(chosen).expanduser().resolve()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "porter"


@functools.cache
def made_by() -> str:
    """Which porter derives the facts: its version, and in a checkout of its own its files."""
    package = Path(__file__).parent.parent
    if (package / "_share").is_dir():
        return __version__
    stamps = [
        f"{path.name}{path.stat().st_mtime_ns}"
        for folder in (package, package.parent / "templates")
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".py", ".j2")
    ]
    return f"{__version__} {digest(stamps)}"


def folder(*parts: str) -> Path:
    """A folder that can be written: in the cache, else in a temporary one of this user."""
    for base in (home(), _fallback()):
        path = base.joinpath(*parts)
        with contextlib.suppress(OSError):
            path.mkdir(parents=True, exist_ok=True)
            if os.access(path, os.W_OK):
                return path
    return Path(tempfile.mkdtemp(prefix="porter-"))


def load(kind: str, key: str) -> Json:
    """What was stored under that key, or None; a damaged entry counts as none."""
    try:
        value: Json = json.loads(_entry(kind, key).read_bytes())
    except (OSError, ValueError):
        return None
    return value


def store(kind: str, key: str, value: Json) -> None:
    """Remember `value` (JSON); where the cache cannot be written it is simply not kept."""
    path = _entry(kind, key)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(value, separators=(",", ":")).encode(), synced=False)


def keep_report(text: str) -> Path | None:
    """Keep the traceback of a bug in porter; the file, or None where it cannot be kept."""
    import time

    path = folder("reports") / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    try:
        write_whole(path, text.encode("utf-8", "replace"))
    except OSError:
        return None
    return path


def digest(parts: Iterable[bytes | str]) -> str:
    """A hash of a sequence; parts are length-framed, so that no two sequences collide."""
    state = hashlib.blake2b(digest_size=20)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(b"%d:" % len(data) + data)
    return state.hexdigest()


def keep_newest(path: Path, count: int) -> None:
    """Delete all but the `count` newest files and folders in a folder of the cache."""
    import shutil

    with contextlib.suppress(OSError):
        entries = sorted(path.iterdir(), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in entries[count:]:
            if old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
            else:
                old.unlink(missing_ok=True)


def _entry(kind: str, key: str) -> Path:
    return home() / kind / key[:2] / f"{key}.json"


@functools.cache
def _fallback() -> Path:
    path = Path(tempfile.gettempdir()) / f"porter-{os.getuid()}"
    with contextlib.suppress(OSError):
        path.mkdir(mode=0o700, exist_ok=True)
        if path.stat().st_uid == os.getuid() and not path.is_symlink():
            return path
    return Path(tempfile.mkdtemp(prefix="porter-"))
