"""Gorm models of a checkout: structs by the table they map, fields by the column they name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from porter.core.layout import Store
from porter.core.question import Evidence
from porter.core.view import View
from porter.source.golang import GoFile, Struct, StructField, parse
from porter.source.scaffold.initialisms import words_of

_SETTING = re.compile(r"gorm:\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class GormField:
    """A field that is a column."""

    name: str
    type: str
    column: str
    primary: bool
    line: int


@dataclass(frozen=True, slots=True)
class GormRelation:
    """A field that holds rows of another model."""

    name: str
    model: str
    line: int


@dataclass(frozen=True, slots=True)
class GormModel:
    """A struct that maps a table."""

    name: str
    table: str
    path: str
    line: int
    fields: tuple[GormField, ...]
    relations: tuple[GormRelation, ...]

    @property
    def primary(self) -> tuple[str, ...]:
        """The columns of the primary key; a field `ID` is it where no tag says so (gorm.io)."""
        tagged = tuple(field.column for field in self.fields if field.primary)
        return tagged or tuple(f.column for f in self.fields if f.name == "ID")

    def column(self, name: str) -> GormField | None:
        """The field of that column, or None."""
        return next((field for field in self.fields if field.column == name), None)


def gorm_models(tree: View, store: Store) -> dict[str, GormModel]:
    """The models of a store by table name."""
    folder = store.models_dir
    if folder is None:
        return {}
    files = [parse(tree, p) for p in tree.files(folder, ".go") if not p.endswith("_test.go")]
    structs = {struct.name for file in files for struct in file.structs}
    tables = {name: table for file in files for name, table in _tables(file)}
    found: dict[str, GormModel] = {}
    for file in files:
        for struct in file.structs:
            model = _model(file, struct, tables.get(struct.name), structs)
            if model is not None:
                found[model.table] = model
    return found


def place(model: GormModel, line: int | None = None) -> Evidence:
    """Where a model stands."""
    return Evidence(model.path, line or model.line, f"type {model.name} struct")


def _tables(file: GoFile) -> list[tuple[str, str]]:
    """What the `TableName` methods of a file answer, by the type they belong to."""
    found = []
    for method in file.functions:
        if method.name == "TableName" and method.receiver and method.body:
            answer = re.search(r'return\s+"([^"]+)"', file.text(method.body))
            if answer:
                found.append((method.receiver.type, answer[1]))
    return found


def _model(file: GoFile, struct: Struct, table: str | None, structs: set[str]) -> GormModel | None:
    """The model, or None for a struct that nothing says of that it maps a table."""
    if table is None and not any(_settings(field) for field in struct.fields):
        return None
    fields, relations = [], []
    for field in struct.fields:
        settings = _settings(field)
        if "-" in settings:
            continue
        bare = field.type.lstrip("*[]").rpartition(".")[2]
        if bare in structs and "column" not in settings:
            relations.append(GormRelation(field.name, bare, field.line))
            continue
        column = settings.get("column") or _snake(field.name)
        primary = bool({"primarykey", "primary_key"} & settings.keys())
        fields.append(GormField(field.name, field.type, column, primary, field.line))
    return GormModel(
        struct.name, table or table_name(struct.name), file.path, struct.line,
        tuple(fields), tuple(relations),
    )  # fmt: skip


def _settings(field: StructField) -> dict[str, str]:
    """Gorm's settings of a field, their names in lower case."""
    found = _SETTING.search(field.tag)
    parts = [part.strip() for part in found[1].split(";")] if found else []
    pairs = (part.partition(":") for part in parts if part)
    return {key.lower(): value for key, _, value in pairs}


def _snake(name: str) -> str:
    """Gorm's column for a field that names none."""
    return "_".join(words_of(name))


def table_name(name: str) -> str:
    """Gorm's table for a struct that names none: snake case, the last word in the plural."""
    words = words_of(name)
    last = words[-1]
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        last = f"{last[:-1]}ies"
    elif last.endswith(("s", "x", "z", "ch", "sh")):
        last = f"{last}es"
    elif last not in _SAME:
        last = f"{last}s"
    return "_".join([*words[:-1], last])


_SAME = frozenset({"information", "equipment", "money", "species", "series", "data", "metadata"})
"""Words without a plural for gorm's inflection that a table may be named by."""
