"""Derived facts remembered with the files they were derived from: right, or made anew.

A `Disk` knows what was read and listed while a fact was made. The fact holds as long as each of
those files has the same content and each of those folders the same names.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from porter.work import cache
from porter.work.checkout import Disk
from porter.work.fingerprints import content_hash, file_hash

LINT = "lint"
"""The kind of what lint found, under the checkout's root."""
SETTLED = 2_000_000_000
"""Nanoseconds after which a file's time tells two contents apart, on coarse clocks too."""


def remembered(
    kind: str, key: Sequence[str], make: Callable[[], tuple[Any, Sequence[Disk]]]
) -> Any:  # noqa: ANN401
    """The fact (JSON) under `key` where all it was made from still stands, else made and kept.

    `make` gives the fact and the disks it was read from.
    """
    name = cache.digest([*key, cache.made_by()])
    known = _loaded(kind, name)
    if known is not None:
        return known[0]
    fact, disks = make()
    trees = [_tree(disk) for disk in disks]
    cache.store(kind, name, cast("cache.Json", {"trees": trees, "fact": fact}))
    return fact


def known(kind: str, key: Sequence[str]) -> Any | None:  # noqa: ANN401
    """The fact where it is remembered and holds, else None."""
    found = _loaded(kind, cache.digest([*key, cache.made_by()]))
    return found[0] if found is not None else None


def _loaded(kind: str, name: str) -> tuple[Any] | None:
    entry = cache.load(kind, name)
    if isinstance(entry, dict) and _holds(cast("Mapping[str, Any]", entry)):
        return (entry["fact"],)
    return None


def _tree(disk: Disk) -> dict[str, Any]:
    """What was read and listed on a disk."""
    files = {path: _stamp(disk.root / path, content) for path, content in disk.seen.items()}
    folders = [[folder, deep, _names(names)] for (folder, deep), names in disk.listed.items()]
    return {"root": str(disk.root), "files": files, "folders": folders}


def _holds(entry: Mapping[str, Any]) -> bool:
    for tree in entry["trees"]:
        root = Path(tree["root"])
        disk = Disk(root)
        for path, stamp in tree["files"].items():
            if not _same(root / path, stamp):
                return False
        for folder, deep, names in tree["folders"]:
            if _names(disk.files(folder, deep=deep)) != names:
                return False
    return True


def _stamp(path: Path, content: bytes | None) -> list[Any]:
    """Size, time and content of a file; the time of one just written tells nothing."""
    if content is None:
        return [0, 0, ""]
    try:
        written = path.stat().st_mtime_ns
    except OSError:
        written = 0
    old = time.time_ns() - written > SETTLED
    return [len(content), written if old else 0, content_hash(content)]


def _same(path: Path, stamp: list[Any]) -> bool:
    size, written, content = stamp
    try:
        stat = os.stat(path)  # noqa: PTH116 - three times as fast, and there are hundreds
    except OSError:
        return bool(content == "")
    if stat.st_size != size:
        return False
    return bool(stat.st_mtime_ns == written or file_hash(path) == content)


def _names(paths: Sequence[str]) -> str:
    return cache.digest(paths)
