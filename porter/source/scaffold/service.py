"""A service method that mirrors its handler: conversions, the store call, the response."""

from __future__ import annotations

from dataclasses import dataclass

from porter.core.finding import Note
from porter.core.question import Evidence
from porter.core.task import Task
from porter.source.checkout.entities import Entities
from porter.source.checkout.layout import import_path
from porter.source.checkout.pointers import helper_package
from porter.source.golang import Func, parse
from porter.source.golang.gofiles import gofiles
from porter.source.mlflow import index
from porter.source.mlflow.handlers import Handler, handler
from porter.source.scaffold.conversions import Body
from porter.source.scaffold.initialisms import exported
from porter.source.scaffold.mirrored import mirrored, unmirrored
from porter.source.scaffold.render import render
from porter.source.scaffold.signatures import mirror


@dataclass(frozen=True, slots=True)
class Method:
    """A method as text, the import paths it needs, and what could not be mirrored."""

    text: str
    imports: tuple[str, ...]
    notes: tuple[Note, ...] = ()
    regexes: tuple[tuple[str, str], ...] = ()
    """Patterns that the file must declare: name and expression."""


def method(task: Task) -> Method:
    """The service method of the endpoint; with no store it answers that it is not implemented.

    Raises SourceError where MLflow's or the checkout's sources cannot be read.
    """
    found = mirror(task)
    package = task.service.protos_package
    helpers = helper_package(task.tree)
    known = found.entities if found else None
    body = Body(
        known or Entities(None), package, task.endpoint.request.go_name,
        helpers=frozenset({"PtrTo"} if helpers else ()),
    )  # fmt: skip
    read = found.handler if found else handler(index(task.mlflow), task.catalog, task.endpoint)
    if found is None or task.service.store is None:
        unmirrored(body, task, read)
    else:
        mirrored(body, task, found)
    service = takes_context(task)
    store = found is not None and task.service.store is not None and found.signature.context
    context = f"{'ctx' if store else '_'} context.Context, " if service else ""
    text = render(
        "service_method.go",
        nolint=_nolint(task), receiver=str(task.service.receiver), name=task.endpoint.method,
        context=context, protos=package, request=task.endpoint.request.go_name,
        response=task.endpoint.response.go_name, paragraphs=body.paragraphs,
    )  # fmt: skip
    notes = tuple(Note(text, "P515", _evidence(read)) for text in body.notes)
    imports = _imports(task, body, service, helpers, package)
    return Method(text, imports, notes, tuple(body.regexes.items()))


def existing(task: Task) -> tuple[str, Func] | None:
    """The endpoint's service method where it stands, with its file, or None."""
    service = task.service
    if service.dir is None:
        return None
    for file in gofiles(task.tree).of(service.dir):
        found = file.function(task.endpoint.method, service.go_name)
        if found is not None:
            return file.path, found
    return None


def store_calls(task: Task, path: str, found: Func) -> tuple[str, ...]:
    """The names of the store methods that a service method calls."""
    store = task.service.store
    if store is None or found.body is None or found.receiver is None:
        return ()
    prefix = f"{found.receiver.name}.{store.field}."
    file = parse(task.tree, path)
    return tuple(
        call.callee.removeprefix(prefix)
        for call in file.calls(found.body)
        if call.callee.startswith(prefix)
    )


def _nolint(task: Task) -> str:
    """golangci-lint's naming rules that the generated interface makes a method break."""
    return "" if exported(task.endpoint.name) == task.endpoint.method else "revive,stylecheck"


def takes_context(task: Task) -> bool:
    """Whether the service's methods take a context first: most do, or those of the others."""
    for services in ((task.service,), task.layout.services):
        votes = [
            bool(f.params) and f.params[0].type == "context.Context"
            for service in services
            for file in gofiles(task.tree).of(service.dir or "")
            for f in file.functions
            if f.receiver is not None
            and f.receiver.type == service.go_name
            and f.params
            and f.params[-1].type.startswith("*")
        ]
        if votes:
            return sum(votes) * 2 > len(votes)
    return True


def _imports(
    task: Task, body: Body, context: bool, helpers: str | None, package: str
) -> tuple[str, ...]:
    layout, store = task.layout, task.service.store
    models = store.models_dir if store else None
    protos = layout.protos_dir if package == "protos" else f"{layout.protos_dir}/{package}"
    folders = {
        "contract": layout.contract_dir,
        package: protos,
        "entities": layout.entities_dir or "",
        "utils": helpers or "",
        "models": models or "",
    }
    wanted = ["contract", package, *sorted(body.packages & {"entities", "utils", "models"})]
    if any("protos." in line for lines in body.paragraphs for line in lines):
        folders["protos"], wanted = layout.protos_dir, [*wanted, "protos"]
    paths = {import_path(layout, folders[name]) for name in wanted}
    standard = {"context"} if context else set()
    standard |= body.packages & {"fmt", "strings"} | ({"regexp"} if body.regexes else set())
    return (*sorted(standard), *sorted(paths))


def _evidence(read: Handler | None) -> tuple[Evidence, ...]:
    return (read.evidence,) if read else ()
