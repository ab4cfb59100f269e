"""A tree of files to read from: the disk, a dict in a test, or a plan laid over either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Protocol


class View(Protocol):
    """Read-only and unchanging while it is held: parsed facts may be remembered per view."""

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None where there is no such file."""

    def files(self, folder: str, suffix: str = "", *, deep: bool = False) -> tuple[str, ...]:
        """Sorted paths of the files in `folder` ("" is the root) ending in `suffix`."""

    def __hash__(self) -> int:
        """By identity: what is remembered per view is remembered for this very object."""

    def where(self, path: str) -> str:
        """How to name the file to a person: relative to the root that they know."""


@dataclass(frozen=True, eq=False)
class Memory:
    """A tree that lives in a dict, for tests and examples."""

    contents: Mapping[str, bytes]

    def read(self, path: str) -> bytes | None:
        """See `View`."""
        return self.contents.get(path)

    def files(self, folder: str, suffix: str = "", *, deep: bool = False) -> tuple[str, ...]:
        """See `View`."""
        return tuple(sorted(p for p in self.contents if within(p, folder, suffix, deep=deep)))

    def where(self, path: str) -> str:
        """See `View`."""
        return path


@dataclass(frozen=True, eq=False)
class Overlay:
    """A plan's outcome laid over a tree, so that the next step can be planned before writing."""

    base: View
    changed: Mapping[str, bytes] = field(default_factory=dict)

    def read(self, path: str) -> bytes | None:
        """See `View`."""
        return self.changed[path] if path in self.changed else self.base.read(path)

    def files(self, folder: str, suffix: str = "", *, deep: bool = False) -> tuple[str, ...]:
        """See `View`."""
        added = {p for p in self.changed if within(p, folder, suffix, deep=deep)}
        return tuple(sorted(added | set(self.base.files(folder, suffix, deep=deep))))

    def where(self, path: str) -> str:
        """See `View`."""
        return self.base.where(path)


def within(path: str, folder: str, suffix: str, *, deep: bool) -> bool:
    """Whether `path` is a file of `folder` (with `deep`, at any depth) that ends in `suffix`."""
    parent = "" if (text := str(PurePosixPath(path).parent)) == "." else text
    inside = parent == folder or (deep and (not folder or parent.startswith(folder + "/")))
    return inside and path.endswith(suffix)
