"""Python conditions and messages over request fields as Go says them."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass, field

from porter.core.endpoint import Field, go_camel
from porter.source.mlflow import Found, Function, Index, Module
from porter.source.scaffold.initialisms import exported

_RE2_LACKS = re.compile(r"\(\?[=!<]|\\[1-9]|\(\?P=")
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.Eq, ast.NotEq: ast.NotEq, ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}  # fmt: skip
_VERBS = {"string": "%s", "bool": "%t", "double": "%v", "float": "%v"}


@dataclass(frozen=True, slots=True)
class Operand:
    """A request field in a condition; `nullable`: Python sees None where it is not set.

    `name` is the Go expression of its value.
    """

    field: Field
    name: str
    nullable: bool = False
    fallback: str | None = None
    """The field that is read where this one is empty."""


@dataclass
class Scope:
    """What the names of a Python function mean, and what the Go so far needs beside it."""

    index: Index
    module: Module
    names: dict[str, Operand | str]
    """Request fields, or constants as Python text."""
    regexes: dict[str, str] = field(default_factory=dict)
    packages: set[str] = field(default_factory=set)


TRUE, FALSE = "true", "false"


def condition(scope: Scope, node: ast.expr) -> str | None:
    """A test as Go, `true` or `false` where it is decided, None where Go cannot say it."""
    match node:
        case ast.BoolOp(op=op, values=values):
            return _joined([condition(scope, value) for value in values], isinstance(op, ast.And))
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return negated(_truth(scope, inner))
        case ast.Compare():
            match simplified(scope, node):
                case ast.Compare(left=left, ops=[sign], comparators=[right]):
                    return _compared(scope, left, sign, right)
                case chain:
                    return condition(scope, chain)
        case _:
            return _truth(scope, node)


def simplified(scope: Scope, node: ast.Compare) -> ast.expr:
    """A comparison with a constant on its right, a chain of them as `and`."""
    if len(node.ops) > 1:
        terms = [node.left, *node.comparators]
        pairs = zip(terms, node.ops, terms[1:], strict=False)
        return ast.BoolOp(ast.And(), [ast.Compare(a, [op], [b]) for a, op, b in pairs])
    left, right = (_fixed(scope, part) for part in (node.left, node.comparators[0]))
    other = _MIRRORED.get(type(node.ops[0]))
    if isinstance(left, ast.Constant) and not isinstance(right, ast.Constant) and other:
        return ast.Compare(right, [other()], [left])
    return ast.Compare(left, node.ops, [right])


def _fixed(scope: Scope, node: ast.expr) -> ast.expr:
    """The constant that a name of the module stands for, else the expression itself."""
    if isinstance(node, ast.Name) and node.id not in scope.names:
        value = _constant(scope, node.id)
        return value if isinstance(value, ast.Constant) else node
    return node


def message(scope: Scope, node: ast.expr) -> tuple[str, list[str]] | None:
    """A text as a format for Sprintf with its arguments, or None where a part is not known."""
    match node:
        case ast.Constant(value=str(text)):
            return text.replace("%", "%%"), []
        case ast.JoinedStr(values=parts):
            return _formatted(scope, parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            first, second = message(scope, left), message(scope, right)
            return None if not first or not second else (first[0] + second[0], first[1] + second[1])
        case ast.Name(id=name) if isinstance(scope.names.get(name), str):
            return message(scope, ast.parse(str(scope.names[name]), mode="eval").body)
        case ast.Name(id=name):
            value = _constant(scope, name)
            return message(scope, value) if value is not None else None
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _answered(scope, name, args)
        case _:
            return None


def negated(text: str | None) -> str | None:
    """The opposite of a Go condition."""
    if text is None or text in (TRUE, FALSE):
        return {TRUE: FALSE, FALSE: TRUE}.get(text or "")
    for one, other in (("==", "!="), ("!=", "=="), ("<=", ">"), (">=", "<")):
        if f" {one} " in text and "&&" not in text and "||" not in text:
            return text.replace(f" {one} ", f" {other} ")
    if text.startswith("!"):
        return text[1:]
    return f"!{text}" if re.fullmatch(r"[\w.()]+", text) else f"!({text})"


def operand(scope: Scope, node: ast.expr) -> Operand | None:
    """The request field that a Python expression is, or None."""
    match node:
        case ast.Name(id=name):
            found = scope.names.get(name)
            return found if isinstance(found, Operand) else None
        case ast.Attribute(value=ast.Name(id=base), attr=name):
            found = scope.names.get(f"{base}.{name}")
            return found if isinstance(found, Operand) else None
        case _:
            return None


def compiled(scope: Scope, name: str) -> str | None:
    """The text of a pattern that the module compiles under a name, or None."""
    match _constant(scope, name):
        case ast.Call(func=func, args=[ast.Constant(value=str(text))]) if (
            ast.unparse(func) == "re.compile"
        ):
            return text
        case _:
            return None


def _joined(parts: list[str | None], every: bool) -> str | None:
    if any(part is None for part in parts):
        return None
    neutral, deciding = (TRUE, FALSE) if every else (FALSE, TRUE)
    left = [part for part in parts if part is not None and part != neutral]
    if deciding in left:
        return deciding
    if len(left) <= 1:
        return left[0] if left else neutral
    inner = [f"({part})" if " || " in part and every else part for part in left]
    return (" && " if every else " || ").join(inner)


def _truth(scope: Scope, node: ast.expr) -> str | None:
    found = operand(scope, node)
    if found is not None:
        return _filled(found)
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="match"), args=[value]):
            return _matched(scope, name, value)
        case ast.BoolOp() | ast.Compare() | ast.UnaryOp():
            return condition(scope, node)
        case _:
            return None


def _filled(found: Operand) -> str | None:
    """Truth as Python has it: not empty, not zero."""
    kind = found.field.kind
    if found.field.repeated:
        return f"len({found.name}) != 0"
    if kind == "string":
        return f'{found.name} != ""'
    if kind == "bool":
        return found.name
    if kind in ("message", "map", "enum", "bytes"):
        return None
    return f"{found.name} != 0"


def _compared(scope: Scope, left: ast.expr, op: ast.cmpop, right: ast.expr) -> str | None:
    if isinstance(right, ast.Constant) and right.value is None and isinstance(op, ast.Is):
        return _absent(scope, left)
    if isinstance(right, ast.Constant) and right.value is None and isinstance(op, ast.IsNot):
        return negated(_absent(scope, left))
    sign = _OPERATORS.get(type(op))
    if sign is None or not isinstance(right, ast.Constant):
        return None
    if isinstance(left, ast.Call) and isinstance(left.func, ast.Attribute):
        found = operand(scope, left.func.value)
        if found is not None and left.func.attr == "lower" and isinstance(right.value, str):
            scope.packages.add("strings")
            return f"strings.ToLower({found.name}) {sign} {_go_string(right.value)}"
        return None
    found = operand(scope, left)
    if found is None or found.field.repeated:
        return None
    if isinstance(right.value, str) and found.field.kind == "string":
        return f"{found.name} {sign} {_go_string(right.value)}"
    if isinstance(right.value, int) and "int" in found.field.kind:
        return f"{found.name} {sign} {right.value}"
    return None


def _absent(scope: Scope, node: ast.expr) -> str | None:
    """`x is None`. A field that the handler hands on as it is holds its default, never None."""
    found = operand(scope, node)
    if found is not None:
        if not found.nullable or found.field.repeated:
            return FALSE
        return f"input.{go_camel(found.field.name)} == nil"
    return negated(_truth(scope, node)) if isinstance(node, ast.Call) else None


def _matched(scope: Scope, name: str, value: ast.expr) -> str | None:
    """`PATTERN.match(x)` with a compiled pattern of the module."""
    found, text = operand(scope, value), compiled(scope, name)
    if found is None or found.field.kind != "string" or text is None:
        return None
    if _RE2_LACKS.search(text) or "`" in text:
        return None
    go_name = exported(name.strip("_").lower())
    scope.regexes[go_name] = text if text.startswith("^") else f"^(?:{text})"
    return f"{go_name}.MatchString({found.name})"


def _constant(scope: Scope, name: str) -> ast.expr | None:
    found = scope.index.resolve(scope.module, name)
    if isinstance(found, Found) and isinstance(found.node, ast.Assign | ast.AnnAssign):
        return found.node.value
    return None


def _formatted(scope: Scope, parts: list[ast.expr]) -> tuple[str, list[str]] | None:
    text, given = "", list[str]()
    for part in parts:
        if isinstance(part, ast.FormattedValue):
            if part.format_spec is not None or part.conversion != -1:
                return None
            found = operand(scope, part.value)
            if found is not None and not found.field.repeated:
                text += _VERBS.get(found.field.kind, "%d")
                given.append(found.name)
                continue
            inner = message(scope, part.value)
        else:
            inner = message(scope, part)
        if inner is None:
            return None
        text, given = text + inner[0], given + inner[1]
    return text, given


def _answered(scope: Scope, name: str, args: list[ast.expr]) -> tuple[str, list[str]] | None:
    """The text that a small function of the module returns."""
    found = scope.index.resolve(scope.module, name)
    if not isinstance(found, Found) or not isinstance(found.node, Function):
        return None
    body = [n for n in found.node.body if not isinstance(n, ast.Expr)]
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        return None
    names: dict[str, Operand | str] = {}
    for parameter, arg in zip(found.node.args.args, args, strict=False):
        known = operand(scope, arg) or _text(scope, arg)
        if known is not None:
            names[parameter.arg] = known
    inner = Scope(scope.index, found.module, names)
    return message(inner, body[0].value)


def _text(scope: Scope, node: ast.expr) -> str | None:
    """A constant as Python writes it, also under the name it has here."""
    known = scope.names.get(node.id) if isinstance(node, ast.Name) else None
    fixed = _fixed(scope, node)
    if isinstance(fixed, ast.Constant):
        return ast.unparse(fixed)
    return known if isinstance(known, str) else None


def _go_string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
