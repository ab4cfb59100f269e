"""The ported endpoints of a service, each with the files and the interface that it stands in."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from porter.core.endpoint import Endpoint
from porter.core.layout import Service
from porter.core.task import Task
from porter.source.checkout.stores import interfaces, sql_files
from porter.source.golang import GoFile, parse
from porter.source.golang.gofiles import gofiles
from porter.source.remember import once_a_task
from porter.source.scaffold.nouns import Noun, noun


@dataclass(frozen=True, slots=True)
class Place:
    """One answer to where. `sql` and `interface` are None where the service has no store."""

    service: str
    sql: str | None
    interface: str | None

    def __str__(self) -> str:
        """How the answer is stored and typed: file names and the interface."""
        parts = (posixpath.basename(self.service), posixpath.basename(self.sql or ""))
        return " ".join(part for part in (*parts, self.interface) if part)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A ported endpoint, where it stands, and the line of its service method."""

    endpoint: Endpoint
    place: Place
    line: int

    @property
    def noun(self) -> Noun:
        """What it is about."""
        return noun(self.endpoint.name)


@once_a_task
def neighbours(task: Task) -> list[Neighbour]:
    """The service's other endpoints whose method stands, with the places of their code."""
    service = task.service
    files = list(gofiles(task.tree).of(service.dir or ""))
    stores = _store_places(task, service)
    found = []
    for endpoint in task.catalog.endpoints:
        if endpoint.service == service.name and endpoint.id != task.endpoint.id:
            for file in files:
                method = file.function(endpoint.method, service.go_name)
                if method is not None:
                    sql, interface = _store_place(file, endpoint, service, stores)
                    found.append(Neighbour(endpoint, Place(file.path, sql, interface), method.line))
    return found


_Stores = tuple[dict[str, str], dict[str, str]]


def _store_places(task: Task, service: Service) -> _Stores:
    """SQL files and interfaces by method name."""
    store = service.store
    if store is None:
        return {}, {}
    files = {
        f.name: path
        for path in sql_files(task.tree, store)
        for f in parse(task.tree, path).functions
        if f.receiver is not None and f.receiver.type == store.receiver.type
    }
    declared = {
        method.name: found.name
        for _, found in interfaces(task.tree, task.layout, store)
        for method in found.methods
    }
    return files, declared


def _store_place(
    file: GoFile, endpoint: Endpoint, service: Service, stores: _Stores
) -> tuple[str | None, str | None]:
    """The place of the store method of the endpoint's name, else of the last that it calls."""
    files, declared = stores
    name: str | None = endpoint.method
    if name not in declared:
        method = file.function(endpoint.method, service.go_name)
        field = f".{service.store.field}." if service.store else "\0"
        body = method.body if method else None
        calls = [c.callee for c in file.calls(body) if field in c.callee] if body else []
        name = calls[-1].rpartition(".")[2] if calls else None
    return files.get(name or ""), declared.get(name or "")
