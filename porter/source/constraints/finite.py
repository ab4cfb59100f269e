"""Fields of a proto enum hold one of a few values: a test of one can be answered value by value."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from porter.source.constraints.formulas import FALSE, TRUE, Atom, Formula
from porter.source.constraints.values import Ref

TEXT = frozenset({
    "strip", "lstrip", "rstrip", "lower", "upper", "casefold", "title", "removeprefix",
    "removesuffix", "replace", "capitalize", "swapcase",
})  # fmt: skip
"""Methods of a text that give a text."""
_SAME = frozenset({"int", "enum", "value"})
_FOLDS = frozenset({"strip", "lower", "upper", "casefold", "title", "capitalize", "swapcase"})


def among(ref: Ref, allowed: Collection[object]) -> Formula | None:
    """When an enum field, or what is made of it, is one of `allowed`; None where nobody knows."""
    held = _held(ref)
    if held is None:
        return None
    inside = [number for number, value in held.items() if value in allowed]
    if len(inside) == len(held):
        return TRUE
    if not inside:
        return FALSE
    if set(ref.ops) - {"Name", "name", *_SAME}:
        whole = replace(ref, ops=())
        return Atom("in", whole, tuple(inside), deps=frozenset((ref.path,)))
    return None


def _held(ref: Ref) -> dict[int, object] | None:
    """What a field's numbers become."""
    if ref.origin == "raw" or ref.many or not ref.enum:
        return None
    out: dict[int, object] = {}
    for name, number in ref.enum:
        value: object = number
        for op in ref.ops:
            if op in ("Name", "name"):
                value = name
            elif op in _FOLDS and isinstance(value, str):
                value = getattr(value, op)()
            elif op not in _SAME:
                return None
        out[number] = value
    return out
