"""Classes of the tree: their members, enums, and what constructing one gives."""

from __future__ import annotations

import ast

from porter.source.constraints import evaluate, finite, invoke, joins
from porter.source.constraints.formulas import FALSE, Formula, negate
from porter.source.constraints.machine import Call, Frame, Machine
from porter.source.constraints.truth import atom, unknown
from porter.source.constraints.values import (
    OPAQUE,
    Callable,
    Choice,
    Class,
    Const,
    Dict,
    Instance,
    Member,
    Method,
    Ref,
    Super,
    Unknown,
    Value,
    opaque,
    plain,
    tracked,
)
from porter.source.mlflow import Found, Function

ENVIRONMENT = "EnvironmentVariable"
"""How the classes of `mlflow.environment_variables` end: name, [type,] default."""


def of_class(machine: Machine, cls: Class, name: str) -> Value:
    """A class attribute: an enum's member, a method, a variable."""
    found = members(machine, cls.found)
    if found is not None:
        if name in found:
            return found[name]
        if name == "__members__":
            return Dict({str(key): member for key, member in found.items()})
    member = machine.index.member(cls.found, name)
    if member is None:
        return Const(_name(cls.found)) if name == "__name__" else Method(cls, name)
    return _member(machine, cls, member, name)


def of_instance(
    machine: Machine, instance: Value, cls: Found, name: str, *, beyond: bool = False
) -> Value:
    """An attribute that an object has from its class (`beyond`: from the bases alone)."""
    skipped = cls.node if beyond and isinstance(cls.node, ast.ClassDef) else None
    start = instance.cls if beyond and isinstance(instance, Instance) else cls
    member = machine.index.member(start, name, beyond=skipped)
    if member is None:
        if beyond and name == "__init__":
            return Method(Super(instance, cls), name)
        return opaque(instance) if isinstance(instance, Instance) else OPAQUE
    return _member(machine, instance, member, name)


def _member(machine: Machine, target: Value, member: Found, name: str) -> Value:
    owner = Found(member.module, member.owner) if member.owner is not None else None
    if not isinstance(member.node, Function):
        return evaluate.of(machine, member)
    decorators = {
        ast.unparse(d).split("(")[0].rsplit(".", 1)[-1] for d in member.node.decorator_list
    }
    if decorators & {"property", "cached_property", "hybrid_property"}:
        method = Callable(member.node, member.module, None, target, owner)
        here = Frame(member.module, {})
        return invoke.run(machine, Call(here, member.node), method)
    if "staticmethod" in decorators:
        return Callable(member.node, member.module, None, None, owner)
    if "classmethod" in decorators:
        cls: Value = Class(target.cls) if isinstance(target, Instance) else target
        return Callable(member.node, member.module, None, cls, owner)
    bound = None if isinstance(target, Class) else target
    return Callable(member.node, member.module, None, bound, owner)


def members(machine: Machine, cls: Found) -> dict[str, Const] | None:
    """The members of an enum by name, in order; None for a class that is no enum."""
    if cls.node not in machine.enums:
        machine.enums[cls.node] = None
        machine.enums[cls.node] = _members(machine, cls) if _is_enum(machine, cls) else None
    return machine.enums[cls.node]


def _is_enum(machine: Machine, cls: Found) -> bool:
    return any(
        ast.unparse(base).rsplit(".", 1)[-1].endswith("Enum")
        for found in machine.index.bases(cls)
        if isinstance(found.node, ast.ClassDef)
        for base in found.node.bases
    )


def _members(machine: Machine, cls: Found) -> dict[str, Const]:
    out: dict[str, Const] = {}
    assert isinstance(cls.node, ast.ClassDef)
    for node in cls.node.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            value = evaluate.constant(machine, Found(cls.module, node, cls.node))
            inner = plain(value)
            if not name.startswith("_"):
                out[name] = Const(Member(_name(cls), name, name if inner is ... else inner))
    return out


def construct(machine: Machine, call: Call, cls: Class) -> Value:
    """What calling a class gives."""
    name = _name(cls.found)
    if name.endswith(ENVIRONMENT):
        default = call.args[-1] if len(call.args) > 1 else call.named.get("default", Const(None))
        return Const(plain(default), str(plain(call.first)) if call.args else name)
    if members(machine, cls.found) is not None:
        return _enum(machine, call.on(*call.given), cls)
    if "dbmodels" in cls.found.module.name or name.endswith(("Exception", "Error")):
        return opaque(*call.given)
    instance = Instance(cls.found)
    method = machine.index.member(cls.found, "__init__")
    if method is not None and isinstance(method.node, Function):
        owner = Found(method.module, method.owner) if method.owner is not None else None
        if any(tracked(v) for v in call.given):
            made = Callable(method.node, method.module, None, instance, owner)
            invoke.run(machine, call, made)
        return instance
    initialise(machine, call, instance, cls.found)
    return instance


def initialise(machine: Machine, call: Call, instance: Instance, cls: Found) -> None:
    """What the `__init__` of a dataclass does: its fields, then `__post_init__`."""
    _fields(machine, cls, instance, call)
    after = machine.index.member(instance.cls, "__post_init__")
    if after is not None and isinstance(after.node, Function) and tracked(instance):
        owner = Found(after.module, after.owner) if after.owner is not None else None
        done = Callable(after.node, after.module, None, instance, owner)
        invoke.run(machine, Call(call.frame, call.node), done)


def beyond(machine: Machine, call: Call, above: Super) -> Value:
    """`super().__init__(…)` of a class whose bases write none, as dataclasses do."""
    if isinstance(above.instance, Instance):
        bases = [b for b in machine.index.bases(above.owner) if b.node is not above.owner.node]
        if bases:
            initialise(machine, call, above.instance, bases[0])
    return Const(None)


def _fields(machine: Machine, cls: Found, instance: Instance, call: Call) -> None:
    """The attributes that a dataclass sets, those of its bases first."""
    declared: dict[str, ast.AnnAssign] = {}
    for base in reversed(list(machine.index.bases(cls))):
        assert isinstance(base.node, ast.ClassDef)
        for part in base.node.body:
            match part:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=kind):
                    if "ClassVar" not in ast.unparse(kind):
                        declared[name] = part
    for number, (name, part) in enumerate(declared.items()):
        if number < len(call.args):
            instance.attrs[name] = call.args[number]
        elif name in call.named:
            instance.attrs[name] = call.named[name]
        elif isinstance(part.value, ast.Constant):
            instance.attrs[name] = Const(part.value.value)
        else:
            instance.attrs[name] = OPAQUE
    for name, value in call.named.items():
        instance.attrs.setdefault(name, value)


def _enum(machine: Machine, call: Call, cls: Class) -> Value:
    """`Color(value)`: fails where no member has the value."""
    found = members(machine, cls.found) or {}
    values = tuple(m.value.value for m in found.values() if isinstance(m.value, Member))
    match call.args[:1]:
        case [Choice(options)]:
            return joins.choice([(c, _enum(machine, call.on(v), cls)) for c, v in options])
        case [Ref() as ref]:
            failing = _failing(ref, values)
            if failing != FALSE:
                machine.may_raise("ValueError", call.frame.module, call.node, failing, sure=True)
            return ref.then("enum")
        case [Const() as given]:
            wanted = plain(given)
            return next((m for m in found.values() if plain(m) == wanted), OPAQUE)
        case [Unknown() as given]:
            machine.may_raise("ValueError", call.frame.module, call.node, unknown(given))
            return given
        case _:
            return OPAQUE


def _failing(ref: Ref, values: tuple[object, ...]) -> Formula:
    """When a field holds none of an enum's values; a proto enum may not be able to."""
    if (found := finite.among(ref, values)) is not None:
        return negate(found)
    return negate(atom("in", ref, tuple(sorted(values, key=repr))))


def _name(cls: Found) -> str:
    return cls.node.name if isinstance(cls.node, ast.ClassDef) else ""
