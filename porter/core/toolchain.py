"""The tools a tree was made with, as values: what is wanted and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tool = Literal["go", "protoc", "protoc-gen-go", "mage", "mockery"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A tool with the version that a tree asks for, and where it says so.

    `others` are further versions that the same kind of place names: headers that disagree.
    """

    tool: Tool
    version: str
    source: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A tool as it is on this machine; `version` None where it is there and does not say."""

    tool: Tool
    path: str
    version: str | None


def fits(wanted: Wanted, version: str | None) -> bool:
    """Whether a version serves: the exact one, and for Go any patch of the same minor.

    Go 1.23 serves a `go 1.22` tree as well (measured: it regenerates one with no line changed),
    while 1.26 cannot compile the mockery of that time.
    """
    if version is None:
        return False
    if wanted.tool != "go":
        return version == wanted.version
    have, want = minor(version), minor(wanted.version)
    return have == want or (want[0] == have[0] and have[1] == want[1] + 1)


def minor(version: str) -> tuple[int, int]:
    """`1.23.9` → (1, 23)."""
    parts = version.split(".")
    return int(parts[0]), int("".join(c for c in parts[1] if c.isdigit()) or 0)
