"""When a value is true and how two values compare, as conditions over request fields.

What a field can be is decided here: a scalar of a parsed message is never None and has its type, a
message is always true, a part of the URL is a string that is not empty.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable as Fn
from dataclasses import replace
from typing import Any

from porter.source.constraints import finite, membership
from porter.source.constraints.formulas import (
    FALSE,
    TRUE,
    Atom,
    Formula,
    either,
    known,
    negate,
    pick,
)
from porter.source.constraints.values import (
    ITEM,
    Bool,
    Choice,
    Const,
    Dict,
    Member,
    Ref,
    Seq,
    Unknown,
    Value,
    deps,
    mixed,
    plain,
)

INTEGERS = frozenset({
    "int32", "int64", "uint32", "uint64", "sint32", "sint64",
    "fixed32", "fixed64", "sfixed32", "sfixed64",
})  # fmt: skip
_TYPES: dict[str, frozenset[str]] = {
    "string": frozenset({"str", "Sequence", "Iterable", "Hashable"}),
    "bytes": frozenset({"bytes"}),
    "bool": frozenset({"bool", "int", "Number"}),
    "enum": frozenset({"int", "Number", "Integral"}),
    "double": frozenset({"float", "Number", "Real"}),
    "float": frozenset({"float", "Number", "Real"}),
    **dict.fromkeys(INTEGERS, frozenset({"int", "Number", "Integral", "Real"})),
}
_MANY = frozenset({"list", "Iterable", "Sequence", "Collection"})
_MAP = frozenset({"dict", "Mapping", "Iterable", "Collection"})
_BUILTIN = frozenset(
    {"str", "bytes", "bool", "int", "float", "list", "dict", "tuple", "set", "NoneType"}
)
_FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}  # fmt: skip
_PYTHON: dict[type[ast.cmpop], Fn[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip


def truth(value: Value) -> Formula:
    """When a value is true."""
    match value:
        case Const(inner, None):
            return known(bool(plain(value)) if inner is not None else False)
        case Const(inner, str(env)):
            return Atom("env", arg=env, holds=bool(inner))
        case Bool(formula):
            return formula
        case Ref():
            return _truthy(value)
        case Choice(options):
            return pick((c, truth(v)) for c, v in options)
        case Unknown():
            return unknown(value)
        case Seq():
            if value.filled is not None:
                return value.filled
            return either(c for c, _ in value.items)
        case Dict():
            if value.filled is not None:
                return value.filled
            return TRUE if value.known else either(c for c, _, _ in value.pairs)
        case _:
            return TRUE


def unknown(value: Unknown) -> Atom:
    """The test of something that is not known more closely."""
    return Atom("pure" if value.pure and value.deps else "opaque", arg=value.at, deps=value.deps)


def absent(value: Value) -> Formula:
    """When a value is None."""
    match value:
        case Const(None):
            return TRUE
        case Bool(formula, True):
            return negate(formula)
        case Choice(options):
            return pick((c, absent(v)) for c, v in options)
        case Unknown():
            return unknown(Unknown(value.deps, value.pure, f"{value.at} is None"))
        case Ref() if value.origin == "raw" and value.optional and not value.ops:
            return atom("none", value)
        case Ref() if ITEM in value.ops:
            return unknown(Unknown(deps(value), True, f"{value.ops} is None"))
        case _:
            return FALSE


def atom(op: str, ref: Ref, arg: object = None) -> Atom:
    """A test of a field."""
    return Atom(op, ref, arg, deps=frozenset((ref.path,)))


def instance_of(value: Value, types: frozenset[str], at: str) -> Formula:
    """When `isinstance(value, types)` holds; `types` by their last names."""
    match value:
        case Choice(options):
            return pick((c, instance_of(v, types, at)) for c, v in options)
        case Ref() if value.ops and set(value.ops) <= {ITEM, *finite.TEXT}:
            return known("str" in types)
        case Ref() if value.ops:
            return unknown(Unknown(deps(value), True, at))
        case Ref(origin="raw") if _map_key(value):
            return known("str" in types)
        case Ref(origin="raw"):
            return atom("is", value, tuple(sorted(types)))
        case Ref():
            mine = _MAP if value.kind == "map" else _MANY if value.many else _TYPES.get(value.kind)
            if mine is not None and types & mine:
                return TRUE
            return FALSE if types <= _BUILTIN else unknown(Unknown(deps(value), False, at))
        case Const(Member(cls=cls, value=inner)):
            return known(bool({cls, "Enum", *(c.__name__ for c in type(inner).__mro__)} & types))
        case Const(inner):
            return known(bool({c.__name__ for c in type(inner).__mro__} & types))
        case Seq():
            return known(bool(types & {"list", "tuple", "set", "Iterable", "Sequence"}))
        case Dict():
            return known(bool(types & _MAP))
        case _:
            return unknown(mixed(at, value))


def compare(op: ast.cmpop, left: Value, right: Value, at: str) -> Formula:
    """When `left op right` holds."""
    if isinstance(left, Choice):
        return pick((c, compare(op, v, right, at)) for c, v in left.options)
    if isinstance(right, Choice):
        return pick((c, compare(op, left, v, at)) for c, v in right.options)
    if isinstance(op, ast.NotEq | ast.NotIn | ast.IsNot):
        positive = {ast.NotEq: ast.Eq(), ast.NotIn: ast.In(), ast.IsNot: ast.Is()}[type(op)]
        return negate(compare(positive, left, right, at))
    if isinstance(right, Const) and right.value is None:
        return absent(left)
    mine, other = plain(left), plain(right)
    if mine is not ... and other is not ...:
        return _constants(op, left, right, mine, other)
    if isinstance(op, ast.In):
        return membership.contained(left, right, mine, other, at)
    if isinstance(left, Ref) and isinstance(right, Ref):
        return _fields(op, left, right, at)
    if isinstance(right, Ref) and type(op) in _FLIPPED:
        return compare(_FLIPPED[type(op)](), right, left, at)
    if isinstance(left, Ref) and other is not ...:
        found = _against(op, left, other)
        if found is not None:
            env = right.env if isinstance(right, Const) else None
            return _marked(found, env)
    return unknown(mixed(at, left, right))


def _truthy(ref: Ref) -> Formula:
    if ref.kind == "message" and not ref.many and ref.origin == "proto":
        return TRUE
    if not ref.path:
        return TRUE
    if ref.origin == "url" and not ref.ops:
        return TRUE
    return atom("truthy", ref)


def _constants(op: ast.cmpop, left: Value, right: Value, mine: object, other: object) -> Formula:
    try:
        holds = bool(_PYTHON[type(op)](mine, other))
    except TypeError:
        return FALSE
    env = next((v.env for v in (left, right) if isinstance(v, Const) and v.env), None)
    return known(holds) if env is None else Atom("env", arg=f"{env} {mine} {other}", holds=holds)


def _against(op: ast.cmpop, ref: Ref, other: object) -> Formula | None:
    """A field against a constant."""
    number = isinstance(other, int | float) and not isinstance(other, bool)
    if ref.ops[-1:] == ("len",) and number:
        cut = ref.ops[-2:-1]
        if cut and cut[0].startswith("slice:") and isinstance(op, ast.Gt | ast.LtE):
            if int(cut[0][6:]) <= float(str(other)):
                return known(isinstance(op, ast.LtE))
            ref = replace(ref, ops=(*ref.ops[:-2], "len"))
        counted = _counted(op, ref, other)
        if counted is not None:
            return counted
    if isinstance(op, ast.Eq | ast.Is):
        if other in ("", ()) and ref.origin != "raw":
            return negate(truth(ref))
        found = finite.among(ref, (other,))
        return found if found is not None else atom("eq", ref, other)
    if not number:
        return None
    match op:
        case ast.Lt():
            return atom("lt", ref, other)
        case ast.LtE():
            return atom("le", ref, other)
        case ast.Gt():
            return negate(atom("le", ref, other))
        case ast.GtE():
            return negate(atom("lt", ref, other))
        case _:
            return None


def _counted(op: ast.cmpop, ref: Ref, other: object) -> Formula | None:
    """`len(x) == 0` and its like, which are tests of whether there is anything."""
    whole = replace(ref, ops=ref.ops[:-1], optional=False)
    match op, other:
        case (ast.Eq(), 0) | (ast.LtE(), 0) | (ast.Lt(), 1):
            return negate(truth(whole))
        case (ast.Gt(), 0) | (ast.GtE(), 1):
            return truth(whole)
        case _:
            return None


def _marked(formula: Formula, env: str | None) -> Formula:
    """The same test, marked as taking its bound from an environment variable."""
    if env is None or not isinstance(formula, Atom):
        return formula
    return Atom(
        formula.op, formula.ref, formula.arg, formula.positive, formula.deps, formula.holds, env
    )


def _fields(op: ast.cmpop, left: Ref, right: Ref, at: str) -> Formula:
    if left.path == right.path and isinstance(op, ast.Eq | ast.Lt | ast.Gt):
        for one, other in ((left, right), (right, left)):
            if "normpath" in one.ops:
                found = atom("path", one)
                return negate(found) if isinstance(op, ast.Eq) else found
            if {"set", "fromkeys"} & set(one.ops) and not {"set", "fromkeys"} & set(other.ops):
                found = atom("dup", other)
                return negate(found) if isinstance(op, ast.Eq) else found
        if left == right:
            return known(isinstance(op, ast.Eq))
    if left.path != right.path:
        return Atom("cross", arg=at, deps=frozenset((left.path, right.path)))
    return unknown(mixed(at, left, right))


def _map_key(ref: Ref) -> bool:
    """Whether a value is a key of a JSON object, which is a string whatever was sent."""
    return ref.entry and ref.path.endswith(".key") and not ref.ops
