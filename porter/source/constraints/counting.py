"""`len`, `sum`, `int`, `dict` of what was gathered: a list made from a field counts as it."""

from __future__ import annotations

from dataclasses import replace

from porter.source.constraints import joins
from porter.source.constraints.formulas import TRUE as ALWAYS
from porter.source.constraints.formulas import Formula
from porter.source.constraints.values import (
    OPAQUE,
    Choice,
    Const,
    Dict,
    Ref,
    Seq,
    Value,
    mixed,
    plain,
)


def length(value: Value, at: str) -> Value:
    """`len(value)`; that of a list made from a repeated field is the field's."""
    match value:
        case Ref():
            return value.then("len")
        case Const() if isinstance(held := plain(value), str | bytes | tuple | list | dict):
            return Const(len(held))
        case Choice(options):
            return joins.choice([(c, length(v, at)) for c, v in options])
        case Seq() | Dict() if value.filled is not None:
            many = [a.ref for a in value.filled.atoms() if a.op == "truthy" and a.ref is not None]
            return many[0].then("len") if many and len(set(many)) == 1 else mixed(at, value)
        case Seq(exact=False, items=[(_, Ref() as one), *rest]) if _each(one, rest):
            return replace(one, many=True, ops=("len",))
        case Seq(exact=True) if all(c == ALWAYS for c, _ in value.items):
            return Const(len(value.items))
        case Dict() if not value.pairs and not value.rest:
            return Const(len(value.known))
        case _:
            return mixed(at, value)


def _each(one: Ref, rest: list[tuple[Formula, Value]]) -> bool:
    """Whether a list holds what was made of each element of one repeated field."""
    repeated = one.field is not None and one.field.repeated and not one.many
    return repeated and all(isinstance(v, Ref) and v.path == one.path for _, v in rest)


def total(numbers: tuple[object, ...]) -> Value:
    """`sum` of constants."""
    known = [n for n in numbers if isinstance(n, int | float)]
    return Const(sum(known)) if len(known) == len(numbers) else OPAQUE


def number(name: str, value: object) -> Value:
    """`int` or `float` of a constant."""
    assert isinstance(value, int | float | str)
    try:
        return Const(int(value) if name == "int" else float(value))
    except ValueError:
        return OPAQUE


def of_rows(rows: Seq) -> Value:
    """`dict(rows)` of rows that are pairs."""
    out = Dict(filled=rows.filled, born=rows.born)
    for when, row in rows.items:
        if not (isinstance(row, Seq) and row.exact and len(row.items) == 2):
            return mixed("dict", rows)
        (_, key), (_, value) = row.items
        known = plain(key)
        if rows.exact and isinstance(known, str):
            out.known[known] = value
        else:
            out.pairs.append((when, key, value))
    return out
