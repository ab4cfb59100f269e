"""Assignment: to names, attributes and items, and what is added to lists and dicts."""

from __future__ import annotations

import ast

from porter.source.constraints import evaluate, joins, objects
from porter.source.constraints.formulas import both, negate
from porter.source.constraints.machine import Frame, Machine
from porter.source.constraints.values import (
    MISSING,
    Choice,
    Const,
    Dict,
    Instance,
    Seq,
    Unknown,
    Value,
    deps,
    mixed,
    plain,
)


def assign(machine: Machine, frame: Frame, target: ast.expr, value: Value) -> None:
    """`target = value`."""
    match target:
        case ast.Name():
            frame.env[target.id] = value
        case ast.Tuple() | ast.List():
            for number, part in enumerate(target.elts):
                inner = part.value if isinstance(part, ast.Starred) else part
                assign(
                    machine,
                    frame,
                    inner,
                    _unpacked(machine, frame, value, number, len(target.elts)),
                )
        case ast.Attribute():
            owner = evaluate.value(machine, frame, target.value)
            if isinstance(owner, Instance):
                owner.attrs[target.attr] = value
        case ast.Subscript():
            owner = evaluate.value(machine, frame, target.value)
            if isinstance(owner, Dict):
                put(machine, owner, evaluate.value(machine, frame, target.slice), value)


def put(machine: Machine, owner: Dict, key: Value, value: Value) -> None:
    """`owner[key] = value`, under the condition of being here."""
    when, known = machine.since(owner.born), plain(key)
    if isinstance(known, str | int):
        before = owner.known.get(known, MISSING)
        owner.known[known] = joins.choice([(when, value), (negate(when), before)])
    else:
        owner.pairs.append((when, key, value))


def _unpacked(machine: Machine, frame: Frame, value: Value, number: int, count: int) -> Value:
    match value:
        case Seq(exact=True) if len(value.items) == count:
            return value.items[number][1]
        case Choice(options):
            parts = [(c, _unpacked(machine, frame, v, number, count)) for c, v in options]
            return joins.choice(parts)
        case Const(tuple() as many) if len(many) == count:
            return Const(many[number])
        case Unknown():
            return Unknown(value.deps, value.pure, f"{value.at}[{number}]")
        case _:
            return mixed(f"part {number} of {count}", value)


def augment(machine: Machine, frame: Frame, node: ast.AugAssign) -> None:
    """`target += value`."""
    added = evaluate.value(machine, frame, node.value)
    current = evaluate.value(machine, frame, node.target)
    if isinstance(current, Seq) and isinstance(node.op, ast.Add):
        when = machine.since(current.born)
        current.items += [(both((when, c)), v) for c, v in objects.elements(machine, frame, added)]
        current.exact = False
    elif isinstance(current, Dict) and isinstance(node.op, ast.BitOr):
        spread(current, added)
    else:
        merged = ast.copy_location(ast.BinOp(node.target, node.op, node.value), node)
        assign(machine, frame, node.target, evaluate.value(machine, frame, merged))


def spread(into: Dict, value: Value) -> None:
    """`{**value}` into a dict."""
    if isinstance(value, Dict):
        into.known.update(value.known)
        into.places.update(value.places)
        into.pairs += value.pairs
        into.rest |= value.rest
    else:
        into.rest |= deps(value)
