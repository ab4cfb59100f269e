"""Values and names after a branch: what both ways agree on, else a choice between them."""

from __future__ import annotations

from porter.source.constraints.formulas import FALSE, TRUE, Formula, both, negate
from porter.source.constraints.values import OPAQUE, Choice, Value, opaque


def merged(test: Formula, then: dict[str, Value], other: dict[str, Value]) -> dict[str, Value]:
    """The names after a branch: what both sides agree on, else a choice."""
    out = dict(other)
    for name, value in then.items():
        if name not in other:
            out[name] = value
        elif other[name] is not value and other[name] != value:
            out[name] = choice([(test, value), (negate(test), other[name])])
    return out


def choice(options: list[tuple[Formula, Value]]) -> Value:
    """A choice, flat and without what cannot be; unknowns and too many options become one."""
    flat: list[tuple[Formula, Value]] = []
    for formula, value in options:
        inner = value.options if isinstance(value, Choice) else ((TRUE, value),)
        for more, one in inner:
            when = both((formula, more))
            if when != FALSE:
                flat.append((when, one))
    if not flat:
        return OPAQUE
    if all(value == flat[0][1] for _, value in flat):
        return flat[0][1]
    if len(flat) > 8 or sum(len(list(f.atoms())) for f, _ in flat) > 60:
        return opaque(*(v for _, v in flat))
    return Choice(tuple(flat))
