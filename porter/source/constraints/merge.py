"""Many findings of one field become the ones that are worth saying."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from porter.core.constraint import Constraint
from porter.core.endpoint import Catalog, Endpoint, Field
from porter.source.constraints.violations import BLANK


def merged(
    found: Iterable[Constraint], endpoint: Endpoint, catalog: Catalog
) -> tuple[Constraint, ...]:
    """One constraint per field, kind and value, the surest of each; in the order of the fields."""
    best: dict[tuple[str, str, object], Constraint] = {}
    for one in found:
        named = _named(one, endpoint, catalog)
        if named is None:
            continue
        whole = _whole(named, endpoint, catalog)
        key = (whole.field, whole.kind, str(whole.value))
        if key not in best or _rank(whole) > _rank(best[key]):
            best[key] = whole
    together = _one_list(list(best.values()))
    kept = [c for c in together if not _said_better(c, together, endpoint, catalog)]
    kept = list({(c.field, c.kind, str(c.value)): c for c in map(_plain, kept)}.values())
    order = {f.name: n for n, f in enumerate(endpoint.request.fields)}
    return tuple(sorted(kept, key=lambda c: (order.get(c.field.split(".")[0], 999), c.field)))


def _one_list(found: list[Constraint]) -> list[Constraint]:
    """Of several lists of allowed values the one that always holds; what depends is *other*."""
    lists = [c for c in found if c.kind == "one_of"]
    out: dict[tuple[str, str, object], Constraint] = {}
    for one in found:
        more = one.kind == "one_of" and sum(c.field == one.field for c in lists) > 1
        said = replace(one, kind="other", value=None) if more and one.conditional else one
        out.setdefault((said.field, said.kind, str(said.value)), said)
    return list(out.values())


def _plain(one: Constraint) -> Constraint:
    return replace(one, value=None) if one.value == BLANK else one


def _whole(one: Constraint, endpoint: Endpoint, catalog: Catalog) -> Constraint:
    """Keys that must be unique are said of the repeated field."""
    field = _field(one.field, endpoint, catalog)
    own = field is not None and field.repeated
    if one.kind == "unique_keys" and "." in one.field and not own:
        parent = one.field.rsplit(".", 1)[0]
        return Constraint(parent, one.kind, one.value, one.conditional, one.certain, one.evidence)
    return one


def _named(one: Constraint, endpoint: Endpoint, catalog: Catalog) -> Constraint | None:
    """Values of an enum by name; None where a request cannot break the check."""
    field = _field(one.field, endpoint, catalog)
    if one.kind == "integer" and field is not None and field.kind == "enum":
        return None  # the proto parser passes over names that it does not know
    if one.kind != "one_of":
        return one
    if field is None or field.kind != "enum":
        values = one.value if isinstance(one.value, tuple) else ()
        return replace(one, value=tuple(sorted(values)))
    enum = catalog.enums.get(field.type_name or "")
    names = {str(number): name for name, number in enum.values} if enum else {}
    values = one.value if isinstance(one.value, tuple) else ()
    allowed = tuple(names.get(v, v) for v in values)
    if names and set(names.values()) <= set(allowed):
        return None
    return replace(one, value=tuple(sorted(allowed)))


def _rank(one: Constraint) -> tuple[bool, bool]:
    return (not one.conditional, one.certain)


def _said_better(
    one: Constraint, others: list[Constraint], endpoint: Endpoint, catalog: Catalog
) -> bool:
    """Whether another constraint of the field says as much."""
    mine = [c for c in others if c.field == one.field and c is not one]
    field = _field(one.field, endpoint, catalog)
    repeated = field is not None and field.repeated
    match one.kind:
        case "non_empty" if one.value == BLANK:
            return not any(
                c.kind == "required"
                and _rank(c) >= _rank(one)
                and c.evidence[-1:] != one.evidence[-1:]
                for c in mine
            )
        case "non_empty":
            return not repeated and any(
                c.kind == "required" and _rank(c) >= _rank(one) for c in mine
            )
        case "max_length":
            return any(c.kind == "truncate" and c.value == one.value for c in mine)
        case "max" | "max_items":
            return any(
                c.kind == one.kind and _rank(c) >= _rank(one) and _less(c.value, one.value)
                for c in mine
            )
        case "min":
            return any(
                c.kind == "min" and _rank(c) >= _rank(one) and _less(one.value, c.value)
                for c in mine
            )
        case _:
            return False


def _less(first: object, second: object) -> bool:
    if isinstance(first, int | float) and isinstance(second, int | float):
        return first < second
    return False


def _field(path: str, endpoint: Endpoint, catalog: Catalog) -> Field | None:
    message, field = endpoint.request, None
    for part in path.split("."):
        field = message.field(part)
        if field is None:
            return None
        message = catalog.message_of(field) or message
    return field
