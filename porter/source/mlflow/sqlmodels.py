"""SQLAlchemy models read with `ast`: tables, columns, primary keys and relations."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field

from porter.core.question import Evidence
from porter.source.mlflow import Found, Index, Module, defined_by

MODULES = (
    "mlflow.store.tracking.dbmodels.models",
    "mlflow.store.model_registry.dbmodels.models",
)


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """A column: `type` is SQLAlchemy's (`String`), `target` the `table.column` it refers to.

    `nullable` as SQLAlchemy takes it: columns of the primary key are not.
    """

    name: str
    type: str
    length: int | None
    nullable: bool
    primary: bool
    default: bool
    target: str | None
    line: int


@dataclass(frozen=True, slots=True)
class SqlRelation:
    """A collection or object on a model: `name` on this class, `model` the class it leads to.

    `keys` are this side's and the other side's columns. `many`: it is a list.
    """

    name: str
    model: str
    keys: tuple[tuple[str, str], ...]
    many: bool


@dataclass(frozen=True)
class SqlModel:
    """A table as Python has it."""

    name: str
    table: str
    columns: tuple[SqlColumn, ...]
    evidence: Evidence
    node: ast.ClassDef = field(repr=False, compare=False)
    module: Module = field(repr=False, compare=False)

    @property
    def primary(self) -> tuple[str, ...]:
        """The columns of the primary key in the order of the class."""
        return tuple(column.name for column in self.columns if column.primary)


@functools.lru_cache(maxsize=8)
def models(index: Index) -> dict[str, SqlModel]:
    """All models of an MLflow tree by class name; modules that are not there give none."""
    found: dict[str, SqlModel] = {}
    for name in MODULES:
        module = index.module(name)
        for node in module.tree.body if module else ():
            if module and isinstance(node, ast.ClassDef):
                table = _table(node)
                if table is not None:
                    found[node.name] = _model(index, module, node, table)
    return found


def model_of(index: Index, found: Found | Module | None) -> SqlModel | None:
    """The model that a resolved name is, or None."""
    if isinstance(found, Found) and isinstance(found.node, ast.ClassDef):
        return models(index).get(found.node.name)
    return None


@functools.lru_cache(maxsize=8)
def relations(index: Index) -> dict[str, tuple[SqlRelation, ...]]:
    """The relations of each model by class name, those that a `backref` puts there included."""
    every = models(index)
    found: dict[str, list[SqlRelation]] = {name: [] for name in every}
    for model in every.values():
        for name, call in _assignments(model.node):
            if not (isinstance(call, ast.Call) and _callee(call) == "relationship" and call.args):
                continue
            other = every.get(_text(call.args[0]) or "")
            if other is None:
                continue
            keys = _keys(model, other)
            found[model.name].append(SqlRelation(name, other.name, keys, many=False))
            back = _backref(call)
            if back:
                turned = tuple((there, here) for here, there in keys)
                found[other.name].append(SqlRelation(back, model.name, turned, many=True))
    return {name: tuple(items) for name, items in found.items()}


def _model(index: Index, module: Module, node: ast.ClassDef, table: str) -> SqlModel:
    constrained = set(_constrained(node))
    columns = []
    for name, value in _assignments(node):
        if isinstance(value, ast.Call) and _callee(value) in ("Column", "mapped_column"):
            columns.append(_column(index, module, name, value, constrained))
    return SqlModel(node.name, table, tuple(columns), module.evidence(node), node, module)


def _column(
    index: Index, module: Module, name: str, call: ast.Call, constrained: set[str]
) -> SqlColumn:
    options = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    args = list(call.args)
    named = _text(args[0]) if args else None
    name = named or name
    kind, length, target = "", None, None
    for arg in args[1:] if named else args:
        callee = _callee(arg) if isinstance(arg, ast.Call) else _last(arg)
        if callee == "ForeignKey" and isinstance(arg, ast.Call) and arg.args:
            target = _text(arg.args[0])
        elif not kind and callee:
            kind = callee
            sizes = arg.args if isinstance(arg, ast.Call) else []
            length = _number(index, module, sizes[0]) if sizes else None
    primary = name in constrained or _true(options.get("primary_key"))
    nullable = options.get("nullable")
    return SqlColumn(
        name, kind, length,
        not primary and (nullable is None or _true(nullable)),
        primary, _has_default(options.get("default")), target, call.lineno,
    )  # fmt: skip


def _has_default(node: ast.expr | None) -> bool:
    return node is not None and not (isinstance(node, ast.Constant) and node.value is None)


def _constrained(node: ast.ClassDef) -> Iterator[str]:
    """The columns that a PrimaryKeyConstraint of `__table_args__` names."""
    for name, value in _assignments(node):
        if name == "__table_args__":
            for call in ast.walk(value):
                if isinstance(call, ast.Call) and _callee(call) == "PrimaryKeyConstraint":
                    yield from (text for arg in call.args if (text := _text(arg)))


def _keys(model: SqlModel, other: SqlModel) -> tuple[tuple[str, str], ...]:
    """The columns by which a model refers to another one: foreign keys, single or together."""
    single = [
        (column.name, column.target.rpartition(".")[2])
        for column in model.columns
        if column.target and column.target.rpartition(".")[0] == other.table
    ]
    if single:
        return tuple(single)
    for _, value in _assignments(model.node):
        for call in ast.walk(value):
            if isinstance(call, ast.Call) and _callee(call) == "ForeignKeyConstraint":
                here, there = (_texts(arg) for arg in call.args[:2])
                if all(text.rpartition(".")[0] == other.table for text in there):
                    targets = (text.rpartition(".")[2] for text in there)
                    return tuple(zip(here, targets, strict=False))
    return ()


def _backref(call: ast.Call) -> str | None:
    for keyword in call.keywords:
        if keyword.arg == "backref":
            value = keyword.value
            return _text(value.args[0] if isinstance(value, ast.Call) and value.args else value)
    return None


def _table(node: ast.ClassDef) -> str | None:
    return next((_text(v) for name, v in _assignments(node) if name == "__tablename__"), None)


def _assignments(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for statement in node.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            value = statement.value
            yield from ((name, value) for name in defined_by(statement))


def _callee(call: ast.Call) -> str:
    return _last(call.func)


def _last(node: ast.expr) -> str:
    return (
        ast.unparse(node).rpartition(".")[2] if isinstance(node, ast.Name | ast.Attribute) else ""
    )


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _texts(node: ast.expr) -> list[str]:
    items = node.elts if isinstance(node, ast.Tuple | ast.List) else []
    return [text for item in items if (text := _text(item))]


def _true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _number(index: Index, module: Module, node: ast.expr) -> int | None:
    """A length: a number, or a constant's value."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, int) else None
    found = index.resolve(module, ast.unparse(node))
    value = getattr(found.node, "value", None) if isinstance(found, Found) else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, int) else None
