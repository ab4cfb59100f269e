"""Python expressions of a handler read as values in terms of the request."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from porter.core.question import Evidence
from porter.source.mlflow import Found, Function, Index
from porter.source.mlflow.reading import Reading, StoreCall, Unread
from porter.source.mlflow.values import (
    NONE,
    Answering,
    Asked,
    Called,
    Const,
    Each,
    Either,
    Item,
    Made,
    Maybe,
    Pairs,
    Request,
    Returned,
    StoreOf,
    Unknown,
    Value,
)

REQUEST_READER = "_get_request_message"
"""The function of handlers.py that reads and checks a request; all handlers call it."""
STORE_GETTER = re.compile(r"^_get_(\w+)_store$")
_WRAPPERS = {"_wrap_response", "message_to_json"}
_DEPTH = 4


def value_of(reading: Reading, node: ast.expr) -> Value:
    """An expression as a value; store calls inside it are recorded in order."""
    match node:
        case ast.Constant():
            return Const(repr(node.value))
        case ast.List(elts=[]) | ast.Dict(keys=[]):
            return Const(ast.unparse(node))
        case ast.Name(id=name):
            return reading.env.get(name, Unknown(name))
        case ast.Attribute():
            return _attribute(reading, node)
        case ast.BoolOp(op=ast.Or(), values=[first, second]):
            return _either(value_of(reading, first), value_of(reading, second))
        case ast.IfExp():
            return chosen(
                reading, node.test, value_of(reading, node.body), value_of(reading, node.orelse)
            )
        case ast.ListComp(elt=item, generators=[loop]) if isinstance(loop.target, ast.Name):
            over = value_of(reading, loop.iter)
            inner = _with(reading, loop.target.id, Item())
            return Each(over, value_of(inner, item)) if not loop.ifs else unknown(reading, node)
        case ast.DictComp(generators=[loop]) if not loop.ifs:
            return Pairs(value_of(reading, loop.iter))
        case ast.Subscript(value=inner, slice=ast.Constant(value=int(at))):
            value = value_of(reading, inner)
            return (
                Returned(value.call, (*value.path, str(at)))
                if isinstance(value, Returned)
                else unknown(reading, node)
            )
        case ast.Call():
            return _call(reading, node)
        case _:
            return unknown(reading, node)


def unknown(reading: Reading, node: ast.AST) -> Unknown:
    """A node that was not understood, on one line."""
    return Unknown(" ".join(ast.unparse(node).split()))


def truth(reading: Reading, test: ast.expr) -> Value | None:
    """The request field whose presence or truth a condition asks, or None for other conditions."""
    match test:
        case ast.Call(func=ast.Attribute(value=base, attr="HasField"), args=[name]):
            value = _of_field(value_of(reading, base), value_of(reading, name))
            return Maybe(value) if value is not None else None
        case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return value_of(reading, left)
        case ast.Attribute() | ast.Name():
            value = value_of(reading, test)
            return None if isinstance(value, Unknown) else value
        case _:
            return None


def chosen(reading: Reading, test: ast.expr, then: Value, other: Value) -> Value:
    """`then if test else other`, where it says no more than that a field may be unset."""
    asked = truth(reading, test)
    if asked is not None and (other == NONE or _empty(other)):
        return Maybe(then) if other == NONE else then
    return then if then == other else Unknown(f"{ast.unparse(test)} ? {then} : {other}")


def _empty(value: Value) -> bool:
    return isinstance(value, Const) and value.text in ("[]", "{}", "''", "0")


def _either(first: Value, second: Value) -> Value:
    if second == NONE or _empty(second):
        return Maybe(first)
    return Either(first, second)


def _attribute(reading: Reading, node: ast.Attribute) -> Value:
    match value_of(reading, node.value):
        case Request():
            return Asked((node.attr,))
        case Asked(path):
            return Asked((*path, node.attr))
        case Item(path):
            return Item((*path, node.attr))
        case Returned(call, path):
            return Returned(call, (*path, node.attr))
        case Answering(path):
            return Answering((*path, node.attr))
        case Called("to_proto", inner) if isinstance(inner, Returned):
            return Returned(inner.call, (*inner.path, node.attr))
        case Unknown(text) if text[:1].isupper() and node.attr.isupper():
            return Const(f"{text}.{node.attr}")
        case _:
            return unknown(reading, node)


def _call(reading: Reading, node: ast.Call) -> Value:
    name = ast.unparse(node.func)
    if getter := STORE_GETTER.match(name):
        return StoreOf(getter[1])
    if name == REQUEST_READER:
        return Request()
    if name in _WRAPPERS and node.args:
        return value_of(reading, node.args[0])
    if name == "getattr" and len(node.args) >= 2:
        found = _of_field(value_of(reading, node.args[0]), value_of(reading, node.args[1]))
        return found or unknown(reading, node)
    if isinstance(node.func, ast.Attribute):
        return _method(reading, node, node.func)
    return _plain(reading, node, name)


def _method(reading: Reading, node: ast.Call, func: ast.Attribute) -> Value:
    if func.attr == "Response" and not isinstance(func.value, ast.Call):
        for keyword in node.keywords:
            if keyword.arg:
                reading.built.append(((keyword.arg,), value_of(reading, keyword.value), False))
        return Answering()
    base = value_of(reading, func.value)
    if isinstance(base, StoreOf):
        reading.calls.append(
            StoreCall(base.label, func.attr, arguments(reading, node), _evidence(reading, node))
        )
        return Returned(len(reading.calls) - 1)
    if func.attr == "to_proto" and not node.args:
        return Called("to_proto", base)
    if not isinstance(base, Unknown) or len(node.args) != 1 or node.keywords:
        return unknown(reading, node)
    return Called(ast.unparse(func), value_of(reading, node.args[0]))


def _plain(reading: Reading, node: ast.Call, name: str) -> Value:
    if name in reading.local:
        return _inlined(reading, Found(reading.module, reading.local[name]), node)
    found = reading.index.resolve(reading.module, name)
    if isinstance(found, Found) and isinstance(found.node, Function):
        given = [value_of(reading, arg) for arg in node.args if not isinstance(arg, ast.Starred)]
        if any(isinstance(value, Request) for value in given) or _calls_store(found):
            return _inlined(reading, found, node)
        if len(given) != 1:
            return unknown(reading, node)
        if any(isinstance(inner, ast.Raise) for inner in ast.walk(found.node)):
            text = reading.module.text(node) or ast.unparse(node)
            place = _evidence(reading, node)
            reading.unread.append(Unread("call", text, place, before=not reading.calls))
        return Called(name, given[0])
    if isinstance(found, Found) and isinstance(found.node, ast.ClassDef):
        return Made(name, named(reading.index, found, arguments(reading, node)))
    if len(node.args) == 1 and not node.keywords:
        return Called(name, value_of(reading, node.args[0]))
    if name[:1].isupper() and (node.args or node.keywords):
        return Made(name, arguments(reading, node))
    return unknown(reading, node)


def arguments(reading: Reading, node: ast.Call) -> tuple[tuple[str, Value], ...]:
    """The arguments of a call in order, positional ones by number."""
    positional = [(str(at), value_of(reading, arg)) for at, arg in enumerate(node.args)]
    keywords = [(k.arg or "**", value_of(reading, k.value)) for k in node.keywords]
    return (*positional, *keywords)


def named(
    index: Index, cls: Found, given: tuple[tuple[str, Value], ...]
) -> tuple[tuple[str, Value], ...]:
    """A constructor's arguments by the names that `__init__` (or a dataclass) gives them."""
    init = index.member(cls, "__init__")
    if init is not None and isinstance(init.node, Function):
        names = [arg.arg for arg in init.node.args.args[1:]]
    else:
        assert isinstance(cls.node, ast.ClassDef)
        names = [
            n.target.id
            for n in cls.node.body
            if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)
        ]
    return tuple(
        (names[int(key)] if key.isdigit() and int(key) < len(names) else key, value)
        for key, value in given
    )


def _inlined(reading: Reading, found: Found, node: ast.Call) -> Value:
    if reading.inline is None or reading.depth >= _DEPTH:
        return unknown(reading, node)
    return reading.inline(reading, found, node)


def _calls_store(found: Found) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and STORE_GETTER.match(node.func.id)
        for node in ast.walk(found.node)
    )


def _of_field(base: Value, name: Value) -> Value | None:
    if not isinstance(name, Const):
        return None
    attribute = name.text.strip("'\"")
    match base:
        case Request():
            return Asked((attribute,))
        case Asked(path):
            return Asked((*path, attribute))
        case _:
            return None


def _with(reading: Reading, name: str, value: Value) -> Reading:
    return replace(reading, env={**reading.env, name: value})


def _evidence(reading: Reading, node: ast.AST) -> Evidence:
    return reading.module.evidence(node)
