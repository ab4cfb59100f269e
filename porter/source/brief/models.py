"""SQLAlchemy's models beside the Gorm models: what a store method touches and where they differ."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass

from porter.core.task import Task
from porter.source.checkout.gormmodels import GormModel, gorm_models
from porter.source.mlflow import Found, Index, index
from porter.source.mlflow.reach import Reached, names, reached, store_method
from porter.source.mlflow.sqlmodels import SqlModel, SqlRelation, model_of, relations
from porter.source.remember import once_a_task


@dataclass(frozen=True)
class Pair:
    """A table that the store method touches: Python's model and Go's, if it has one."""

    python: SqlModel
    go: GormModel | None

    @property
    def missing_columns(self) -> tuple[str, ...]:
        """Columns that the Go struct has no field for."""
        if self.go is None:
            return ()
        return tuple(c.name for c in self.python.columns if self.go.column(c.name) is None)

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        """Columns that the Go struct names and Python has not."""
        known = {column.name for column in self.python.columns}
        fields = self.go.fields if self.go else ()
        return tuple(field.column for field in fields if field.column not in known)

    @property
    def missing_keys(self) -> tuple[str, ...]:
        """Columns of the primary key that Go does not tag as such: a merge hits other rows."""
        if self.go is None:
            return ()
        return tuple(name for name in self.python.primary if name not in self.go.primary)

    @property
    def extra_keys(self) -> tuple[str, ...]:
        """Columns that Go tags as primary key and Python does not."""
        primary = self.go.primary if self.go else ()
        return tuple(name for name in primary if name not in self.python.primary)


@once_a_task
def pairs(task: Task) -> tuple[Pair, ...]:
    """The tables that the endpoint's Python store method touches, in the order it does."""
    store, start = task.service.store, store_method(task)
    if store is None or start is None:
        return ()
    standing = gorm_models(task.tree, store)
    return tuple(
        Pair(model, standing.get(model.table)) for model in touched(index(task.mlflow), start)
    )


@functools.lru_cache(maxsize=256)
def touched(tree: Index, start: Reached) -> tuple[SqlModel, ...]:
    """The models that a method names, or that a function it calls names."""
    found: dict[str, SqlModel] = {}
    for here in reached(tree, start):
        for _, meaning in names(tree, here):
            model = model_of(tree, meaning) if isinstance(meaning, Found) else None
            if model is not None:
                found.setdefault(model.name, model)
    return tuple(found.values())


def read_relations(tree: Index, model: SqlModel) -> tuple[SqlRelation, ...]:
    """The relations that `to_mlflow_entity` of a model reads: Go must preload them."""
    return tuple(
        relation
        for relation in relations(tree).get(model.name, ())
        if relation.name in set(_self_attributes(model))
    )


def _self_attributes(model: SqlModel) -> Iterator[str]:
    for method in model.node.body:
        if isinstance(method, ast.FunctionDef) and method.name == "to_mlflow_entity":
            for node in ast.walk(method):
                if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self":
                    yield node.attr
