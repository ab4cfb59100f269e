"""Edits of Go files: the tree finds the place, byte offsets change it, and the outcome parses.

Every function returns edits of the file as it stands; a gofmt-clean file stays gofmt-clean, and no
byte moves that gofmt would not move.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

from porter.core.edits import Edit, apply
from porter.errors import SourceError
from porter.source.golang import (
    Comment,
    Entry,
    Func,
    GoFile,
    GoParam,
    Interface,
    Literal,
    Span,
    parse_bytes,
)
from porter.source.golang.goalign import aligned
from porter.source.golang.gosignature import declaration, multiline_style


def add_method(
    file: GoFile,
    interface: str,
    name: str,
    params: Sequence[GoParam],
    results: Sequence[str],
) -> list[Edit]:
    """Edits that add a method after the last one of an interface.

    Raises SourceError where the file has no interface of that name.
    """
    found = file.interface(interface)
    if found is None:
        raise SourceError(
            f"no interface {interface} in {file.where}",
            next=f"add {name} to the interface of the store by hand",
        )
    lead = _indent(file, found.span.start)
    text = declaration(
        name, params, results, indent=lead + "\t", style=multiline_style(file, found)
    )
    return checked(file, _into_interface(file, found, lead, text))


def append(file: GoFile, text: str) -> list[Edit]:
    """Edits that put a declaration at the end of a file, behind a blank line."""
    body = text.strip("\n").encode() + b"\n"
    stripped = file.source.rstrip()
    if file.source[len(stripped) :] in (b"\n", b"\r\n"):
        end = len(file.source)
        return checked(file, [Edit(end, end, b"\n" + body)])
    return checked(file, [Edit(len(stripped), len(file.source), b"\n\n" + body)])


def insert_after(file: GoFile, place: Func, text: str) -> list[Edit]:
    """Edits that put a declaration behind another one, with blank lines on both sides."""
    at = _line_end(file.source, place.span.end)
    lead = b"\n" if file.source[at - 1 : at] == b"\n" else b"\n\n"
    return checked(file, [Edit(at, at, lead + text.strip("\n").encode() + b"\n")])


def add_entry(
    file: GoFile, literal: Literal, key: str, value: str, *, after: Entry | None = None
) -> list[Edit]:
    """Edits that add `"key": value` to a map literal, behind its last entry or `after`.

    `value` is Go source. The column of the block it joins is kept as gofmt keeps it.
    """
    return add_element(file, literal, f"{quoted(key)}: {value}", after=after)


def add_element(
    file: GoFile, literal: Literal, text: str, *, after: Entry | Comment | None = None
) -> list[Edit]:
    """Edits that add an element to a composite literal, last or behind `after`, on its own line."""
    inside: list[Entry | Comment] = [*literal.entries, *literal.comments]
    inside.sort(key=lambda item: item.span.start)
    anchor = after if after is not None else (inside[-1] if inside else None)
    opening, closing = literal.span.start, literal.span.end - 1
    lead = _indent(file, opening)
    one_line = b"\n" not in file.source[opening:closing]
    if one_line:
        new = "\n".join(
            f"{lead}\t{piece},"
            for piece in _with(
                [file.text(entry.span) for entry in literal.entries], text, literal, after
            )
        )
        edits = [Edit(opening + 1, closing, f"\n{new}\n{lead}".encode())]
    elif anchor is None:
        at = _line_end(file.source, opening)
        edits = [Edit(at, at, f"{lead}\t{text},\n".encode())]
    else:
        edits = _behind(file, anchor, text)
    return _settled(file, edits)


def uncomment(file: GoFile, comment: Comment) -> list[Edit]:
    """Edits that put the text of a comment in a composite literal into force as it stands."""
    text = comment.text if comment.text.endswith(",") else f"{comment.text},"
    return _settled(file, [Edit(comment.span.start, comment.span.end, text.encode())])


def replace(file: GoFile, span: Span, text: str) -> list[Edit]:
    """Edits that put `text` in the place of a span, with literals aligned as gofmt does."""
    return _settled(file, [Edit(span.start, span.end, text.encode())])


def remove_entry(file: GoFile, literal: Literal, entry: Entry) -> list[Edit]:
    """Edits that take the line(s) of an entry out of the composite literal it stands in."""
    last = file.line_of(entry.span.end)
    if literal.entries == (entry,) and all(c.line == last for c in literal.comments):
        return _settled(file, [Edit(*literal.span, b"{}")])
    start = file.source.rfind(b"\n", 0, entry.span.start) + 1
    end = _line_end(file.source, entry.span.end)
    above = file.source[: max(0, start - 1)].rpartition(b"\n")[2].strip()
    below = file.source[end : _line_end(file.source, end)].strip()
    # gofmt has no two blank lines in a row and none before the closing brace.
    if not above and not below:
        end = _line_end(file.source, end)
    elif not above and below.startswith(b"}"):
        start = file.source.rfind(b"\n", 0, start - 1) + 1
    return _settled(file, [Edit(start, end, b"")])


def merged(file: GoFile, *steps: Iterable[Edit]) -> list[Edit]:
    """Several lists of disjoint edits of one file as one, checked together."""
    return checked(file, [edit for edits in steps for edit in edits])


def checked(file: GoFile, edits: list[Edit]) -> list[Edit]:
    """The edits, once it is sure that what they make parses: anything else is a bug of porter."""
    try:
        parse_bytes(apply(file.source, edits), file.path, file.where)
    except SourceError as error:
        raise AssertionError(f"an edit of {file.where} does not parse: {error}") from error
    return edits


def between(before: bytes, after: bytes) -> list[Edit]:
    """The smallest edits by lines, and within lines by their differing middle."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    offsets = [0]
    for line in old:
        offsets.append(offsets[-1] + len(line))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    edits = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            continue
        if tag == "replace" and j - i == m - k:
            for at in range(j - i):
                edits += list(_middle(offsets[i + at], old[i + at], new[k + at]))
        else:
            edits.append(Edit(offsets[i], offsets[j], b"".join(new[k:m])))
    return edits


def quoted(text: str) -> str:
    """A Go string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _middle(at: int, old: bytes, new: bytes) -> Iterator[Edit]:
    if old == new:
        return
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    yield Edit(at + head, at + len(old) - tail, new[head : len(new) - tail])


def _settled(file: GoFile, edits: list[Edit]) -> list[Edit]:
    """The edits and the changes of padding that gofmt would make on the lines they touch."""
    changed = apply(file.source, edits)
    after = parse_bytes(changed, file.path, file.where)
    final = apply(changed, aligned(file, after))
    return checked(file, between(file.source, final))


def _into_interface(file: GoFile, found: Interface, lead: str, text: str) -> list[Edit]:
    source, span = file.source, found.span
    opening = source.index(b"{", span.start)
    closing = span.end - 1
    if b"\n" not in source[opening:closing]:
        inner = source[opening + 1 : closing].decode().strip().rstrip(";")
        pieces = [piece.strip() for piece in inner.split(";")] if inner else []
        lines = "".join(f"\n{lead}\t{piece}" for piece in pieces)
        blank = "" if source[opening - 1 : opening] == b" " else " "
        new = f"{blank}{{{lines}\n{text}\n{lead}}}"
        return [Edit(opening, span.end, new.encode())]
    last = max((m.span.end for m in found.methods), default=None)
    if last is None:
        body = source[opening + 1 : closing].rstrip()
        last = opening + 1 + len(body)
    at = _line_end(source, last)
    return [Edit(at, at, f"{text}\n".encode())]


def _behind(file: GoFile, anchor: Entry | Comment, text: str) -> list[Edit]:
    """A line behind the anchor's, and the comma that its last element may lack."""
    lead = _indent(file, anchor.span.start)
    at = _line_end(file.source, anchor.span.end)
    edits = [Edit(at, at, f"{lead}{text},\n".encode())]
    rest = file.source[anchor.span.end : at].lstrip()
    if isinstance(anchor, Entry) and not rest.startswith(b","):
        edits.insert(0, Edit(anchor.span.end, anchor.span.end, b","))
    return edits


def _with(
    pieces: list[str], text: str, literal: Literal, after: Entry | Comment | None
) -> list[str]:
    at = literal.entries.index(after) + 1 if isinstance(after, Entry) else len(pieces)
    return [*pieces[:at], text, *pieces[at:]]


def _indent(file: GoFile, offset: int) -> str:
    """The blanks that the line of an offset begins with."""
    start = file.source.rfind(b"\n", 0, offset) + 1
    line = file.source[start:offset]
    return line[: len(line) - len(line.lstrip())].decode()


def _line_end(source: bytes, offset: int) -> int:
    """The offset behind the line break of the line that `offset` stands in."""
    found = source.find(b"\n", offset)
    return len(source) if found < 0 else found + 1
