"""Requests that meet a check of a service method: found by trying, judged by Python's condition."""

from __future__ import annotations

import ast
import itertools
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from porter.core.endpoint import Field
from porter.source.scaffold.gocondition import Operand, Scope, compiled, operand, simplified
from porter.source.scaffold.gotest.samples import Value
from porter.source.scaffold.guards import Guard

Values = Mapping[str, Value]
"""Request fields that are set, by proto name."""
_TRIES = 20_000
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt,
    ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip


def meeting(
    checks: Sequence[Guard], wanted: Guard | None, fields: Mapping[str, Field], given: Values
) -> dict[str, Value] | None:
    """Values over `given` that meet the check `wanted` and none before it; None where no try does.

    With `wanted` None they meet no check at all.
    """
    names = sorted({name for check in checks for name in check.fields if name in fields})
    texts = [text for check in checks for text in _texts(check.python)]
    tries = [list(_tried(fields[name], texts, given.get(name))) for name in names]
    expected = [wanted] if wanted is not None else []
    for values in itertools.islice(itertools.product(*tries), _TRIES):
        set_ = {n: v for n, v in zip(names, values, strict=True) if v is not None}
        made = {**{n: v for n, v in given.items() if n not in names}, **set_}
        if met(checks, made) == expected:
            return made
    return None


def met(checks: Sequence[Guard], values: Values) -> list[Guard] | None:
    """The first check that a request meets, none, or None where that cannot be told."""
    for check in checks:
        held = holds(check.scope, check.python, values)
        if held is None:
            return None
        if held:
            return [check]
    return []


def holds(scope: Scope, node: ast.expr, values: Values) -> bool | None:
    """Whether a condition is true of a request, as Python has it; None where that is not known."""
    match node:
        case ast.BoolOp(op=op, values=parts):
            every = isinstance(op, ast.And)
            for part in parts:
                inner = holds(scope, part, values)
                if inner is None or inner is not every:
                    return inner
            return every
        case ast.UnaryOp(op=ast.Not(), operand=inner_node):
            inner = holds(scope, inner_node, values)
            return None if inner is None else not inner
        case ast.Compare():
            match simplified(scope, node):
                case ast.Compare(left=left, ops=[sign], comparators=[right]):
                    return _compared(scope, left, sign, right, values)
                case chain:
                    return holds(scope, chain, values)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="match"), args=[value]):
            found, pattern = operand(scope, value), compiled(scope, name)
            if found is None or pattern is None:
                return None
            return re.match(pattern, str(_value(found, values))) is not None
        case _:
            found = operand(scope, node)
            return None if found is None else bool(_value(found, values))


def _compared(
    scope: Scope, left: ast.expr, op: ast.cmpop, right: ast.expr, values: Values
) -> bool | None:
    if not isinstance(right, ast.Constant):
        return None
    if isinstance(op, ast.Is | ast.IsNot) and right.value is None:
        if isinstance(left, ast.Call):
            met = holds(scope, left, values)
            absent = None if met is None else not met
        else:
            found = operand(scope, left)
            absent = None if found is None else _value(found, values) is None
        return absent if absent is None or isinstance(op, ast.Is) else not absent
    match left:
        case ast.Call(func=ast.Attribute(value=inner)):
            lowered = True
        case inner:
            lowered = False
    found = operand(scope, inner)
    compare = _COMPARE.get(type(op))
    if found is None or compare is None:
        return None
    value = _value(found, values)
    try:
        return bool(compare(str(value).lower() if lowered else value, right.value))
    except TypeError:
        return None


def _value(found: Operand, values: Values) -> Value:
    """The field, or what Python sees where it is not set: its fallback, None or a zero value."""
    for name in (found.field.name, found.fallback):
        if name is not None and values.get(name) not in (None, "", []):
            return values[name]
    if found.field.name in values:
        return values[found.field.name]
    if found.nullable:
        return None
    if found.field.repeated:
        return []
    zero: dict[str, Value] = {"string": "", "bool": False}
    return zero.get(found.field.kind, 0)


def _tried(field: Field, texts: Sequence[str], given: Value) -> Iterator[Value]:
    if given is not None:
        yield given
    yield None
    if field.repeated:
        yield [field.name] if field.kind == "string" else [""]
    elif field.kind == "string":
        yield from (field.name, field.name.replace("_", ""), "", "1", *texts, "v1", "a b", "/")
    elif field.kind == "bool":
        yield from (True, False)
    elif "int" in field.kind:
        yield from (1, 0, -1, *(int(text) + n for text in texts if _number(text) for n in (0, 1)))


def _texts(node: ast.expr) -> list[str]:
    return [str(n.value) for n in ast.walk(node) if isinstance(n, ast.Constant) and n.value]


def _number(text: str) -> bool:
    return re.fullmatch(r"-?\d+", text) is not None


def text_of(guard: Guard, values: Values) -> str | None:
    """The text that a check answers a request with, None where Go's way to write it is not sure."""
    parts = []
    for name in guard.given:
        found = guard.operands.get(name)
        if found is None or found.field.kind in ("double", "float"):
            return None
        value = _value(found, values)
        parts.append(str(value).lower() if isinstance(value, bool) else value)
    pattern = re.sub(r"%[dt]", "%s", guard.text)
    return str(pattern % tuple(parts))
