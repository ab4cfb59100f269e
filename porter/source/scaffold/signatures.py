"""The Go signature of a store method, as people write them in the checkout."""

from __future__ import annotations

from dataclasses import dataclass, replace

from porter.core.task import Task
from porter.source.checkout.entities import Entities, entities
from porter.source.checkout.stubtext import stubs
from porter.source.mlflow import index
from porter.source.mlflow.handlers import Handler, handler
from porter.source.remember import once_a_task
from porter.source.scaffold import siblings as standing
from porter.source.scaffold.arguments import Argument, Source, arguments
from porter.source.scaffold.initialisms import exported, words_of
from porter.source.scaffold.modeltypes import typed
from porter.source.scaffold.names import method_name
from porter.source.scaffold.ownership import borrowed
from porter.source.scaffold.results import ERROR, Result, results


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter after `ctx`: its Go name and type text (`[]*entities.RunTag`)."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A store method: `params` without `ctx context.Context`, `results` as type texts.

    `imports` names the packages of the checkout that the types need: `entities`, `protos`.
    `context`: whether the checkout's store methods take a context first.
    """

    name: str
    params: tuple[Param, ...]
    results: tuple[str, ...]
    imports: tuple[str, ...] = ()
    context: bool = True


@dataclass(frozen=True)
class Mirror:
    """A handler beside its Go: what goes into the store and what comes out."""

    handler: Handler
    arguments: tuple[Argument, ...]
    results: tuple[Result, ...] | None
    signature: Signature
    entities: Entities


def signature(task: Task) -> Signature | None:
    """The store method's signature, or None where the endpoint needs no store.

    Raises SourceError where MLflow's or the checkout's sources cannot be read.
    """
    found = mirror(task)
    return found.signature if found else None


@once_a_task
def mirror(task: Task) -> Mirror | None:
    """The handler's store call as Go, or None where it calls no store method of its own."""
    store = task.service.store
    read = handler(index(task.mlflow), task.catalog, task.endpoint)
    if read is None or read.call is None:
        return None
    if borrowed(index(task.mlflow), task.catalog, task.endpoint, read) is not None:
        return None
    every = standing.methods(task.tree, task.layout, store) if store else ()
    # A stub is nobody's habit yet, and the steps of several ports on their way have to agree.
    unwritten = stubs(task.tree, store) if store else frozenset()
    methods = tuple(method for method in every if method.name not in unwritten)
    package = task.service.protos_package
    known = entities(task.tree, task.layout.entities_dir)
    source = Source(
        index(task.mlflow), task.catalog, task.endpoint, known, package,
        enums=standing.enums(methods, package),
    )  # fmt: skip
    others = standing.siblings(source, methods, task.service.enabled)
    source = replace(source, made=standing.whole(others))
    given = standing.renamed(arguments(source, read), others, _noun(task))
    if store is not None:
        given = typed(task.tree, store, task.endpoint.method, given)
    given = _lists_last(given)
    answered = results(task.catalog, task.endpoint, read, known, package)
    types = (
        tuple(result.type for result in answered)
        if answered is not None
        else (f"*{package}.{task.endpoint.response.go_name}",)
    )
    params = tuple(Param(a.name, a.type) for a in given)
    fields = {a.field.name for a in given if a.field is not None}
    error = standing.error(others, fields, types) or ERROR
    return Mirror(
        read, given, answered,
        Signature(
            method_name(task.endpoint, read.call), params, (*types, error),
            _imports([p.type for p in params] + list(types), package),
            standing.takes_context(every),
        ),
        known,
    )  # fmt: skip


def _lists_last(given: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """Lists of entities behind everything else: 6 of the target's 7 methods that take some."""
    return tuple(sorted(given, key=lambda argument: argument.type.startswith("[]*")))


def _noun(task: Task) -> str:
    """The endpoint's noun in the singular: `SearchExperiments` → `Experiment`."""
    _, *noun = words_of(task.endpoint.name)
    return exported("_".join(noun)).removesuffix("s")


def _imports(types: list[str], package: str) -> tuple[str, ...]:
    packages = ("entities", package, "models")
    return tuple(name for name in packages if any(f"{name}." in text for text in types))
