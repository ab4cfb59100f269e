"""What a Python expression is in terms of the request: a field and what was made of it, a constant,
something built of these, or something that nobody knows. A closed union for the interpreter.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace
from dataclasses import field as attr
from typing import Literal

from porter.core.endpoint import Field, Message
from porter.core.question import Evidence
from porter.source.constraints.formulas import TRUE, Formula, Known
from porter.source.mlflow import Found, Module

Origin = Literal["proto", "raw", "url"]
"""How a field is read: from the parsed message, from the JSON as it came, or from the URL."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A request field, or what pure functions (`ops`) made of it.

    `path` is the dotted proto path, "" the request itself. `many` is a whole list or map, an
    element of it has the same path. `optional`: the value may be absent where this is read (raw).
    """

    path: str
    origin: Origin = "proto"
    many: bool = False
    ops: tuple[str, ...] = ()
    optional: bool = False
    entry: bool = False
    """Whether it is the key or value of a map's entry."""
    field: Field | None = attr(default=None, compare=False, repr=False)
    message: Message | None = attr(default=None, compare=False, repr=False)
    enum: tuple[tuple[str, int], ...] = attr(default=(), compare=False, repr=False)
    """The names and numbers that a field of an enum can hold."""

    def then(self, op: str) -> Ref:
        """This value after a pure function of that name."""
        return replace(self, ops=(*self.ops, op))

    @property
    def kind(self) -> str:
        """The proto kind of a plain field, "" for what functions made of it."""
        return self.field.kind if self.field is not None and not self.ops else ""


@dataclass(frozen=True, slots=True)
class Const:
    """A constant; `env` names the environment variable that it is the default of."""

    value: object
    env: str | None = None


@dataclass(frozen=True, slots=True)
class Regex:
    """A compiled pattern."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Bool:
    """A truth; `nullable` is a regex match, which is None where it does not hold."""

    formula: Formula
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values, each under its condition."""

    options: tuple[tuple[Formula, Value], ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value nobody knows; `deps` are the fields it hangs on, `pure` that nothing else decides."""

    deps: frozenset[str] = frozenset()
    pure: bool = False
    at: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an enum of the tree, held in a `Const`."""

    cls: str
    name: str
    value: object


@dataclass(eq=False)
class Seq:
    """A list, tuple or set with its items, each under the condition it was put in."""

    items: list[tuple[Formula, Value]] = attr(default_factory=list)
    exact: bool = True
    """Whether the items are all there is, one by one (else each stands for many)."""
    filled: Formula | None = None
    """When it holds anything, where the items do not say so."""
    born: int = 0
    """How many gates were on the path where it was made."""


@dataclass(eq=False)
class Dict:
    """A dict: known keys, and pairs that stand for many."""

    known: dict[object, Value] = attr(default_factory=dict)
    pairs: list[tuple[Formula, Value, Value]] = attr(default_factory=list)
    rest: frozenset[str] = frozenset()
    filled: Formula | None = None
    born: int = 0
    places: dict[object, Evidence] = attr(default_factory=dict)


@dataclass(eq=False)
class Callable:
    """A function, lambda or method with what it closes over."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    module: Module
    closure: dict[str, Value] | None = None
    bound: Value | None = None
    owner: Found | None = None
    bare: bool = False
    """Whether it is what a decorator was given: its decorators are not applied again."""


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the MLflow tree."""

    found: Found


@dataclass(eq=False)
class Instance:
    """An object of a class of the tree with the attributes that are known."""

    cls: Found
    attrs: dict[str, Value] = attr(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Super:
    """`super()` in a method of `owner`."""

    instance: Value
    owner: Found


@dataclass(frozen=True, slots=True)
class Package:
    """A module of the MLflow tree."""

    module: Module


@dataclass(frozen=True, slots=True)
class External:
    """A name from outside the tree, dotted: `re.match`, `builtins.len`."""

    name: str


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a generated class says of a message, or of one of its fields."""

    of: Message | Field


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a value that is not of the tree: `"…".join`, `ref.lower`."""

    target: Value
    name: str


Value = (
    Ref | Const | Regex | Bool | Choice | Unknown | Seq | Dict | Callable | Class | Instance
    | Super | Package | External | Method | Descriptor
)  # fmt: skip

NONE = Const(None)
ITEM = "item"
"""The function that takes one entry out of a map."""
MISSING = Const(...)
"""What stands where a dict may lack a key, so that the parameter's default is taken."""
OPAQUE = Unknown()


def deps(value: Value, depth: int = 6) -> frozenset[str]:
    """The fields that a value hangs on."""
    if depth < 0:
        return frozenset()
    match value:
        case Ref():
            return frozenset((value.path,))
        case Unknown():
            return value.deps
        case Bool():
            return frozenset().union(*(a.deps for a in value.formula.atoms()))
        case Choice():
            return _all((v for _, v in value.options), depth)
        case Seq():
            return _all((v for _, v in value.items), depth)
        case Dict():
            pairs = (v for _, k, w in value.pairs for v in (k, w))
            return _all((*value.known.values(), *pairs), depth) | value.rest
        case Instance():
            return _all(value.attrs.values(), depth)
        case Method():
            return deps(value.target, depth - 1)
        case Callable():
            inner = value.closure.values() if value.closure and depth > 2 else ()
            bound = () if value.bound is None else (value.bound,)
            return _all((*inner, *bound), min(depth, 3))
        case Super():
            return deps(value.instance, depth - 1)
        case _:
            return frozenset()


def pure(value: Value, depth: int = 6) -> bool:
    """Whether nothing but fields and constants decides a value."""
    match value:
        case Unknown():
            return value.pure
        case Choice():
            return depth > 0 and all(pure(v, depth - 1) for _, v in value.options)
        case Seq():
            return depth > 0 and all(pure(v, depth - 1) for _, v in value.items)
        case Dict():
            pairs = (v for _, k, w in value.pairs for v in (k, w))
            return depth > 0 and all(pure(v, depth - 1) for v in (*value.known.values(), *pairs))
        case Bool():
            return all(atom.op != "opaque" for atom in value.formula.atoms())
        case Method():
            return pure(value.target, depth - 1)
        case Instance():
            return depth > 0 and all(pure(v, depth - 1) for v in value.attrs.values())
        case _:
            return True


def tracked(value: Value) -> bool:
    """Whether a call that is handed this value may check a field: it holds more than leftovers."""
    return bool(deps(value)) and (not isinstance(value, Unknown) or value.pure)


def mixed(at: str, *values: Value) -> Unknown:
    """Something made of these values, at that place, by a pure function not known more closely."""
    together: frozenset[str] = frozenset().union(*(deps(v) for v in values))
    return Unknown(together, bool(together) and all(pure(v) for v in values), at)


def opaque(*values: Value) -> Unknown:
    """Something made of these values and of more than the request."""
    return Unknown(frozenset().union(*(deps(v) for v in values)))


def plain(value: Value) -> object:
    """The Python value of a constant, of an enum's member its value; `...` for anything else."""
    match value:
        case Const(Member(value=inner)):
            return inner
        case Const(inner):
            return inner
        case Bool(Known(known), False):
            return known
        case Seq(items=items, exact=True) if all(c == TRUE for c, _ in items):
            inner = tuple(plain(v) for _, v in items)
            return ... if any(v is ... for v in inner) else inner
        case _:
            return ...


def _all(values: Iterable[Value], depth: int) -> frozenset[str]:
    out: frozenset[str] = frozenset()
    for value in values:
        out |= deps(value, depth - 1)
    return out
