"""Python messages as Go formats: f-strings, `format`, sums, and functions that only return one."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass

from porter.source.mlflow import Found, Function, Index, Module

PLACE = re.compile(r"%%|%[sd]")
Format = tuple[str, tuple[str, ...]]
"""A Go format with the Python expressions for its places."""
_INLINED = 3
"""How many functions deep a message is followed that a function of MLflow makes."""


@dataclass(frozen=True, slots=True)
class MessageText:
    """A reader of messages for one module; `depth` counts the functions it went into."""

    tree: Index
    module: Module
    depth: int = 0

    def of(self, node: ast.expr) -> Format:
        """A message as a Go format, and the Python expressions for its places."""
        match node:
            case ast.Constant(value=value) if value is not None:
                return str(value).replace("%", "%%"), ()
            case ast.JoinedStr(values=parts):
                pieces = [self.of(part) for part in parts]
                return "".join(p for p, _ in pieces), tuple(v for _, vs in pieces for v in vs)
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                return self.of(value)
            case ast.FormattedValue(value=value):
                return _verb(value), (ast.unparse(value),)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                (a, before), (b, behind) = self.of(left), self.of(right)
                return a + b, before + behind
            case ast.Name(id=name) if (text := self._constant(name)) is not None:
                return text.replace("%", "%%"), ()
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
                assert isinstance(node, ast.Call)
                return self._formatted(text, node)
            case ast.Call():
                return self._inlined(node) or (_verb(node), (ast.unparse(node),))
            case _:
                return _verb(node), (ast.unparse(node),)

    def _constant(self, name: str) -> str | None:
        """The text that a module gives to a name in capitals, or None."""
        found = self.tree.resolve(self.module, name) if name.isupper() else None
        match found.node if isinstance(found, Found) else None:
            case ast.Assign(value=ast.Constant(value=str(text))):
                return text
            case _:
                return None

    def _formatted(self, text: str, call: ast.Call) -> Format:
        """`"…{}…".format(a, b)` and `"…{name}…".format(name=a)`."""
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        rest = iter(call.args)
        values: list[str] = []

        def place(match: re.Match[str]) -> str:
            if match[0] in ("{{", "}}"):
                return match[0][0]
            key = re.split(r"[.!:\[]", match[1])[0]
            if key.isdigit() and int(key) < len(call.args):
                value: ast.expr | None = call.args[int(key)]
            else:
                value = named.get(key) if key else next(rest, None)
            if value is None:
                values.append(key)
                return "%s"
            text, inner = self.of(value)
            values.extend(inner)
            return text

        made = re.sub(r"\{\{|\}\}|\{([^{}]*)\}", place, text.replace("%", "%%"))
        return made, tuple(values)

    def _inlined(self, call: ast.Call) -> Format | None:
        """The text that a function of MLflow returns, its parameters replaced by the arguments."""
        name = ast.unparse(call.func)
        found = self.tree.resolve(self.module, name) if re.fullmatch(r"[\w.]+", name) else None
        if self.depth >= _INLINED or not isinstance(found, Found):
            return None
        node = found.node
        if not isinstance(node, Function):
            return None
        given = _given(node, call)
        bound: dict[str, ast.expr] = {}
        answer = _answer(node.body, given, bound)
        if not isinstance(answer, ast.JoinedStr | ast.Constant):
            return None
        text, values = MessageText(self.tree, found.module, self.depth + 1).of(answer)
        parts = []
        for value in values:
            if value in given:
                parts.append(self.of(given[value]))
            else:
                inner = _placed(bound[value], given) if value in bound else value
                parts.append(("%s", (inner,)))
        rest = iter(part for part, _ in parts)
        made = PLACE.sub(lambda m: m[0] if m[0] == "%%" else next(rest, "%s"), text)
        return made, tuple(v for _, vs in parts for v in vs)


def _given(node: Function, call: ast.Call) -> dict[str, ast.expr]:
    """What a call gives to the parameters, their defaults included."""
    parameters = node.args.args
    defaults = node.args.defaults
    names = [arg.arg for arg in parameters]
    given = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    given |= dict(zip(names, call.args, strict=False))
    return given | {k.arg: k.value for k in call.keywords if k.arg}


def _answer(
    body: list[ast.stmt], given: Mapping[str, ast.expr], bound: dict[str, ast.expr]
) -> ast.expr | None:
    """What a function returns for these arguments; None where that hangs on more than them.

    `bound` takes the locals on the way.
    """
    if not body:
        return None
    row, *rest = body
    match row:
        case ast.Expr(value=ast.Constant()):
            return _answer(rest, given, bound)
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name not in given:
            bound[name] = value
            return _answer(rest, given, bound)
        case ast.Return(value=value):
            return value
        case ast.If(test=test, body=then, orelse=other):
            chosen = _holds(test, given)
            return (
                None
                if chosen is None
                else _answer([*(then if chosen else other), *rest], given, bound)
            )
        case _:
            return None


def _holds(test: ast.expr, given: Mapping[str, ast.expr]) -> bool | None:
    """Whether a parameter is there, where the arguments alone say so."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            held = _holds(inner, given)
            return None if held is None else not held
        case ast.Compare(
            left=ast.Name(id=name), ops=[ast.Is() | ast.IsNot() as op],
            comparators=[ast.Constant(value=None)],
        ) if name in given:  # fmt: skip
            value = given[name]
            if not isinstance(value, ast.Constant | ast.JoinedStr):
                return None
            absent = isinstance(value, ast.Constant) and value.value is None
            return absent == isinstance(op, ast.Is)
        case ast.Name(id=name) if name in given:
            value = given[name]
            if isinstance(value, ast.Constant):
                return bool(value.value)
            said = isinstance(value, ast.JoinedStr) and any(
                isinstance(part, ast.Constant) and part.value for part in value.values
            )
            return True if said else None
        case _:
            return None


def _placed(node: ast.expr, given: Mapping[str, ast.expr]) -> str:
    """A helper's expression in the words of its caller."""

    class Place(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.expr:
            return given.get(name.id, name)

    placed: ast.AST = Place().visit(copy.deepcopy(node))
    return ast.unparse(placed)


def _verb(node: ast.expr) -> str:
    """`%d` for what is surely a number, else `%s`."""
    return "%d" if isinstance(node, ast.Call) and ast.unparse(node.func) == "len" else "%s"
