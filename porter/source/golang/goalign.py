"""The columns of composite literals as gofmt sets them, for the lines that an edit touches.

gofmt aligns the values of `key: value` lines that follow each other, each on a line of its own.
A comment line, a blank line, a value over several lines, or keys of very different length end such
a section (go/printer, nodes.go, `exprList`: keys over 40 bytes whose length differs from the
geometric mean of the section by a factor of 2.5).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from porter.core.edits import Edit
from porter.source.golang import Entry, GoFile, Literal, Span

_SMALL = 40
_THRESHOLD = 2.5


@dataclass(frozen=True, slots=True)
class _Row:
    """A `key: value` line: the columns of the key with its colon, and the blanks behind it.

    `size` is the key's bytes, 0 where the value goes over several lines. `note` are the blanks
    before a comment that ends the line, and `value` the columns of the value with its comma.
    """

    key: bytes
    width: int
    size: int
    gap: Span
    first: int
    last: int
    value: int = 0
    note: Span | None = None


_Path = tuple[str, ...]


def aligned(before: GoFile, after: GoFile) -> list[Edit]:
    """Edits of `after`: the padding of the sections that `before` has not with these very rows."""
    known = {(path, _rows(rows)) for path, rows in _all(before)}
    edits: list[Edit] = []
    for path, section in _all(after):
        if (path, _rows(section)) not in known:
            edits += _set(after, [(row.gap, row.width) for row in section])
            for run in _noted(section):
                edits += _set(after, [(row.note, row.value) for row in run if row.note])
    return edits


def _set(file: GoFile, cells: Sequence[tuple[Span, int]]) -> Iterator[Edit]:
    """The blanks behind cells of these widths, so that what follows stands in one column."""
    column = max((width for _, width in cells), default=0) + 1
    for gap, width in cells:
        blanks = b" " * (column - width)
        if file.source[gap.start : gap.end] != blanks:
            yield Edit(gap.start, gap.end, blanks)


def _noted(section: list[_Row]) -> Iterator[list[_Row]]:
    """Rows with a comment that follow each other: their comments share a column."""
    run: list[_Row] = []
    for row in section:
        if row.note is not None:
            run.append(row)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _all(file: GoFile) -> Iterator[tuple[_Path, list[_Row]]]:
    """The sections of all literals of a file, with the names that lead to the literal."""

    def inside(path: _Path, literal: Literal) -> Iterator[tuple[_Path, list[_Row]]]:
        for section in _sections(file, literal):
            yield path, section
        for entry in literal.entries:
            if entry.literal is not None:
                yield from inside((*path, entry.key or entry.value), entry.literal)

    for value in file.values:
        if value.literal is not None:
            yield from inside((value.name,), value.literal)


def _rows(section: list[_Row]) -> tuple[bytes, ...]:
    return tuple(row.key + b"#" * bool(row.note) for row in section)


def _sections(file: GoFile, literal: Literal) -> list[list[_Row]]:
    """Rows that share a column. A row over several lines that gofmt does not align stands alone."""
    sections: list[list[_Row]] = []
    line = file.line_of(literal.span.start)
    previous: _Row | None = None
    logs: list[float] = []
    for entry in literal.entries:
        row = _row(file, entry, line, literal)
        line = file.line_of(entry.span.end)
        if row is None:
            previous = None
            continue
        if previous is None or _broken(previous, row, logs):
            sections.append([row])
            logs = []
        elif previous.last != previous.first:
            sections.append([row])
        else:
            sections[-1].append(row)
        if row.size:
            logs.append(math.log(row.size))
        previous = row
    return sections


def _broken(before: _Row, row: _Row, logs: list[float]) -> bool:
    if before.last + 1 != row.first or not (before.size and row.size):
        return True
    if not logs or (before.size <= _SMALL and row.size <= _SMALL):
        return False
    ratio = row.size / math.exp(sum(logs) / len(logs))
    return ratio * _THRESHOLD <= 1 or ratio >= _THRESHOLD


def _row(file: GoFile, entry: Entry, line: int, literal: Literal) -> _Row | None:
    """The row of an entry, or None where it has no key or shares its line with the one before."""
    if entry.key is None or entry.line <= line:
        return None
    text = file.source[entry.span.start : entry.span.end]
    key = _key_length(text)
    value = text[key + 1 :].lstrip()
    gap = Span(entry.span.start + key + 1, entry.span.end - len(value))
    empty = entry.literal is not None and not entry.literal.entries
    fits = b"\n" not in value or empty
    width = len(text[:key].decode("utf-8", "replace")) + 1
    last = file.line_of(entry.span.end)
    note = next((c.span.start for c in literal.comments if c.line == last), None)
    comma = file.source.find(b",", entry.span.end, note) + 1 if note else 0
    behind = Span(comma, note) if note and comma else None
    columns = len(value.decode("utf-8", "replace")) + 1
    return _Row(text[:key], width, key if fits else 0, gap, entry.line, last, columns, behind)


def _key_length(text: bytes) -> int:
    """The bytes of the key before its colon: an identifier or a string without line breaks."""
    if text[:1] not in (b'"', b"`"):
        return text.index(b":")
    quote, at = text[:1], 1
    while text[at : at + 1] != quote:
        at += 2 if quote == b'"' and text[at : at + 1] == b"\\" else 1
    return at + 1
