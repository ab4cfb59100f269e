"""Python's entities: which fields they tell apart from empty ones when read from a message."""

from __future__ import annotations

import ast

from porter.source.mlflow import Found, Index

PACKAGES = ("mlflow.entities", "mlflow.entities.model_registry")


def entity_class(index: Index, name: str) -> Found | None:
    """The entity class of that name, or None."""
    for package in PACKAGES:
        module = index.module(package)
        found = index.resolve(module, name) if module is not None else None
        if isinstance(found, Found) and isinstance(found.node, ast.ClassDef):
            return found
    return None


def entity_package(index: Index, name: str) -> str | None:
    """The package that offers an entity of that name, or None."""
    for package in PACKAGES:
        module = index.module(package)
        if module is not None and index.resolve(module, name) is not None:
            return package
    return None


def unset_fields(index: Index, name: str) -> frozenset[str]:
    """The fields that the entity's `from_proto` asks `HasField` of."""
    cls = entity_class(index, name)
    method = index.member(cls, "from_proto") if cls is not None else None
    if method is None:
        return frozenset()
    return frozenset(
        node.args[0].value
        for node in ast.walk(method.node)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "HasField"
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    )
