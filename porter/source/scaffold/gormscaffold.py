"""A Gorm model out of an SQLAlchemy one: whole primary key, lengths, nullability, relations."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence

from porter.core.edits import apply
from porter.core.finding import Note
from porter.core.layout import Store
from porter.core.plan import Change
from porter.core.task import Task
from porter.source.brief.models import pairs
from porter.source.checkout.gormmodels import GormModel, gorm_models, table_name
from porter.source.golang import goedit, parse
from porter.source.golang.gofile import new_file
from porter.source.golang.goimports import Wanted, add_imports
from porter.source.mlflow import Index, index
from porter.source.mlflow.sqlmodels import SqlColumn, SqlModel, models, relations
from porter.source.scaffold.initialisms import exported

_TYPES = {
    "Integer": "int32", "SmallInteger": "int32", "BigInteger": "int64", "Float": "float64",
    "Numeric": "float64", "Double": "float64", "Boolean": "bool", "LargeBinary": "[]byte",
    "DateTime": "time.Time",
}  # fmt: skip
"""SQLAlchemy's types that are no strings, as Gorm's drivers scan them."""
_NULL = {
    "string": "sql.NullString", "int32": "sql.NullInt32", "int64": "sql.NullInt64",
    "float64": "sql.NullFloat64", "bool": "sql.NullBool", "time.Time": "sql.NullTime",
}  # fmt: skip
_PACKAGES = {"sql": "database/sql", "time": "time"}


def planned_models(task: Task, store: Store) -> tuple[tuple[Change, ...], tuple[Note, ...]]:
    """New model files for tables that the store method touches and Go has no model for."""
    missing = [pair.python for pair in pairs(task) if pair.go is None]
    tree = index(task.mlflow)
    known = {model.table: _go_name(model) for model in missing}
    standing = gorm_models(task.tree, store)
    changes, notes = [], []
    for model in missing:
        text, packages = model_text(tree, model, standing, known)
        changes.append(_change(task, store, model, text, packages))
        place = f"{model.evidence.file}:{model.evidence.line}"
        said = f"{model.table} had no Gorm model: {known[model.table]} is made of {model.name}"
        notes.append(Note(f"{said} ({place})", "P422", (model.evidence,)))
    return tuple(changes), tuple(notes)


def model_text(
    tree: Index, model: SqlModel, standing: Mapping[str, GormModel], made: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    """The struct with its `TableName`, and the packages that it needs.

    `standing` are the Go models by table, `made` the names of those made in the same plan.
    """
    name = made[model.table]
    rows = [_column(column) for column in model.columns]
    rows += _relations(tree, model, standing, made)
    widths = [max(len(row[at]) for row in rows) for at in (0, 1)]
    fields = [f'\t{n:<{widths[0]}} {t:<{widths[1]}} `gorm:"{tag}"`' for n, t, tag in rows]
    lines = [f"// {name} maps the table {model.table}.", f"type {name} struct {{", *fields, "}"]
    if table_name(name) != model.table:
        lines += ["", f"func ({name}) TableName() string {{", f'\treturn "{model.table}"', "}"]
    found = {kind.partition(".")[0] for _, kind, _ in rows if "." in kind}
    return "\n".join(lines), tuple(_PACKAGES[package] for package in sorted(found))


def go_field(column: str) -> str:
    """The Go field of a column: `run_uuid` → `RunUUID`."""
    return re.sub(r"Uuid(?=[A-Z]|$)", "UUID", exported(column))


def _column(column: SqlColumn) -> tuple[str, str, str]:
    kind = _TYPES.get(column.type, "string")
    # What Python always writes a default to is read as a plain value.
    if column.nullable and not column.default:
        kind = _NULL.get(kind, kind)
    settings = [f"column:{column.name}"]
    settings += ["primaryKey"] if column.primary else []
    settings += [f"size:{column.length}"] if column.length else []
    settings += ["not null"] if not column.nullable and not column.primary else []
    return go_field(column.name), kind, ";".join(settings)


def _relations(
    tree: Index, model: SqlModel, standing: Mapping[str, GormModel], made: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Lists of rows of other tables that have a Go model, now or by the same plan."""
    rows = []
    for relation in relations(tree).get(model.name, ()):
        other = models(tree)[relation.model]
        go = standing.get(other.table)
        target = go.name if go else made.get(other.table)
        if not relation.many or target is None or not relation.keys:
            continue
        there = [go.column(key) if go else None for _, key in relation.keys]
        if go is not None and any(field is None for field in there):
            continue
        keys = [
            f.name if f else go_field(k) for f, (_, k) in zip(there, relation.keys, strict=True)
        ]
        own = [go_field(key) for key, _ in relation.keys]
        tag = f"foreignKey:{','.join(keys)}"
        if own != keys:
            tag += f";references:{','.join(own)}"
        rows.append((exported(relation.name), f"[]{target}", tag))
    return rows


def _change(
    task: Task, store: Store, model: SqlModel, text: str, packages: Sequence[str]
) -> Change:
    folder = store.models_dir or posixpath.join(store.sql_dir, "models")
    path = posixpath.join(folder, f"{model.table}.go")
    wanted = [Wanted(package) for package in packages]
    module = task.layout.module
    if task.tree.read(path) is None:
        package = _package(task, folder)
        return Change(path, None, new_file(package, wanted, text, module))
    file = parse(task.tree, path)
    edits = goedit.merged(file, goedit.append(file, text), add_imports(file, wanted, module))
    return Change(path, file.source, apply(file.source, edits))


def _package(task: Task, folder: str) -> str:
    for path in task.tree.files(folder, ".go"):
        if not path.endswith("_test.go"):
            return parse(task.tree, path).package
    return posixpath.basename(folder)


def _go_name(model: SqlModel) -> str:
    """The class without `Sql`, as the Go models are called."""
    return model.name.removeprefix("Sql") or exported(model.table)
