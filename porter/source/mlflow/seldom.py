"""What a function does only on special demand: judged with its optional arguments left out.

`if stage:` under `def f(stage=None)` stands aside in most calls, and so does what asks an argument
for one value (`if scheme(source) == "models":`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

Function = ast.FunctionDef | ast.AsyncFunctionDef


def seldom(function: Function) -> frozenset[ast.AST]:
    """The statements and expressions that run on special demand only."""
    given = dict(_defaults(function.args))
    return frozenset(
        branch
        for node in ast.walk(function)
        if isinstance(node, ast.If | ast.IfExp)
        for branch in _left_out(node, given)
    )


def _left_out(node: ast.If | ast.IfExp, given: Mapping[str, ast.expr | None]) -> list[ast.AST]:
    truth = _holds(node.test, given)
    if truth is None:
        return []
    branch = node.orelse if truth else node.body
    return [*branch] if isinstance(branch, list) else [branch]


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.expr | None]]:
    """The parameters with their defaults, None where one has to be given."""
    listed = [*arguments.posonlyargs, *arguments.args]
    bare = len(listed) - len(arguments.defaults)
    for number, argument in enumerate(listed):
        yield argument.arg, arguments.defaults[number - bare] if number >= bare else None
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield argument.arg, default


def _holds(test: ast.expr, given: Mapping[str, ast.expr | None]) -> bool | None:
    """Whether a condition holds in a plain call; None where that cannot be said."""
    match test:
        case ast.Name(id=name):
            default = given.get(name)
            return bool(default.value) if isinstance(default, ast.Constant) else None
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            truth = _holds(operand, given)
            return None if truth is None else not truth
        case ast.BoolOp(op=operator, values=values):
            truths = [_holds(value, given) for value in values]
            deciding = isinstance(operator, ast.Or)
            if deciding in truths:
                return deciding
            return None if None in truths else not deciding
        case ast.Compare(left=left, ops=[operator], comparators=[ast.Constant(value=value)]):
            return _compared(left, operator, value, given)
        case _:
            return None


def _compared(
    left: ast.expr, operator: ast.cmpop, value: object, given: Mapping[str, ast.expr | None]
) -> bool | None:
    default = given.get(left.id) if isinstance(left, ast.Name) else None
    if isinstance(default, ast.Constant):
        same = default.value == value and type(default.value) is type(value)
    elif isinstance(value, str) and _asked(left, given):
        same = False
    else:
        return None
    if isinstance(operator, ast.Eq | ast.Is):
        return same
    return not same if isinstance(operator, ast.NotEq | ast.IsNot) else None


def _asked(node: ast.expr, given: Mapping[str, ast.expr | None]) -> bool:
    """Whether an expression hangs on an argument that every call gives."""
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    return any(name in given and given[name] is None for name in names)
