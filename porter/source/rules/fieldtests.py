"""Tests of one value as Python makes them: which are understood, whether a value meets one, and
values to try it with.

A test is an atom of the inference; here it is asked of values, so that the rows of a Go test are
what Python says and not what the Go says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from porter.core.endpoint import Field

if TYPE_CHECKING:
    from porter.source.constraints.formulas import Atom

    Way = tuple[Atom, ...]
    """Tests that together refuse a value."""

INTEGERS = ("int32", "int64")
_OPS = frozenset({"truthy", "eq", "in", "match", "starts", "ends", "has", "lt", "le"})
_THROUGH: dict[str, Callable[[str], str]] = {
    "lower": str.lower, "upper": str.upper, "strip": str.strip,
}  # fmt: skip
_RE2_LACKS = re.compile(r"\(\?|\\[1-9AbBDsSWZ]|[*+?}][+?]")
"""What Go's regular expressions lack or read in another way."""
_PIECE = re.compile(r"\[(?:[^\]\\]|\\.)+\]|\\.|[^\\\[\](){}|*+?^$.]")
_COUNT = re.compile(r"[*+?]|\{(\d+)(?:,\d*)?\}")


def understood(atom: Atom, field: Field) -> bool:
    """Whether the test is one that Go can be written for."""
    ref = atom.ref
    if ref is None or atom.op not in _OPS:
        return False
    *through, last = ref.ops or ("",)
    measured = last == "len"
    changed = through if measured else [op for op in ref.ops if op]
    if field.kind in INTEGERS:
        return not ref.ops and isinstance(atom.arg, int | type(None)) and atom.op in _OF_NUMBERS
    if field.kind != "string" or set(changed) - set(_THROUGH):
        return False
    if measured:
        return isinstance(atom.arg, int) and atom.op in ("lt", "le", "eq")
    match atom.op:
        case "in":
            return isinstance(atom.arg, tuple) and all(isinstance(v, str) for v in atom.arg)
        case "match":
            return _plain(str(atom.arg))
        case "truthy":
            return True
        case "lt" | "le":
            return False
        case _:
            return isinstance(atom.arg, str)


def spelt(atom: Atom) -> Atom:
    """The test with the values that Python compares: the inference may show them as they are meant.

    `{stage.lower(): stage …}` is shown by its values, and what is looked up in it is in lower case.
    """
    op = atom.ref.ops[-1] if atom.ref is not None and atom.ref.ops else ""
    if atom.op != "in" or op not in _THROUGH or not isinstance(atom.arg, tuple):
        return atom
    return replace(atom, arg=tuple(_THROUGH[op](v) if isinstance(v, str) else v for v in atom.arg))


def refused(ways: tuple[Way, ...], value: str | int) -> bool:
    """Whether Python refuses the value."""
    return any(all(_holds(atom, value) == atom.positive for atom in way) for way in ways)


def candidates(ways: tuple[Way, ...], field: Field) -> list[str | int]:
    """Values on both sides of the tests, those of the tests themselves first."""
    found: list[str | int] = [v for way in ways for atom in way for v in _near(atom)]
    if field.kind == "string":
        found += ["a", "a-b", "a b", "a/b", "é"]
    return list(dict.fromkeys(found))


_OF_NUMBERS = frozenset({"truthy", "eq", "lt", "le"})


def _plain(pattern: str) -> bool:
    """Whether Go reads a pattern as Python's `match` does: anchored, and nothing that RE2 lacks."""
    if not pattern.startswith("^") or _RE2_LACKS.search(pattern) or "`" in pattern:
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _holds(atom: Atom, value: str | int) -> bool:
    assert atom.ref is not None
    for op in atom.ref.ops:
        value = len(str(value)) if op == "len" else _THROUGH[op](str(value))
    wanted = atom.arg
    match atom.op:
        case "truthy":
            return bool(value)
        case "eq":
            return value == wanted
        case "lt" | "le":
            assert isinstance(wanted, int) and isinstance(value, int)
            return value < wanted or (atom.op == "le" and value == wanted)
        case "in":
            assert isinstance(wanted, tuple)
            return value in wanted
    text, part = str(value), str(wanted)
    match atom.op:
        case "match":
            return re.match(part, text) is not None
        case "starts":
            return text.startswith(part)
        case "ends":
            return text.endswith(part)
        case _:
            return part in text


def _near(atom: Atom) -> Iterator[str | int]:
    """Values at the edge of a test."""
    assert atom.ref is not None
    folded = "lower" in atom.ref.ops
    match atom.op, atom.arg:
        case "match", pattern:
            yield from _matching(str(pattern))
        case "in", tuple(values):
            yield from (v.capitalize() if folded else v for v in values[:2])
            yield f"{values[0] if values else ''}x"
        case (("lt" | "le" | "eq"), int(bound)):
            near = (bound - 1, bound, bound + 1)
            yield from ("a" * n for n in near if n >= 0) if atom.ref.ops else near
        case "eq", str(text):
            yield from (text, text.upper()) if folded else (text,)
        case "starts", part:
            yield from (f"{part}a", f"a{part}")
        case "ends", part:
            yield from (f"a{part}", f"{part}a")
        case "has", part:
            yield f"a{part}b"
        case _:
            yield ""


def _matching(pattern: str) -> Iterator[str]:
    """A short text that a pattern without groups matches, where it can be read off."""
    text, at, inner = "", 0, pattern.strip("^$")
    while at < len(inner):
        piece = _PIECE.match(inner, at)
        if piece is None:
            return
        count = _COUNT.match(inner, piece.end())
        times = int(count[1]) if count and count[1] else 1
        text += _one(piece[0]) * times
        at = count.end() if count else piece.end()
    yield text


def _one(piece: str) -> str:
    """A character of a class, an escape or a literal."""
    if piece.startswith("["):
        return "" if piece[1] == "^" else _one(piece[1:3] if piece[1] == "\\" else piece[1])
    known = {r"\w": "a", r"\d": "1", r"\s": " ", r"\D": "a", r"\S": "a"}
    return known.get(piece, piece[-1])
