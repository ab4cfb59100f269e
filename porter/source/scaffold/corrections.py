"""What a binding puts right on an entity after `from_proto`, so that it answers as Python's store.

A proto cannot say None where it has a default. Somebody who met that for an entity wrote the lines
that turn it back, and every other method that answers the same entity needs them too; where nobody
did, Python's `to_proto` and the Go entity say which attributes lose their None.
"""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Sequence

from porter.core.task import Task
from porter.source.mlflow import index
from porter.source.mlflow.pyentities import settable, substituted
from porter.source.scaffold.lost import lost_fields

_LOCAL = "entity"


def corrected(task: Task, rows: list[ast.stmt]) -> list[ast.stmt]:
    """`rows` ending in `return E.from_proto(…)` with the corrections of E that stand in the class.

    Of several methods that correct E the last one is followed; where none does, the attributes
    that lose their None on the way are set back.
    """
    entity = _answered(rows[-1]) if rows else None
    source = task.tree.read(task.service.binding) if task.service.binding else None
    if entity is None or source is None:
        return rows
    for method in reversed(_methods(source, task.service.binding_class)):
        found = _corrections(method, entity)
        if found is not None:
            return _with(rows, *found)
    lines = [_set_back(name, other) for name, other in lost_nones(task, entity, rows[-1])]
    return _with(rows, _LOCAL, lines) if lines else rows


def lost_nones(task: Task, entity: str, answer: ast.stmt) -> list[tuple[str, ast.Constant]]:
    """The attributes of the answered entity that lose their None, with what they have instead."""
    tree = index(task.mlflow)
    found = dict(substituted(tree, entity))
    match answer:
        case ast.Return(value=ast.Call(args=[ast.Attribute(attr=field)])):
            found |= {name: ast.Constant("") for name in lost_fields(task, field)}
    return [(name, other) for name, other in found.items() if settable(tree, entity, name)]


def _set_back(name: str, other: ast.Constant) -> ast.stmt:
    test = f"if {_LOCAL}.{name} == {ast.unparse(other)}:"
    return ast.parse(f"{test}\n    {_LOCAL}.{name} = None").body[0]


def _with(rows: list[ast.stmt], name: str, lines: list[ast.stmt]) -> list[ast.stmt]:
    """`rows` with the answered entity in a local, corrected before it is returned."""
    answer = rows[-1]
    assert isinstance(answer, ast.Return) and answer.value is not None
    made = ast.Assign([ast.Name(name, ast.Store())], answer.value, lineno=0)
    return [*rows[:-1], made, *copy.deepcopy(lines), ast.Return(ast.Name(name, ast.Load()))]


def _answered(row: ast.stmt) -> str | None:
    """E in `return E.from_proto(…)`."""
    return _converted(row.value) if isinstance(row, ast.Return) else None


def _converted(value: ast.expr | None) -> str | None:
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=entity), attr="from_proto"), args=[_]):
            return entity
        case _:
            return None


def _methods(source: bytes, name: str | None) -> list[ast.FunctionDef]:
    return [
        inner
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and node.name == name
        for inner in node.body
        if isinstance(inner, ast.FunctionDef)
    ]


def _corrections(method: ast.FunctionDef, entity: str) -> tuple[str, list[ast.stmt]] | None:
    """The local that holds the entity and what is done to it, where that asks nothing else."""
    for at, row in enumerate(method.body):
        match row:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if (
                _converted(value) == entity
            ):
                lines = method.body[at + 1 : -1]
                last = method.body[-1]
                answers = isinstance(last, ast.Return) and isinstance(last.value, ast.Name)
                if answers and lines and _alone(lines, name):
                    return name, lines
    return None


def _alone(rows: Sequence[ast.stmt], name: str) -> bool:
    """Whether the rows read nothing but the local, what they bind themselves, and builtins."""
    names = [n for row in rows for n in ast.walk(row) if isinstance(n, ast.Name)]
    bound = {n.id for n in names if isinstance(n.ctx, ast.Store)}
    known = {name, *bound, *dir(builtins)}
    return all(n.id in known for n in names)
