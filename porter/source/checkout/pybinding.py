"""The Python file in which a store calls a Go service's exports."""

from __future__ import annotations

import ast
import functools

from porter.core.view import View
from porter.errors import SourceError


def binding_of(tree: View, go_name: str) -> tuple[str | None, str | None]:
    """The Python file and class that make the service (`Create<go_name>`), or (None, None).

    Raises SourceError where that file does not parse.
    """
    mark = f"Create{go_name}"
    for path in _candidates(tree):
        content = tree.read(path) or b""
        if mark.encode() not in content:
            continue
        try:
            module = ast.parse(content)
        except (SyntaxError, ValueError) as error:
            raise SourceError(
                f"{tree.where(path)} does not parse: {error}", next=f"mend {tree.where(path)}"
            ) from error
        for node in module.body:
            if isinstance(node, ast.ClassDef) and _mentions(node, mark):
                return path, node.name
    return None, None


@functools.lru_cache(maxsize=8)
def _candidates(tree: View) -> tuple[str, ...]:
    """Python files of a `store` package that is not MLflow's own copy in a hidden folder."""
    return tuple(
        path
        for path in tree.files("", ".py", deep=True)
        if "/store/" in path and "/tests/" not in path
    )


def _mentions(node: ast.AST, name: str) -> bool:
    return any(isinstance(inner, ast.Attribute) and inner.attr == name for inner in ast.walk(node))
