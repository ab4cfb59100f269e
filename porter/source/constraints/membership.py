"""`x in y`: a field among constants, a name among fields, an item in what was gathered."""

from __future__ import annotations

from dataclasses import replace

from porter.source.constraints import finite, truth
from porter.source.constraints.formulas import FALSE, TRUE, Formula
from porter.source.constraints.values import (
    Dict,
    External,
    Ref,
    Seq,
    Unknown,
    Value,
    deps,
    mixed,
    plain,
    pure,
)


def contained(left: Value, right: Value, mine: object, other: object, at: str) -> Formula:
    """When `left in right` holds; `mine` and `other` are what they are as constants."""
    if right == External("sys.modules") or _empty(right):
        return FALSE
    if isinstance(left, Ref) and isinstance(other, tuple | frozenset | set | list):
        found = finite.among(left, other)
        return (
            found if found is not None else truth.atom("in", left, tuple(sorted(other, key=repr)))
        )
    if isinstance(left, Ref) and isinstance(other, str):
        return truth.unknown(mixed(at, left))
    if isinstance(right, Dict):
        if mine is not ... and mine in right.known:
            return TRUE
        if isinstance(left, Ref) and right.known and not right.pairs and not right.rest:
            return truth.atom("in", left, tuple(sorted(_spelt(left, right), key=repr)))
        if any(isinstance(k, Ref) and k == left for _, k, _ in right.pairs):
            return truth.atom("dup", left) if isinstance(left, Ref) else FALSE
        if mine is not ... and not right.pairs and not right.rest:
            return FALSE
    inside = [v for _, v in right.items] if isinstance(right, Seq) else []
    if isinstance(left, Ref) and any(isinstance(v, Ref) and v.path == left.path for v in inside):
        return truth.atom("dup", left)
    if isinstance(right, Ref) and mine is not ...:
        return _has(right, mine)
    both_pure = pure(left) and pure(right)
    found = truth.unknown(Unknown(deps(left) | deps(right), both_pure, at))
    return replace(found, ref=left) if isinstance(left, Ref) and left.path else found


def _has(whole: Ref, name: object) -> Formula:
    """`"name" in message`, which asks whether the JSON gives a field; or an item in a list."""
    field = whole.message.field(str(name)) if whole.message is not None else None
    if field is None or whole.many or whole.ops:
        return (
            FALSE
            if not whole.path and whole.message is not None
            else truth.atom("has", whole, name)
        )
    path = f"{whole.path}.{name}".lstrip(".")
    return truth.atom("present", Ref(path, whole.origin, field.repeated, field=field))


def _spelt(left: Ref, right: Dict) -> list[object]:
    """The keys of a dict; where they are its own values in small letters, those values."""
    values = [plain(v) for v in right.known.values()]
    keys = list(right.known)
    small = left.ops[-1:] == ("lower",) and all(isinstance(v, str) for v in values)
    return values if small and [str(v).lower() for v in values] == keys else keys


def _empty(value: Value) -> bool:
    match value:
        case Seq():
            return value.exact and not value.items
        case Dict():
            return not (value.known or value.pairs or value.rest)
        case _:
            return False
