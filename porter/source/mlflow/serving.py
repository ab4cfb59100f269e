"""Which function serves which request: the table of handlers.py."""

from __future__ import annotations

import ast
import functools

from porter.source.mlflow import Module


@functools.lru_cache(maxsize=8)
def table(module: Module) -> dict[str, str]:
    """The names of the handlers by the local names of their request messages."""
    found: dict[str, str] = {}
    for node in module.tree.body:
        target, value = _assigned(node)
        if target == "HANDLERS" and isinstance(value, ast.Dict):
            for key, entry in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Name) and isinstance(entry, ast.Name):
                    found[key.id] = entry.id
        elif isinstance(node, ast.Expr) and "HANDLERS" in ast.dump(node):
            found.update(_updated(node.value))
    return found


def _assigned(node: ast.stmt) -> tuple[str, ast.expr | None]:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id, node.value
    return "", None


def _updated(node: ast.expr) -> dict[str, str]:
    """`HANDLERS.update({…})`, a form of older and newer trees alike."""
    if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Dict)):
        return {}
    pairs = zip(node.args[0].keys, node.args[0].values, strict=True)
    return {k.id: v.id for k, v in pairs if isinstance(k, ast.Name) and isinstance(v, ast.Name)}
