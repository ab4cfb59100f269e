"""Python text broken into lines as `ruff format` breaks it, for the few forms porter writes.

A bracket that does not fit goes on lines of its own: first with its content on one line, then with
one element a line and a trailing comma (Black's right-hand split).
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Sequence


def statement(node: ast.stmt, indent: int, width: int) -> list[str]:
    """A statement as lines; `width` is the line length of the checkout's settings."""
    pad = " " * indent
    match node:
        case ast.FunctionDef():
            return _function(node, indent, width)
        case ast.If() | ast.Try() | ast.For() | ast.With():
            return _compound(node, indent, width)
        case ast.Assign(targets=[target], value=value):
            return expression(value, indent, width, f"{_plain(target)} = ")
        case ast.Return(value=ast.Tuple(elts=parts)):
            line = f"{pad}return {', '.join(_plain(part) for part in parts)}"
            if len(line) <= width:
                return [line]
            return _bracket("return (", parts, ")", indent, width)
        case ast.Return(value=ast.expr() as value):
            return expression(value, indent, width, "return ")
        case ast.Expr(value=value):
            return expression(value, indent, width)
        case _:
            return [pad + line for line in text(node).splitlines()]


def expression(
    node: ast.expr, indent: int, width: int, head: str = "", tail: str = ""
) -> list[str]:
    """An expression between `head` and `tail`, on one line where it fits."""
    pad = " " * indent
    line = f"{pad}{head}{_plain(node)}{tail}"
    if len(line) <= width:
        return [line]
    match node:
        case ast.Call(func=func):
            parts = [*node.args, *node.keywords]
            return _bracket(f"{head}{_plain(func)}(", parts, f"){tail}", indent, width)
        case ast.List(elts=parts):
            return _bracket(f"{head}[", parts, f"]{tail}", indent, width)
        case ast.ListComp():
            return _comprehension(node, indent, width, head, tail)
        case ast.IfExp() if head.endswith("="):
            return _conditional(node, indent, width, head, tail)
        case ast.IfExp() | ast.BoolOp():
            inner = _broken(node, indent + 4, width)
            return [f"{pad}{head}(", *inner, f"{pad}){tail}"]
        case _:
            return [line]


def text(node: ast.AST) -> str:
    """A node as `ruff format` spells it on one line: strings in double quotes."""
    return _plain(node)


def _function(node: ast.FunctionDef, indent: int, width: int) -> list[str]:
    pad = " " * indent
    arguments = _arguments(node.args)
    returns = f" -> {_plain(node.returns)}" if node.returns else ""
    line = f"{pad}def {node.name}({', '.join(arguments)}){returns}:"
    exploded = getattr(node, "exploded", False)
    packed = f"{pad}    {', '.join(arguments)}"
    if len(line) <= width and not exploded:
        head = [line]
    elif len(packed) <= width and not exploded:
        head = [f"{pad}def {node.name}(", packed, f"{pad}){returns}:"]
    else:
        rows = [f"{pad}    {argument}," for argument in arguments]
        head = [f"{pad}def {node.name}(", *rows, f"{pad}){returns}:"]
    return head + [row for inner in node.body for row in statement(inner, indent + 4, width)]


def _arguments(args: ast.arguments) -> list[str]:
    """Parameters as text, with their annotations and defaults."""
    found = []
    positional = [*args.posonlyargs, *args.args]
    gap = len(positional) - len(args.defaults)
    for at, arg in enumerate(positional):
        found.append(_argument(arg, args.defaults[at - gap] if at >= gap else None))
    if args.vararg:
        found.append(f"*{_argument(args.vararg, None)}")
    elif args.kwonlyargs:
        found.append("*")
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        found.append(_argument(arg, default))
    if args.kwarg:
        found.append(f"**{_argument(args.kwarg, None)}")
    return found


def _argument(arg: ast.arg, default: ast.expr | None) -> str:
    if arg.annotation is None:
        return arg.arg + (f"={_plain(default)}" if default else "")
    return f"{arg.arg}: {_plain(arg.annotation)}" + (f" = {_plain(default)}" if default else "")


def _bracket(
    opening: str, parts: Sequence[ast.AST], closing: str, indent: int, width: int
) -> list[str]:
    pad = " " * indent
    packed = f"{pad}    {', '.join(_plain(part) for part in parts)}"
    if len(packed) <= width and not any(isinstance(part, ast.Starred) for part in parts):
        return [f"{pad}{opening}", packed, f"{pad}{closing}"]
    rows: list[str] = []
    for part in parts:
        if isinstance(part, ast.keyword):
            head = f"{part.arg}=" if part.arg else "**"
            rows += expression(part.value, indent + 4, width, head, ",")
        elif isinstance(part, ast.expr):
            rows += expression(part, indent + 4, width, "", ",")
    return [f"{pad}{opening}", *rows, f"{pad}{closing}"]


def _comprehension(node: ast.ListComp, indent: int, width: int, head: str, tail: str) -> list[str]:
    pad = " " * indent
    packed = f"{pad}    {_plain(node)[1:-1]}"
    if len(packed) <= width:
        return [f"{pad}{head}[", packed, f"{pad}]{tail}"]
    loops = _plain(node)[1 + len(_plain(node.elt)) : -1].strip()
    item = expression(node.elt, indent + 4, width)
    return [f"{pad}{head}[", *item, f"{pad}    {loops}", f"{pad}]{tail}"]


def _conditional(node: ast.IfExp, indent: int, width: int, head: str, tail: str) -> list[str]:
    pad = " " * indent
    body = expression(node.body, indent, width, head)
    return [
        *body,
        f"{pad}if {_plain(node.test)}",
        *expression(node.orelse, indent, width, "else ", tail),
    ]


def _broken(node: ast.IfExp | ast.BoolOp, indent: int, width: int) -> list[str]:
    pad = " " * indent
    line = f"{pad}{_plain(node)}"
    if len(line) <= width:
        return [line]
    if isinstance(node, ast.IfExp):
        return [
            *expression(node.body, indent, width),
            f"{pad}if {_plain(node.test)}",
            f"{pad}else {_plain(node.orelse)}",
        ]
    word = "and " if isinstance(node.op, ast.And) else "or "
    return [f"{pad}{word if at else ''}{_plain(v)}" for at, v in enumerate(node.values)]


def _compound(node: ast.stmt, indent: int, width: int) -> list[str]:
    """`if`, `try` and the like: heads as they stand, bodies formatted."""
    pad = " " * indent
    rows: list[str] = []

    def block(head: str, body: list[ast.stmt]) -> None:
        rows.append(f"{pad}{head}:")
        for inner in body:
            rows.extend(statement(inner, indent + 4, width))

    match node:
        case ast.If():
            block(f"if {_plain(node.test)}", node.body)
            if node.orelse:
                block("else", node.orelse)
        case ast.Try():
            block("try", node.body)
            for handler in node.handlers:
                kind = f" {_plain(handler.type)}" if handler.type else ""
                name = f" as {handler.name}" if handler.name else ""
                block(f"except{kind}{name}", handler.body)
        case ast.For():
            block(f"for {_plain(node.target)} in {_plain(node.iter)}", node.body)
        case _:
            rows.extend(pad + line for line in _plain(node).splitlines())
    return rows


def _plain(node: ast.AST) -> str:
    """`ast.unparse` with the quotes that formatters prefer."""
    source = ast.unparse(node)
    if "'" not in source:
        return source
    out, at = [], 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.STRING and token.string.endswith("'") and token.start[0] == 1:
            start, end = token.start[1], token.end[1]
            quote = token.string.index("'")
            inner = token.string[quote + 1 : -1]
            if '"' not in inner and "\n" not in source:
                out += [source[at:start], token.string[:quote], '"', inner, '"']
                at = end
    return "".join([*out, source[at:]])
