"""Expressions: what each is in terms of the request."""

from __future__ import annotations

import ast
from collections.abc import Callable as Callable_
from typing import Any

from porter.source.constraints import assigning, building, invoke, joins, objects
from porter.source.constraints.formulas import FALSE, TRUE, Formula, both, either, negate
from porter.source.constraints.machine import Cut, Frame, Gate, Machine, place
from porter.source.constraints.truth import compare, truth
from porter.source.constraints.values import (
    NONE,
    OPAQUE,
    Bool,
    Callable,
    Class,
    Const,
    External,
    Package,
    Ref,
    Seq,
    Value,
    mixed,
    plain,
)
from porter.source.mlflow import Found, Function, Module

_ARITHMETIC: dict[type[ast.operator], Callable_[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: a // b, ast.Div: lambda a, b: a / b, ast.BitOr: lambda a, b: a | b,
    ast.Mod: lambda a, b: a % b,
}  # fmt: skip


PROTOS = "_pb2"


def optional(machine: Machine, frame: Frame, node: ast.expr | None) -> Value:
    """The value of an expression that may be missing."""
    return NONE if node is None else value(machine, frame, node)


def value(machine: Machine, frame: Frame, node: ast.expr) -> Value:
    """The value of an expression."""
    if machine.spent:
        return OPAQUE
    match node:
        case ast.Constant():
            return Const(node.value)
        case ast.Name():
            return name(machine, frame, node.id)
        case ast.Attribute():
            return objects.attribute(machine, value(machine, frame, node.value), node.attr)
        case ast.Call():
            return invoke.called(machine, frame, node)
        case ast.BoolOp():
            return _bool_op(machine, frame, node)
        case ast.Compare():
            return _compare(machine, frame, node)
        case ast.IfExp():
            return _if_exp(machine, frame, node)
        case ast.JoinedStr():
            return mixed(place(frame, node), *_joined(machine, frame, node))
        case ast.Subscript():
            return _subscript(machine, frame, node)
        case _:
            return _built(machine, frame, node)


def _built(machine: Machine, frame: Frame, node: ast.expr) -> Value:
    match node:
        case ast.UnaryOp(op=ast.Not()):
            return Bool(negate(truth(value(machine, frame, node.operand))))
        case ast.UnaryOp():
            inner = value(machine, frame, node.operand)
            number = plain(inner)
            if isinstance(node.op, ast.USub) and isinstance(number, int | float):
                return Const(-number)
            return mixed(place(frame, node), inner)
        case ast.BinOp():
            return _bin_op(machine, frame, node)
        case ast.List() | ast.Tuple() | ast.Set():
            return building.display(machine, frame, node)
        case ast.Dict():
            return building.dictionary(machine, frame, node)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            return building.comprehension(machine, frame, node)
        case ast.Lambda():
            return Callable(
                node, frame.module, {**(frame.parent or {}), **frame.env}, None, frame.owner
            )
        case ast.NamedExpr():
            found = value(machine, frame, node.value)
            assigning.assign(machine, frame, node.target, found)
            return found
        case ast.Yield() | ast.YieldFrom():
            frame.yields.append((machine.since(frame.entry), optional(machine, frame, node.value)))
            return OPAQUE
        case ast.Await() | ast.Starred():
            return value(machine, frame, node.value)
        case _:
            return OPAQUE


def name(machine: Machine, frame: Frame, wanted: str) -> Value:
    """What a name means in a function: local, closed over, of the module, built in."""
    if wanted in frame.env:
        return frame.env[wanted]
    if frame.parent is not None and wanted in frame.parent:
        return frame.parent[wanted]
    return module_name(machine, frame.module, wanted)


def module_name(machine: Machine, module: Module, wanted: str) -> Value:
    """What a name means at a module's top level."""
    key = (module.name, wanted)
    if key not in machine.globals:
        machine.globals[key] = OPAQUE
        if wanted in module.imports and wanted not in module.defined:
            machine.globals[key] = imported_name(machine, *module.imports[wanted])
        else:
            found = machine.index.resolve(module, wanted)
            outside = External(f"builtins.{wanted}")
            machine.globals[key] = of(machine, found) if found is not None else outside
    return machine.globals[key]


def imported_name(machine: Machine, source: str, attribute: str | None) -> Value:
    """What an import binds. Generated protos are not read: the catalog knows what they hold."""
    dotted = source if attribute is None else f"{source}.{attribute}"
    if dotted.endswith(PROTOS):
        return External(dotted)
    if attribute is not None and source.endswith(PROTOS):
        return proto_name(machine, source, attribute)
    module = machine.index.module(source)
    if attribute is None:
        return Package(module) if module is not None else External(source)
    found = machine.index.resolve(module, attribute) if module is not None else None
    if found is not None:
        return of(machine, found)
    inner = machine.index.module(dotted)
    return Package(inner) if inner is not None else External(dotted)


def proto_name(machine: Machine, source: str, attribute: str) -> Value:
    """What a generated proto module, or an enum in it, has under a name: a number, or a type."""
    if not machine.numbers:
        for enum in machine.catalog.enums.values():
            own = enum.full_name.rsplit(".", 1)[-1]
            top = enum.full_name == f"{enum.package}.{own}"
            for name, number in enum.values:
                machine.numbers.setdefault((own, name), number)
                if top:
                    machine.numbers.setdefault((PROTOS, name), number)
    owner = PROTOS if source.endswith(PROTOS) else source.rsplit(".", 1)[-1]
    if (owner, attribute) in machine.numbers:
        return Const(machine.numbers[owner, attribute])
    return External(f"{source}.{attribute}")


def of(machine: Machine, found: Found | Module) -> Value:
    """The value of a definition."""
    if isinstance(found, Module):
        return Package(found)
    match found.node:
        case ast.ClassDef():
            return Class(found)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return Callable(found.node, found.module)
        case _:
            return constant(machine, found)


def constant(machine: Machine, found: Found) -> Value:
    """The value of a module's or class's variable, evaluated where it stands."""
    if isinstance(found.node, Function | ast.ClassDef) or found.node.value is None:
        return OPAQUE
    frame = Frame(found.module, _beside(machine, found))
    path, machine.path = machine.path, ()
    out = value(machine, frame, found.node.value)
    machine.path = path
    return out


def _beside(machine: Machine, found: Found) -> dict[str, Value]:
    """The variables of the same class body that a class's variable is made of."""
    if found.owner is None or isinstance(found.node, Function | ast.ClassDef):
        return {}
    wanted = {n.id for n in ast.walk(found.node) if isinstance(n, ast.Name)}
    out: dict[str, Value] = {}
    for node in found.owner.body[: found.owner.body.index(found.node)]:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in wanted:
                out[name] = constant(machine, Found(found.module, node, found.owner))
    return out


def _joined(machine: Machine, frame: Frame, node: ast.JoinedStr) -> list[Value]:
    """The names in an f-string. Slices in it are for showing, so they are not looked at."""
    found = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue) and isinstance(
            part.value, ast.Name | ast.Attribute
        ):
            found.append(value(machine, frame, part.value))
    return found


def _bool_op(machine: Machine, frame: Frame, node: ast.BoolOp) -> Value:
    """`and`, `or`: each operand is looked at where those before it let it be reached."""
    options: list[tuple[Formula, Value]] = []
    path = machine.path
    reached: Formula = TRUE
    for number, operand in enumerate(node.values):
        found = value(machine, frame, operand)
        test = truth(found)
        stops = test if isinstance(node.op, ast.Or) else negate(test)
        last = number == len(node.values) - 1
        options.append((reached if last else both((reached, stops)), found))
        if stops == TRUE:
            break
        reached = both((reached, negate(stops)))
        machine.path = (*machine.path, Gate(negate(stops)))
    machine.path = path
    kept = [(c, v) for c, v in options if c != FALSE]
    if isinstance(node.op, ast.Or) and len(options) == 2 and _same_or_zero(*options):
        return options[0][1]
    if all(isinstance(v, Bool) and not v.nullable for _, v in kept):
        join = either if isinstance(node.op, ast.Or) else both
        return Bool(join(truth(v) for _, v in options))
    if isinstance(node.op, ast.And) and len(kept) > 2:
        return Bool(both(truth(v) for _, v in options))
    return joins.choice(kept)


def _same_or_zero(first: tuple[Formula, Value], second: tuple[Formula, Value]) -> bool:
    """`x or ""`: of a field that is never None, what it is anyway."""
    value, zero = first[1], plain(second[1])
    text = isinstance(value, Ref) and value.origin != "raw" and value.field is not None
    if not text or zero is ... or zero:
        return False
    assert isinstance(value, Ref) and value.field is not None
    kind = "many" if value.many else value.field.kind
    return isinstance(zero, str if kind == "string" else tuple if kind == "many" else int)


def _compare(machine: Machine, frame: Frame, node: ast.Compare) -> Value:
    left = value(machine, frame, node.left)
    parts = []
    for number, (op, right_node) in enumerate(zip(node.ops, node.comparators, strict=True)):
        right = value(machine, frame, right_node)
        parts.append(compare(op, left, right, f"{place(frame, node)}#{number}"))
        left = right
    return Bool(both(parts))


def _if_exp(machine: Machine, frame: Frame, node: ast.IfExp) -> Value:
    test = truth(value(machine, frame, node.test))
    if test == TRUE:
        return value(machine, frame, node.body)
    if test == FALSE:
        return value(machine, frame, node.orelse)
    with machine.under(Gate(test)):
        first = value(machine, frame, node.body)
    with machine.under(Gate(negate(test))):
        second = value(machine, frame, node.orelse)
    return joins.choice([(test, first), (negate(test), second)])


def _subscript(machine: Machine, frame: Frame, node: ast.Subscript) -> Value:
    target = value(machine, frame, node.value)
    if isinstance(node.slice, ast.Slice):
        limit = plain(optional(machine, frame, node.slice.upper))
        if isinstance(target, Ref) and isinstance(limit, int) and node.slice.lower is None:
            chain = (*machine.chain, frame.module.evidence(node))
            machine.cuts.append(Cut(machine.path, target, limit, chain))
            return target.then(f"slice:{limit}")
        return mixed(place(frame, node), target)
    key = value(machine, frame, node.slice)
    return objects.item(machine, target, key, place(frame, node))


def _bin_op(machine: Machine, frame: Frame, node: ast.BinOp) -> Value:
    left, right = value(machine, frame, node.left), value(machine, frame, node.right)
    first, second = plain(left), plain(right)
    if first is not ... and second is not ... and type(node.op) in _ARITHMETIC:
        try:
            env = next((v.env for v in (left, right) if isinstance(v, Const) and v.env), None)
            return Const(_ARITHMETIC[type(node.op)](first, second), env)
        except (TypeError, ValueError, ZeroDivisionError, OverflowError):
            return OPAQUE
    if isinstance(node.op, ast.Add) and isinstance(left, Seq) and isinstance(right, Seq):
        return Seq([*left.items, *right.items], left.exact and right.exact)
    return mixed(place(frame, node), left, right)
