"""Tests that reach an endpoint and stand in files of MLflow's that the checkout does not run.

Most of the tree has nothing to do with the endpoint, so a file's words are looked at before it is
parsed. There a name alone says little: the receiver has to be a store, a client or MLflow itself.
Without a server a client comes to the SQL store, and so to Go over FFI, where its tracking URI
names a database; whether it does only a run can say.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from porter.core.task import Task
from porter.proof import doors as ways
from porter.proof.clients import FOLDERS, Chain
from porter.proof.doors import Doors
from porter.proof.walking import Picked, Walk
from porter.source.mlflow import Found, index, tests_index
from porter.source.mlflow.bodies import Call


def elsewhere(task: Task) -> list[Picked]:
    """The tests outside of the files that the checkout runs, in the order of their files."""
    known = ways.doors(task)
    walk = _Outside(task, known)
    found = (walk.test(test) for path in _speaking(task, known) for test in _tests(task, path))
    return [picked for picked in found if picked is not None]


def packages(task: Task, path: str) -> frozenset[str]:
    """The packages that a test file imports as it is loaded, MLflow's own aside."""
    found = index(task.mlflow).module(path.removesuffix(".py").replace("/", "."))
    names: set[str] = set()
    for node in found.tree.body if found else ():
        match node:
            case ast.Import(names=imported):
                names |= {each.name.partition(".")[0] for each in imported}
            case ast.ImportFrom(module=str(module), level=0):
                names.add(module.partition(".")[0])
            case _:
                pass
    return frozenset(names - {"mlflow", "tests"})


def spoken_of(task: Task) -> bool:
    """Whether any such file speaks of the endpoint: by its text alone."""
    names = ways.near_names(task)
    return any(names & tests_index.words(task.mlflow, path) for path in _files(task))


class _Outside(Walk):
    """The walk over tests whose habits are not known."""

    def by_call(self, function: Found, call: Call, *, server: bool) -> Chain | None:
        """The way in that a call takes, judged by its receiver."""
        last = call.receiver.rpartition(".")[2].lower()
        if "client" in last:
            chain = self.known.client.get(call.name)
        elif "store" in last and "SqlAlchemyStore" in function.module.imports:
            chain = (self.known.client if server else self.known.store).get(call.name)
        elif _of_mlflow(function, call):
            chain = self.known.fluent.get(call.name)
        else:
            source, name = function.module.imports.get(call.name, ("", None))
            chain = self.known.made.get((source, name or ""))
        if chain is None or server:
            return chain
        ends = self.known.store and not self.known.unbound
        return (*chain[:-1], self.known.goal.export) if ends else None


def _of_mlflow(function: Found, call: Call) -> bool:
    """Whether a call is one of the fluent API, not of a flavor's module of the same name."""
    homes = ("mlflow", *(folder.replace("/", ".") for folder in FOLDERS))
    if call.receiver:
        return call.receiver in homes or call.receiver.rpartition(".")[0] in homes[1:]
    return function.module.imports.get(call.name, ("", None))[0].startswith(homes)


def _speaking(task: Task, known: Doors) -> Iterator[str]:
    names = known.names | {name for _, name in known.made}
    for path in _files(task):
        if names & tests_index.words(task.mlflow, path):
            yield path


def _files(task: Task) -> list[str]:
    run = tests_index.suites(task.tree, task.layout)
    return [path for path in tests_index.files(task.mlflow) if path not in run]


def _tests(task: Task, path: str) -> tuple[tests_index.Test, ...]:
    return tests_index.tests(task.mlflow, path)
