"""The facts of a brief, gathered once: Python's store method with all it reaches, and Go's side."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from porter.core.question import Evidence
from porter.core.task import Task
from porter.source.brief.branches import Branch, branches
from porter.source.brief.counterparts import Counterpart, constants, helpers
from porter.source.brief.doubts import Doubt, doubts
from porter.source.brief.held import Held, held
from porter.source.brief.models import Pair, pairs, read_relations
from porter.source.checkout.neighbours import neighbours
from porter.source.checkout.storemethod import in_sql, standing_signature
from porter.source.checkout.stubs import stub_of
from porter.source.golang import parse
from porter.source.mlflow import Index, index
from porter.source.mlflow.raises import Raise, raises
from porter.source.mlflow.reach import Reached, reached, store_method
from porter.source.mlflow.sqlmodels import models
from porter.source.protos import spelled
from porter.source.scaffold.placement import siblings

_WRITES = ("merge", "add", "add_all", "delete", "bulk_save_objects")
_SHOWN = 3
_STORE_FOLDER = "mlflow/store/"


@dataclass(frozen=True, slots=True)
class Preload:
    """A relation that an entity is built of, and the Go field for it."""

    model: str
    relation: str
    go: str | None
    place: str


@dataclass(frozen=True, slots=True)
class Write:
    """A row that the session writes: by merge, add or delete."""

    verb: str
    model: str
    evidence: Evidence
    primary: tuple[str, ...]
    agreement: str


@dataclass(frozen=True, slots=True)
class Model:
    """A ported sibling with the places of its code."""

    name: str
    service: str
    sql: str | None


@dataclass(frozen=True, slots=True)
class Data:
    """All the facts of one brief. `sql` is the place of the Go method, `name` its name."""

    name: str
    sql: str | None
    stub: bool
    method: Reached
    functions: tuple[Reached, ...]
    errors: tuple[Raise, ...]
    pairs: tuple[Pair, ...]
    preloads: tuple[Preload, ...]
    merges: tuple[Write, ...]
    helpers: tuple[Counterpart, ...]
    constants: tuple[Counterpart, ...]
    branches: tuple[Branch, ...]
    doubts: tuple[Doubt, ...]
    siblings: tuple[Model, ...]

    @property
    def fields(self) -> dict[str, str]:
        """Go fields by Python attribute (`run.run_uuid` → `ID`), as variables are named alike."""
        return {
            f"{spelled(pair.python.name.removeprefix('Sql'))}.{column.name}": field.name
            for pair in self.pairs
            for column in pair.python.columns
            if pair.go is not None and (field := pair.go.column(column.name)) is not None
        }


def gather(task: Task) -> Data | None:
    """The facts, or None where the endpoint's handler calls no store."""
    method, wanted, store = store_method(task), standing_signature(task), task.service.store
    if method is None:
        return None
    tree = index(task.mlflow)
    functions = reached(tree, method)
    near = tuple(here for here in functions if _in_store(here))
    found = in_sql(task.tree, store, wanted.name) if wanted and store else None
    tables, known = pairs(task), held(tree, near)
    return Data(
        name=wanted.name if wanted else task.endpoint.method,
        sql=f"{found.path}:{found.line}" if found else None,
        stub=stub_of(task.tree, task.layout, task.endpoint) is not None,
        method=method,
        functions=functions,
        errors=tuple(error for here in functions for error in raises(tree, here)),
        pairs=tables,
        preloads=_preloads(tree, tables, functions) if task.endpoint.response.fields else (),
        merges=tuple(write for here in near for write in _writes(known, here, tables)),
        helpers=tuple(c for c in helpers(task, functions[1:]) if _worth(c)),
        constants=constants(task, tree, functions),
        branches=branches(near),
        doubts=doubts(tree, functions),
        siblings=tuple(_siblings(task)),
    )


def _worth(found: Counterpart) -> bool:
    """Whether a helper is worth a line: the store's own, or one that Go has as well."""
    return found.python.file.startswith(_STORE_FOLDER) or bool(found.go)


def _in_store(here: Reached) -> bool:
    return here.found.module.path.startswith(_STORE_FOLDER)


def _preloads(
    tree: Index, tables: tuple[Pair, ...], functions: tuple[Reached, ...]
) -> tuple[Preload, ...]:
    """The relations read while entities are made, with those of the related entities."""
    if not any("to_mlflow_entity" in _attributes(here.node) for here in functions):
        return ()
    go = {pair.python.name: pair.go for pair in tables}
    found, queue, seen = [], [pair.python for pair in tables], set()
    while queue:
        model = queue.pop(0)
        if model.name in seen:
            continue
        seen.add(model.name)
        standing = go.get(model.name)
        for relation in read_relations(tree, model):
            wanted = relation.model.removeprefix("Sql")
            there = next(
                (r for r in (standing.relations if standing else ()) if r.model == wanted), None
            )
            place = f"{standing.path}:{there.line}" if standing and there else ""
            name = f"{standing.name}.{there.name}" if standing and there else None
            found.append(Preload(model.name, relation.name, name, place))
            queue.append(models(tree)[relation.model])
    return tuple(found)


def _attributes(node: ast.AST) -> set[str]:
    return {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}


def _writes(known: Held, here: Reached, tables: tuple[Pair, ...]) -> Iterator[Write]:
    by_name = {pair.python.name: pair for pair in tables}
    for node in ast.walk(here.node):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        verb = node.func.attr
        if verb not in _WRITES or "session" not in ast.unparse(node.func.value) or not node.args:
            continue
        for model in known.of(here, node.args[0]):
            pair = by_name.get(model.name)
            if pair is not None:
                place = here.found.module.evidence(node)
                yield Write(verb, model.name, place, model.primary, _agreement(pair))


def _agreement(pair: Pair) -> str:
    if pair.go is None:
        return "no Gorm model"
    if pair.missing_keys or pair.extra_keys:
        return f"{pair.go.name} has {', '.join(pair.go.primary) or 'none'}"
    return f"{pair.go.name} agrees"


def _siblings(task: Task) -> Iterator[Model]:
    standing = {other.endpoint.id: other for other in neighbours(task)}
    for endpoint in siblings(task)[:_SHOWN]:
        other = standing[endpoint.id]
        sql = other.place.sql
        if sql is not None and task.service.store is not None:
            method = parse(task.tree, sql).function(
                endpoint.method, task.service.store.receiver.type
            )
            sql = f"{sql}:{method.line}" if method else sql
        yield Model(endpoint.name, f"{other.place.service}:{other.line}", sql)
