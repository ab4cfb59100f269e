"""Bindings set side by side: equal up to the names of parameters and locals, and to formatting."""

from __future__ import annotations

import ast

from porter.core.layout import Service


def binding(source: bytes, service: Service, method: str) -> ast.FunctionDef | None:
    """The method of the binding that calls the endpoint's Go export, or None."""
    export = f"{service.go_name}{method}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and any(
                    isinstance(part, ast.Attribute) and part.attr == export
                    for part in ast.walk(inner)
                ):
                    return inner
    return None


def canonical(function: ast.FunctionDef, *, ordered: bool = True) -> str:
    """The function as text with its locals numbered, without its docstring and annotations.

    With `ordered` False keyword arguments are sorted, as their order means nothing.
    """
    copy = ast.parse(ast.unparse(function)).body[0]
    assert isinstance(copy, ast.FunctionDef)
    if ast.get_docstring(copy) is not None:
        copy.body = copy.body[1:] or [ast.Pass()]
    copy.returns = None
    names: dict[str, str] = {}
    for node in () if ordered else ast.walk(copy):
        if isinstance(node, ast.Call):
            node.keywords.sort(key=lambda keyword: keyword.arg or "")
    for node in ast.walk(copy):
        if isinstance(node, ast.arg):
            names.setdefault(node.arg, f"name{len(names)}")
            node.annotation = None
    for node in ast.walk(copy):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.setdefault(node.id, f"name{len(names)}")
    for node in ast.walk(copy):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = names[node.arg]
    return ast.unparse(copy)
