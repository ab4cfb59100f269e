"""Attributes, items and elements of values."""

from __future__ import annotations

import ast
from dataclasses import replace

from porter.source.constraints import evaluate, joins, request
from porter.source.constraints.classes import construct, members, of_class, of_instance
from porter.source.constraints.formulas import TRUE, Formula, both, negate
from porter.source.constraints.machine import Frame, Machine
from porter.source.constraints.truth import compare
from porter.source.constraints.values import (
    NONE,
    OPAQUE,
    Bool,
    Choice,
    Class,
    Const,
    Descriptor,
    Dict,
    External,
    Instance,
    Member,
    Method,
    Package,
    Ref,
    Seq,
    Super,
    Unknown,
    Value,
    deps,
    mixed,
    opaque,
    plain,
    pure,
)

__all__ = ["attribute", "child", "construct", "element", "elements", "entry", "item", "lookup"]
PARTS = frozenset({"scheme", "netloc", "path", "query", "fragment", "params", "hostname", "port"})
FEW = 3
"""More kinds of items than this, all made of the same fields, are looked at as one."""
MANY = 64
"""A constant list is gone through item by item up to this length."""


def attribute(machine: Machine, target: Value, name: str) -> Value:
    """`target.name`."""
    match target:
        case Ref():
            return _of_ref(machine, target, name)
        case Package(module):
            return evaluate.module_name(machine, module, name)
        case External(dotted):
            return _outside(machine, dotted, name)
        case Descriptor():
            return request.of_descriptor(target, name)
        case Class():
            return of_class(machine, target, name)
        case Instance(attrs=attrs) if name in attrs:
            return attrs[name]
        case Instance():
            return of_instance(machine, target, target.cls, name)
        case Super(instance, owner):
            return of_instance(machine, instance, owner, name, beyond=True)
        case Choice(options):
            return joins.choice([(c, attribute(machine, v, name)) for c, v in options])
        case Const(Member() as member) if name in ("value", "name"):
            return Const(getattr(member, name))
        case _:
            return _of_other(target, name)


def _of_other(target: Value, name: str) -> Value:
    match target:
        case Unknown():
            return Unknown(target.deps, target.pure, f"{target.at}.{name}")
        case Bool():
            return Unknown(deps(target), pure(target), f"{target.formula}.{name}")
        case _:
            return Method(target, name)


def _outside(machine: Machine, dotted: str, name: str) -> Value:
    if evaluate.PROTOS in dotted:
        return evaluate.proto_name(machine, dotted, name)
    whole = f"{dotted}.{name}"
    found = request.of_flask(machine, whole)
    return found or (Const("posix") if whole == "os.name" else External(whole))


def child(machine: Machine, ref: Ref, name: str) -> Ref | None:
    """The field `name` of a message, or None where the message has none."""
    field = ref.message.field(name) if ref.message is not None else None
    if field is None:
        return None
    return Ref(
        f"{ref.path}.{name}" if ref.path else name,
        ref.origin,
        field.repeated,
        optional=ref.origin == "raw",
        field=field,
        message=machine.catalog.message_of(field),
        enum=enum.values if (enum := machine.catalog.enums.get(field.type_name or "")) else (),
    )


def _of_ref(machine: Machine, ref: Ref, name: str) -> Value:
    if not ref.ops and not ref.many:
        found = child(machine, ref, name)
        if found is not None:
            return found
    if name == "DESCRIPTOR" and ref.message is not None and not ref.ops:
        return Descriptor(ref.message)
    if "urlparse" in ref.ops and name in PARTS:
        return ref.then(name)
    if name in ("value", "name") and "enum" in ref.ops:
        return ref
    return Method(ref, name)


def element(machine: Machine, ref: Ref) -> Ref:
    """What a loop over a repeated field, or over a map, is given."""
    one = replace(ref, many=False, optional=False, ops=())
    if ref.kind == "map" or (ref.field is not None and ref.field.kind == "map"):
        found = child(machine, one, "key")
        return replace(found, optional=False, entry=True) if found is not None else one
    return one


def entry(machine: Machine, ref: Ref, part: str) -> Value:
    """The key or value of a map field's entries."""
    found = child(machine, replace(ref, many=False, optional=False, ops=()), part)
    return replace(found, optional=False, entry=True) if found is not None else mixed(part, ref)


def elements(machine: Machine, frame: Frame, over: Value) -> list[tuple[Formula, Value]]:
    """What a loop goes through, each under the condition that it is there."""
    match over:
        case Ref(many=True):
            return [(TRUE, element(machine, over))]
        case Ref():
            return [(TRUE, Unknown(deps(over), True, f"{over.path}{over.ops}[]"))]
        case Seq():
            if (
                not over.exact
                and len(over.items) > FEW
                and len({deps(v) for _, v in over.items}) == 1
            ):
                return [(TRUE, mixed("any item", *(v for _, v in over.items)))]
            return list(over.items)
        case Dict():
            known = [(TRUE, Const(key)) for key in over.known]
            return [*known, *((c, k) for c, k, _ in over.pairs)]
        case Const(tuple() | list() | set() | frozenset() | dict() as many):
            return [(TRUE, v if isinstance(v, Const) else Const(v)) for v in list(many)[:MANY]]
        case Class(found):
            return [(TRUE, member) for member in (members(machine, found) or {}).values()]
        case Choice(options):
            return [
                (both((c, d)), v) for c, one in options for d, v in elements(machine, frame, one)
            ]
        case Unknown():
            return [(TRUE, Unknown(over.deps, over.pure, f"{over.at}[]"))]
        case _:
            return [(TRUE, OPAQUE)] if not isinstance(over, Const) else []


def item(machine: Machine, target: Value, key: Value, at: str) -> Value:
    """`target[key]`."""
    known = plain(key)
    match target:
        case Dict():
            return lookup(target, key, at)
        case Seq(exact=True) if isinstance(known, int) and -len(target.items) <= known < len(
            target.items
        ):
            return target.items[known][1]
        case Seq():
            return (
                joins.choice([(TRUE, v) for _, v in target.items[:1]]) if target.items else OPAQUE
            )
        case Ref(many=True) if not target.ops:
            whole = target.field is not None and target.field.kind == "map"
            return mixed(at, target, key) if whole else element(machine, target)
        case Ref() if isinstance(known, str):
            return child(machine, target, known) or mixed(at, target)
        case Const(inner) if known is not ... and inner is not None:
            try:
                return Const(inner[known])  # type: ignore[index]
            except (TypeError, KeyError, IndexError):
                return OPAQUE
        case External("os.environ") if isinstance(known, str):
            return Const(None, known)
        case Choice(options):
            return joins.choice([(c, item(machine, v, key, at)) for c, v in options])
        case Class() | External():
            return target
        case _:
            return mixed(at, target, key)


def lookup(target: Dict, key: Value, at: str, instead: Value | None = None) -> Value:
    """What a dict holds under a key; where its keys are fields, if the field has that key.

    `instead`: what is given for a key that it lacks (None: that would be an exception).
    """
    known = plain(key)
    if isinstance(known, str | int) and known in target.known:
        return target.known[known]
    if isinstance(known, str) and len(target.pairs) == 1 and isinstance(target.pairs[0][1], Ref):
        _, where, value = target.pairs[0]
        same = compare(ast.Eq(), where, key, at)
        return joins.choice([(same, value), (negate(same), NONE)])
    if isinstance(key, Ref) and target.known and not (target.pairs or target.rest):
        tests = [compare(ast.Eq(), key, Const(k), at) for k in target.known]
        found = list(zip(tests, target.known.values(), strict=True))
        if instead is not None:
            found.append((both(negate(test) for test in tests), instead))
        return joins.choice(found)
    return opaque(target, key) if target.rest else mixed(at, target, key)
