"""Values and names after a branch: what both ways agree on, else a choice between them."""

from __future__ import annotations

from porter.source.constraints import oneofs
from porter.source.constraints.formulas import FALSE, TRUE, Formula, both, cases, negate
from porter.source.constraints.values import NONE, OPAQUE, Choice, Instance, Value, opaque


def merged(test: Formula, then: dict[str, Value], other: dict[str, Value]) -> dict[str, Value]:
    """The names after a branch: what both sides agree on, else a choice."""
    out = dict(other)
    for name, value in then.items():
        if name not in other:
            out[name] = value
        elif other[name] is not value and other[name] != value:
            out[name] = choice([(test, value), (negate(test), other[name])])
    return out


def narrowed(names: dict[str, Value], test: Formula) -> dict[str, Value]:
    """The names where a test holds: of a choice between objects, those that are still possible."""
    out = dict(names)
    asked = {a.deps or a.arg for a in test.atoms()}
    for name, value in names.items():
        if not isinstance(value, Choice) or not any(_telling(v) for _, v in value.options):
            continue
        if any((a.deps or a.arg) in asked for c, _ in value.options for a in c.atoms()):
            kept = [(c, v) for c, v in value.options if _together(c, test)]
            if kept and len(kept) < len(value.options):
                out[name] = kept[0][1] if len(kept) == 1 else Choice(tuple(kept))
    return out


def widened(
    names: dict[str, Value], given: dict[str, Value], before: dict[str, Value]
) -> dict[str, Value]:
    """The names after a branch, where those that it left alone are what they were before."""
    return {
        name: before[name] if name in before and value is given.get(name) else value
        for name, value in names.items()
    }


def _telling(value: Value) -> bool:
    """Whether tests tell this value from others: an object, or None."""
    return isinstance(value, Instance) or value == NONE


def _together(first: Formula, second: Formula) -> bool:
    return any(oneofs.possible(list(case)) for case in cases(both((first, second))))


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
