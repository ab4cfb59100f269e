"""By which names Python code comes to an endpoint: the ways in, with the chain that explains each.

Two worlds are told apart. A test that holds the SQL store comes in through the binding, over FFI; a
test that holds a client of a running server comes in through the REST store, over HTTP. Names are
followed backwards from the endpoint: store methods, then clients, then the fluent API.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace

from porter.core.endpoint import Endpoint
from porter.core.task import Task
from porter.core.view import View
from porter.proof import clients, evidence
from porter.proof.clients import Chain
from porter.source.mlflow import (
    HANDLERS,
    REGISTRY_STORE,
    TRACKING_STORE,
    Found,
    Function,
    Index,
    index,
)
from porter.source.mlflow.bodies import Body, body, usual
from porter.source.remember import once_a_task
from porter.source.scaffold import bindings

REST_STORES = {
    TRACKING_STORE: "mlflow.store.tracking.rest_store",
    REGISTRY_STORE: "mlflow.store.model_registry.rest_store",
}


Node = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Doors:
    """The ways in, each with the chain from it to the endpoint.

    `store` are methods of the SQL store, `client` methods of stores and clients of a server,
    `fluent` functions, `commands` those of the command line by module and name, `made` classes
    (module, name) that come to the endpoint where they are made.
    """

    store: Mapping[str, Chain]
    client: Mapping[str, Chain]
    fluent: Mapping[str, Chain]
    commands: Mapping[tuple[str, str], Chain]
    made: Mapping[tuple[str, str], Chain]
    goal: evidence.Goal
    unbound: str | None = None
    """The SQL store's method that should come to the export and runs Python's own code."""

    @property
    def names(self) -> frozenset[str]:
        """All names, for a quick look at a text."""
        return frozenset({*self.store, *self.client, *self.fluent})


@once_a_task
def doors(task: Task) -> Doors:
    """The ways in to the task's endpoint.

    Raises SourceError where MLflow's sources do not parse.
    """
    tree = index(task.mlflow)
    goal = evidence.goal(task.endpoint, task.service.go_name)
    module = _store_module(tree, task)
    store = _closed(_sql_methods(tree, task, module), _calling(task, goal))
    rest = _closed(
        _usual(_methods(tree, REST_STORES[module], "RestStore")), _rest_starts(tree, task)
    )
    found = clients.reaching(task.mlflow, rest)
    made = _makers(tree, module, store["__init__"]) if "__init__" in store else {}
    names = bindings.method_names(task) if task.service.binding else ()
    unbound = names[0] if names and not store.keys() & set(names) else None
    client = {**found.clients, **rest}
    return Doors(store, client, found.functions, found.commands, made, goal, unbound)


def near_names(task: Task) -> frozenset[str]:
    """The store methods of the endpoint itself, without following who calls them."""
    goal = evidence.goal(task.endpoint, task.service.go_name)
    return frozenset({*_calling(task, goal), *_rest_starts(index(task.mlflow), task)})


def binding_methods(task: Task) -> Mapping[str, Node]:
    """The methods of the service's binding in the checkout, by name."""
    service = task.service
    if service.binding is None:
        return {}
    return _class(task.tree, service.binding, service.binding_class or "")


@functools.lru_cache(maxsize=8)
def _class(tree: View, path: str, name: str) -> dict[str, Node]:
    for node in ast.parse(tree.read(path) or b"").body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return {inner.name: inner for inner in node.body if isinstance(inner, Function)}
    return {}


def _store_module(tree: Index, task: Task) -> str:
    """The SQL store's module: the one whose REST sibling builds the endpoint's request."""
    for module, rest in REST_STORES.items():
        if _mentioning(_methods(tree, rest, "RestStore"), task.endpoint):
            return module
    registry = "registry" in (task.service.dir or "")
    return REGISTRY_STORE if registry else TRACKING_STORE


def _makers(tree: Index, module: str, chain: Chain) -> dict[tuple[str, str], Chain]:
    """The SQL store's class, and the classes of handlers.py that make it."""
    made = {(module, "SqlAlchemyStore"): chain}
    handling = tree.module(HANDLERS)
    for node in handling.tree.body if handling else ():
        if isinstance(node, ast.ClassDef) and any(
            isinstance(inner, ast.ImportFrom) and inner.module == module for inner in ast.walk(node)
        ):
            made[HANDLERS, node.name] = ("SqlAlchemyStore()", *chain)
    return made


def _calling(task: Task, goal: evidence.Goal) -> dict[str, Chain]:
    """The binding's methods that call the export: what else a store has is Python's own."""
    methods = binding_methods(task).items()
    return {name: (goal.export,) for name, node in methods if goal.export in body(node).attributes}


def _rest_starts(tree: Index, task: Task) -> dict[str, Chain]:
    names: list[str] = []
    for rest in REST_STORES.values():
        names += _mentioning(_methods(tree, rest, "RestStore"), task.endpoint)
    return {name: (str(task.endpoint.routes[0]),) for name in names}


def _mentioning(methods: Mapping[str, Node], endpoint: Endpoint) -> list[str]:
    return [name for name, node in methods.items() if endpoint.request.name in body(node).names]


def _sql_methods(tree: Index, task: Task, module: str) -> dict[str, Body]:
    """The store's methods as they are at run time: the binding's over Python's."""
    python = _usual(_methods(tree, module, "SqlAlchemyStore"))
    mixed = _usual(binding_methods(task))
    for name, own in mixed.items():
        if any(call.receiver == "super()" and call.name == name for call in own.calls):
            under = python.get(name, Body())
            mixed[name] = replace(own, calls=own.calls + under.calls)
    return {**python, **mixed}


def _usual(methods: Mapping[str, Node]) -> dict[str, Body]:
    return {name: usual(node) for name, node in methods.items()}


@functools.lru_cache(maxsize=16)
def _methods(tree: Index, module: str, cls: str) -> dict[str, Node]:
    """The methods of a class and its bases, the nearest of each name."""
    home = tree.module(module)
    found = tree.resolve(home, cls) if home else None
    methods: dict[str, Node] = {}
    if not isinstance(found, Found) or not isinstance(found.node, ast.ClassDef):
        return methods
    for base in tree.bases(found):
        assert isinstance(base.node, ast.ClassDef)
        for node in base.node.body:
            if isinstance(node, Function):
                methods.setdefault(node.name, node)
    return methods


def _closed(methods: Mapping[str, Body], starts: Mapping[str, Chain]) -> dict[str, Chain]:
    """The starts, and the methods of the same class that come to them."""
    reached = dict(starts)
    grown = True
    while grown:
        grown = False
        for name, own in methods.items():
            if name in reached:
                continue
            for call in own.calls:
                if call.receiver in ("self", "super()") and call.name in reached:
                    reached[name] = (f"store.{call.name}", *reached[call.name])
                    grown = True
                    break
    return reached
