"""What a value in a handler is, in terms of the request: a field of it, an entity made of fields,
what the store answered. A closed union, so that the Go side can match on it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """The request message itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of the request by its proto path: `("run_id",)`, `("trace", "trace_info")`."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Const:
    """A constant, as Python writes it."""

    text: str


@dataclass(frozen=True, slots=True)
class Either:
    """`first or second`."""

    first: Value
    second: Value


@dataclass(frozen=True, slots=True)
class Maybe:
    """`value` where the request sets it, else nothing (`HasField`, `x or None`)."""

    value: Value


@dataclass(frozen=True, slots=True)
class Made:
    """An entity made by its constructor; `args` by parameter name, else by position (`"0"`)."""

    cls: str
    args: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """The loop variable of a comprehension, or an attribute of it."""

    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Each:
    """A list with one `item` for each element of `over`."""

    over: Value
    item: Value


@dataclass(frozen=True, slots=True)
class Pairs:
    """A dict made of a list of messages with key and value."""

    over: Value


@dataclass(frozen=True, slots=True)
class Called:
    """A conversion: `list(x)`, `TraceStatus.from_proto(x)`, `x.to_proto()`."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class StoreOf:
    """A store: `tracking`, `model_registry`."""

    label: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What store call number `call` answered, or an attribute or element of it."""

    call: int
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answering:
    """The response message, or the submessage of it that `path` names."""

    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that was not understood, as Python writes it."""

    text: str


Value = (
    Request | Asked | Const | Either | Maybe | Made | Item | Each | Pairs
    | Called | StoreOf | Returned | Answering | Unknown
)  # fmt: skip

NONE = Const("None")


def fields_of(value: Value) -> tuple[str, ...]:
    """The request fields (first parts of their paths) that a value is made of, in order."""
    match value:
        case Asked(path):
            return path[:1]
        case Either(first, second):
            return (*fields_of(first), *fields_of(second))
        case Maybe(inner) | Called(_, inner) | Pairs(inner):
            return fields_of(inner)
        case Each(over, item):
            return (*fields_of(over), *fields_of(item))
        case Made(_, args):
            return tuple(name for _, arg in args for name in fields_of(arg))
        case _:
            return ()


def understood(value: Value) -> bool:
    """Whether no part of a value is unknown."""
    match value:
        case Unknown():
            return False
        case Either(first, second):
            return understood(first) and understood(second)
        case Maybe(inner) | Called(_, inner) | Pairs(inner):
            return understood(inner)
        case Each(over, item):
            return understood(over) and understood(item)
        case Made(_, args):
            return all(understood(arg) for _, arg in args)
        case _:
            return True
