"""The guide: one chapter a step, found beside the code or inside an installed package."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from porter.errors import UsageError
from porter.shipped import shared

# Marks say where dev/guide writes what porter plans; a reader has no use for them.
_MARK = re.compile(r"^<!--.*-->\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its number, the slug of its step (`before-you-start` has none), title and text."""

    number: int
    slug: str
    title: str
    text: str


def chapters(folder: Path | None = None) -> tuple[Chapter, ...]:
    """All chapters in order."""
    found = []
    for path in sorted((folder or shared("guide")).glob("[0-9][0-9]-*.md")):
        number, _, slug = path.stem.partition("-")
        text = _MARK.sub("", path.read_text(encoding="utf-8"))
        found.append(Chapter(int(number), slug, text.splitlines()[0].removeprefix("# "), text))
    return tuple(found)


def chapter(name: str) -> Chapter:
    """The chapter of that number or slug. Raises UsageError with the names there are."""
    found = chapters()
    wanted = name.replace("-", "_").lower()
    for one in found:
        if wanted in (one.slug.replace("-", "_"), str(one.number), f"{one.number:02}"):
            return one
    names = ", ".join(one.slug for one in found)
    raise UsageError(f"no chapter {name}", next=f"porter guide CHAPTER, one of {names}")
