"""What a handler hands to the store, as the arguments of a Go store method in their order.

One list serves both sides: the store's signature takes the types, the service the conversions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from porter.core.endpoint import Catalog, Endpoint, Field, Message
from porter.source.checkout.entities import Entities
from porter.source.mlflow import Found, Function, Index, store_method
from porter.source.mlflow.handlers import Handler, StoreCall
from porter.source.mlflow.statements import is_fallback
from porter.source.mlflow.values import (
    NONE,
    Asked,
    Called,
    Const,
    Each,
    Either,
    Item,
    Made,
    Maybe,
    Pairs,
    Value,
)
from porter.source.scaffold.initialisms import local, words_of

How = Literal[
    "plain", "pointer", "enum", "enum_text", "named", "entity", "entities", "made", "missing"
]
SCALARS = {"string": "string", "bool": "bool", "double": "float64", "float": "float32",
           "bytes": "[]byte"}  # fmt: skip
"""Go types of the scalars that Go calls something else; the integers have their own names."""
_FLAT = 2
"""Entities of so few fields are handed on as fields: people write `key, value`, not a tag."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its Go `name` and `type`, the field it comes from, and how it gets there.

    `fallback` is read where `field` is empty. `path` is the proto path where it is nested. For
    `made` the `parts` are the entity's attributes; `entity` is the entity's or message's Go name.
    """

    name: str
    type: str
    how: How
    field: Field | None = None
    path: tuple[str, ...] = ()
    fallback: str | None = None
    nullable: bool = False
    entity: str = ""
    parts: tuple[tuple[str, Argument], ...] = ()
    python: str = ""
    """The Python parameter it stands for."""


@dataclass(frozen=True)
class Source:
    """Where arguments are read from: everything but the names that siblings use."""

    index: Index
    catalog: Catalog
    endpoint: Endpoint
    entities: Entities
    protos: str = "protos"
    enums: frozenset[str] = frozenset()
    """Enums (Go names) that the checkout's stores take as they are."""
    made: frozenset[str] = frozenset()
    """First words of the siblings' names that take a made entity whole, though it is small."""


def method_of(index: Index, call: StoreCall) -> Found | None:
    """The SqlAlchemyStore method that a call reaches, or None."""
    found = store_method(index, call.store, call.method)
    return found if found is not None and isinstance(found.node, Function) else None


def ordered(index: Index, call: StoreCall) -> tuple[tuple[str, Value], ...]:
    """A call's arguments under the method's parameter names, in the method's order."""
    found = method_of(index, call)
    if found is None or not isinstance(found.node, Function):
        return call.arguments
    arguments = found.node.args
    names = [arg.arg for arg in [*arguments.args[1:], *arguments.kwonlyargs]]
    given = {
        names[int(key)] if key.isdigit() and int(key) < len(names) else key: value
        for key, value in call.arguments
    }
    inside = [(name, given.pop(name)) for name in names if name in given]
    return (*inside, *given.items())


def arguments(source: Source, handler: Handler) -> tuple[Argument, ...]:
    """The Go arguments of the handler's store call; () where it makes none."""
    call = handler.call
    if call is None:
        return ()
    found: list[Argument] = []
    for python, value in ordered(source.index, call):
        for argument in _argument(source, python, value):
            if not any(a.name == argument.name for a in found):
                found.append(replace(argument, python=python))
    return tuple(found)


def _argument(source: Source, python: str, value: Value) -> tuple[Argument, ...]:
    match value:
        case Const():
            return ()
        case Asked(path):
            return (_asked(source, python, path),)
        case Either() if is_fallback(value):
            first, second = value.first, value.second
            assert isinstance(first, Asked) and isinstance(second, Asked)
            return (replace(_asked(source, python, first.path), fallback=second.path[0]),)
        case Either(first, _):
            return _argument(source, python, first)
        case Maybe(inner):
            return tuple(replace(a, nullable=True) for a in _argument(source, python, inner))
        case Called(_, inner):
            return _argument(source, python, inner)
        case Pairs(inner):
            return _argument(source, python, inner)
        case Each(over, item):
            return _each(source, python, over, item)
        case Made(cls, args):
            return _made(source, python, cls, args)
        case _:
            return _guessed(source, python)


def _asked(source: Source, python: str, path: tuple[str, ...]) -> Argument:
    message: Message | None = source.endpoint.request
    field = None
    for part in path:
        field = message.field(part) if message else None
        message = source.catalog.message_of(field) if field else None
    if field is None:
        return Argument(local(path[-1]), "string", "missing", path=path)
    return _typed(source, field, path)


def _typed(source: Source, field: Field, path: tuple[str, ...]) -> Argument:
    name = local(field.name)
    match field.kind:
        case "enum":
            enum = _go_name(source, field)
            if enum in source.enums:
                kind = f"{source.protos}.{enum}"
                return Argument(name, _list(field, kind), "enum", field, path, entity=enum)
            if field.repeated:
                return Argument(name, f"[]{source.protos}.{enum}", "enum", field, path)
            return Argument(name, "string", "enum_text", field, path, entity=enum)
        case "message" | "map":
            return _message(source, field, path)
        case kind:
            return Argument(name, _list(field, SCALARS.get(kind, kind)), "plain", field, path)


def _message(source: Source, field: Field, path: tuple[str, ...]) -> Argument:
    message = source.catalog.message_of(field)
    name = local(field.name)
    if field.kind == "map":
        return Argument(name, "map[string]string", "plain", field, path)
    go_name = message.go_name if message else go_text(field.type_name or "")
    if source.entities.dir is None:
        return Argument(name, _list(field, f"*{source.protos}.{go_name}"), "plain", field, path)
    entity = source.entities.of(go_name)
    how: How = "entities" if field.repeated else "entity"
    return Argument(name, _list(field, f"*entities.{entity}"), how, field, path, entity=go_name)


def _each(source: Source, python: str, over: Value, item: Value) -> tuple[Argument, ...]:
    found = _argument(source, python, over)
    whole = isinstance(item, Made | Called) or item == Item()
    if whole or all(argument.how == "entities" for argument in found):
        return found
    return tuple(replace(argument, how="missing") for argument in found)


def _made(
    source: Source, python: str, cls: str, args: tuple[tuple[str, Value], ...]
) -> tuple[Argument, ...]:
    parts = [
        (name, argument)
        for name, value in args
        if value != NONE
        for argument in _argument(source, name, value)
    ]
    whole = len(parts) > _FLAT or words_of(source.endpoint.name)[0] in source.made
    if not whole:
        return tuple(argument for _, argument in parts)
    package = "entities" if source.entities.dir else source.protos
    name = local(cls[:1].lower() + cls[1:])
    return (
        Argument(
            local(python) if not python.isdigit() else name,
            f"*{package}.{cls}", "made", entity=cls, parts=tuple(parts),
        ),
    )  # fmt: skip


def _guessed(source: Source, python: str) -> tuple[Argument, ...]:
    """A value that was not understood: the field of the parameter's name, if there is one."""
    for name in (python, python.removesuffix("_string"), python.removesuffix("s")):
        field = source.endpoint.request.field(name)
        if field is not None:
            return (_typed(source, field, (name,)),)
    if python in ("**", "*"):
        return ()
    return (Argument(local(python), "string", "missing"),)


def _list(field: Field, kind: str) -> str:
    return f"[]{kind}" if field.repeated else kind


def _go_name(source: Source, field: Field) -> str:
    enum = source.catalog.enums.get(field.type_name or "")
    package = enum.package if enum else (field.type_name or "").split(".")[0]
    return go_text((field.type_name or "").removeprefix(package + "."))


def go_text(full_name: str) -> str:
    """The Go name of a type inside its package: nested names joined by `_`."""
    return full_name.removeprefix("mlflow.").replace(".", "_")
