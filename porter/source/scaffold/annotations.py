"""Annotations as the checkout's ruff wants them: MLflow's own are older than pyupgrade's rules."""

from __future__ import annotations

import ast
import copy
import re

from porter.core.view import View
from porter.source.mlflow import Function

_BUILTIN = {
    "Dict": "dict", "FrozenSet": "frozenset", "List": "list", "Set": "set", "Tuple": "tuple",
    "Type": "type",
}  # fmt: skip
"""Names of `typing` that are built in since Python 3.9 (PEP 585, ruff's UP006)."""
_SELECT = re.compile(r"^(?:extend-)?select\s*=\s*\[(.*?)\]", re.MULTILINE | re.DOTALL)
_VERSION = re.compile(r"^target-version\s*=\s*\"py3(\d+)\"", re.MULTILINE)
_REQUIRES = re.compile(r"^requires-python\s*=\s*\">=\s*3\.(\d+)", re.MULTILINE)


def annotated(tree: View, function: Function) -> Function:
    """A copy of a function whose annotations keep the rules that the checkout has selected."""
    made = copy.deepcopy(function)
    builtin, union = _rules(tree)
    changed = _Annotations(builtin, union)
    for arg in ast.walk(made.args):
        if isinstance(arg, ast.arg) and arg.annotation is not None:
            arg.annotation = changed.visit(arg.annotation)
    if made.returns is not None:
        made.returns = changed.visit(made.returns)
    return made


def _rules(tree: View) -> tuple[bool, bool]:
    """Whether built-in generics and `X | None` are asked for."""
    for path in ("ruff.toml", ".ruff.toml", "pyproject.toml"):
        text = (tree.read(path) or b"").decode("utf-8", "replace")
        chosen = {rule for found in _SELECT.findall(text) for rule in re.findall(r'"(\w+)"', found)}
        if chosen:
            version = _VERSION.search(text) or _REQUIRES.search(text)
            minor = int(version[1]) if version else 0
            builtin = minor >= 9 and bool(chosen & {"UP", "UP0", "UP00", "UP006"})
            return builtin, minor >= 10 and bool(chosen & {"UP", "UP0", "UP00", "UP007", "UP045"})
    return False, False


class _Annotations(ast.NodeTransformer):
    def __init__(self, builtin: bool, union: bool) -> None:
        self.builtin, self.union = builtin, union

    def visit_Name(self, node: ast.Name) -> ast.expr:
        name = _BUILTIN.get(node.id, node.id) if self.builtin else node.id
        return ast.Name(name, node.ctx)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Subscript(value=ast.Name(id="Optional"), slice=inner) if self.union:
                return ast.BinOp(inner, ast.BitOr(), ast.Constant(None))
            case ast.Subscript(
                value=ast.Name(id="Union"), slice=ast.Tuple(elts=[first, *rest])
            ) if self.union:
                made: ast.expr = first
                for other in rest:
                    made = ast.BinOp(made, ast.BitOr(), other)
                return made
            case _:
                return node
