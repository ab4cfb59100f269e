"""Python messages as Go formats: f-strings, `format`, sums, and functions that only return one."""

from __future__ import annotations

import ast
import re
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
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
                assert isinstance(node, ast.Call)
                return self._formatted(text, node)
            case ast.Call():
                return self._inlined(node) or (_verb(node), (ast.unparse(node),))
            case _:
                return _verb(node), (ast.unparse(node),)

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
        if not isinstance(node, Function) or not isinstance(node.body[-1], ast.Return):
            return None
        answer = node.body[-1].value
        simple = sum(not isinstance(part, ast.Expr) for part in node.body) == 1
        if not simple or not isinstance(answer, ast.JoinedStr | ast.Constant):
            return None
        given = {arg.arg: value for arg, value in zip(node.args.args, call.args, strict=False)}
        given.update({k.arg: k.value for k in call.keywords if k.arg})
        text, values = MessageText(self.tree, found.module, self.depth + 1).of(answer)
        parts = [self.of(given[v]) if v in given else ("%s", (v,)) for v in values]
        rest = iter(part for part, _ in parts)
        made = PLACE.sub(lambda m: m[0] if m[0] == "%%" else next(rest, "%s"), text)
        return made, tuple(v for _, vs in parts for v in vs)


def _verb(node: ast.expr) -> str:
    """`%d` for what is surely a number, else `%s`."""
    return "%d" if isinstance(node, ast.Call) and ast.unparse(node.func) == "len" else "%s"
