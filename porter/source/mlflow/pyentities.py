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


def substituted(index: Index, name: str) -> tuple[tuple[str, ast.Constant], ...]:
    """Attributes that may be None and for which `to_proto` writes something else.

    Each with what it writes (`proto.f = self.a or 0`), where `from_proto` takes the field as it is,
    so that the None is lost on the way.
    """
    cls = entity_class(index, name)
    there = index.member(cls, "to_proto") if cls is not None else None
    back = index.member(cls, "from_proto") if cls is not None else None
    if there is None or back is None:
        return ()
    plain = {
        ast.unparse(given).partition(".")[2]
        for call in ast.walk(back.node)
        if isinstance(call, ast.Call)
        for given in [*call.args, *(keyword.value for keyword in call.keywords)]
        if isinstance(given, ast.Attribute)
    }
    found = []
    for row in ast.walk(there.node):
        match row:
            case ast.Assign(
                targets=[ast.Attribute(attr=field)],
                value=ast.BoolOp(
                    op=ast.Or(),
                    values=[
                        ast.Attribute(value=ast.Name("self"), attr=own),
                        ast.Constant() as other,
                    ],
                ),
            ) if field in plain and own == field:
                found.append((own, other))
    return tuple(found)


def settable(index: Index, name: str, attribute: str) -> bool:
    """Whether an attribute of an entity can be set: it is no property, or one with a setter."""
    cls = entity_class(index, name)
    rows = cls.node.body if cls is not None and isinstance(cls.node, ast.ClassDef) else []
    marks = [
        ast.unparse(mark)
        for row in rows
        if isinstance(row, ast.FunctionDef) and row.name == attribute
        for mark in row.decorator_list
    ]
    return f"{attribute}.setter" in marks or not marks
