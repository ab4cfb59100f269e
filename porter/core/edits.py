"""Edits as values: trees find the place, byte offsets change it, and nothing else moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the bytes `start:end` of a file by `text`; an insertion has `start == end`."""

    start: int
    end: int
    text: bytes


def apply(source: bytes, edits: Iterable[Edit]) -> bytes:
    """`source` with disjoint edits made; inserted lines take the line endings of the file.

    Raises ValueError where edits overlap or reach outside the source: a bug of the caller.
    """
    newline = newline_of(source)
    out: list[bytes] = []
    at = 0
    for edit in sorted(edits):
        if edit.start < at or edit.end < edit.start or edit.end > len(source):
            raise ValueError(f"edits overlap or leave the file at byte {edit.start}")
        out += [source[at : edit.start], edit.text.replace(b"\r\n", b"\n").replace(b"\n", newline)]
        at = edit.end
    return b"".join([*out, source[at:]])


def newline_of(source: bytes) -> bytes:
    """The line ending a file is written with: that of its first line, else `\\n`."""
    first, found, _ = source.partition(b"\n")
    return b"\r\n" if found and first.endswith(b"\r") else b"\n"
