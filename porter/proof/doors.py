"""By which names Python code comes to an endpoint: the ways in, with the chain that explains each.

Two worlds are told apart. A test that holds the SQL store comes in through the binding, over FFI; a
test that holds a client of a running server comes in through the REST store, over HTTP. Names are
followed backwards from the endpoint: store methods, then clients, then the fluent API.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping
from dataclasses import dataclass

from porter.core.endpoint import Endpoint
from porter.core.task import Task
from porter.core.view import View
from porter.proof import evidence
from porter.source import handlers
from porter.source.bodies import Body, Call, body
from porter.source.mlflow import REGISTRY_STORE, TRACKING_STORE, Found, Function, Index, index

REST_STORES = {
    TRACKING_STORE: "mlflow.store.tracking.rest_store",
    REGISTRY_STORE: "mlflow.store.model_registry.rest_store",
}
CLIENTS = ("mlflow/tracking", "mlflow/tracing")
"""The folders with the clients and the fluent API."""

Chain = tuple[str, ...]
_ENTERED = ("__init__", "__enter__", "__exit__")
"""What runs where a class is called and used in a `with`."""


@dataclass(frozen=True)
class Doors:
    """The ways in. `store` are methods of the SQL store, `client` methods of stores and clients of
    a server, `fluent` functions; each name with the chain from it to the endpoint.
    """

    store: Mapping[str, Chain]
    client: Mapping[str, Chain]
    fluent: Mapping[str, Chain]
    goal: evidence.Goal

    @property
    def names(self) -> frozenset[str]:
        """All names, for a quick look at a text."""
        return frozenset({*self.store, *self.client, *self.fluent})


@dataclass(frozen=True)
class Node:
    """A function of the clients: the module it is in, its class if any, and what it sets off."""

    module: str
    owner: str
    name: str
    body: Body

    @property
    def label(self) -> str:
        """`MlflowClient.delete_tag`, or `mlflow.delete_tag` for a function."""
        return f"{self.owner or 'mlflow'}.{self.name}"


def doors(task: Task) -> Doors:
    """The ways in to the task's endpoint.

    Raises SourceError where MLflow's sources do not parse.
    """
    tree = index(task.mlflow)
    goal = evidence.goal(task.endpoint, task.service.go_name)
    module = _store_module(tree, task)
    store = _closed(_sql_methods(tree, task, module), _sql_starts(task, tree, goal))
    rest = _closed(_methods(tree, REST_STORES[module], "RestStore"), _rest_starts(tree, task))
    client, fluent = _clients(task.mlflow, rest)
    return Doors(store, {**client, **rest}, fluent, goal)


def binding_methods(task: Task) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    """The methods of the service's binding in the checkout, by name."""
    service = task.service
    content = task.tree.read(service.binding) if service.binding else None
    if content is None:
        return {}
    for node in ast.parse(content).body:
        if isinstance(node, ast.ClassDef) and node.name == service.binding_class:
            return {inner.name: inner for inner in node.body if isinstance(inner, Function)}
    return {}


def _store_module(tree: Index, task: Task) -> str:
    """The SQL store's module: the one whose REST sibling builds the endpoint's request."""
    for module, rest in REST_STORES.items():
        if _mentioning(_methods(tree, rest, "RestStore"), task.endpoint):
            return module
    registry = "registry" in (task.service.dir or "")
    return REGISTRY_STORE if registry else TRACKING_STORE


def _sql_starts(task: Task, tree: Index, goal: evidence.Goal) -> dict[str, Chain]:
    """The binding's methods that call the export, and the store method the handler calls."""
    found: dict[str, Chain] = {}
    for name, node in binding_methods(task).items():
        if any(isinstance(n, ast.Attribute) and n.attr == goal.export for n in ast.walk(node)):
            found[name] = (goal.export,)
    handler = handlers.handler(tree, task.catalog, task.endpoint)
    if handler is not None and handler.call is not None:
        found.setdefault(handler.call.method, (f"{handler.name} (handlers.py)",))
    return found


def _rest_starts(tree: Index, task: Task) -> dict[str, Chain]:
    methods: dict[str, Body] = {}
    for rest in REST_STORES.values():
        methods |= _mentioning(_methods(tree, rest, "RestStore"), task.endpoint)
    return {name: (str(task.endpoint.routes[0]),) for name in methods}


def _mentioning(methods: Mapping[str, Body], endpoint: Endpoint) -> dict[str, Body]:
    return {n: b for n, b in methods.items() if endpoint.request.name in b.names}


def _sql_methods(tree: Index, task: Task, module: str) -> dict[str, Body]:
    """The store's methods as they are at run time: the binding's over Python's."""
    python = _methods(tree, module, "SqlAlchemyStore")
    mixed = {name: body(node) for name, node in binding_methods(task).items()}
    for name, own in mixed.items():
        if any(call.receiver == "super()" and call.name == name for call in own.calls):
            under = python.get(name, Body((), (), frozenset()))
            mixed[name] = Body(own.calls + under.calls, own.texts, own.names | under.names)
    return {**python, **mixed}


def _methods(tree: Index, module: str, cls: str) -> dict[str, Body]:
    """The methods of a class and its bases, the nearest of each name."""
    home = tree.module(module)
    found = tree.resolve(home, cls) if home else None
    methods: dict[str, Body] = {}
    if not isinstance(found, Found) or not isinstance(found.node, ast.ClassDef):
        return methods
    for base in tree.bases(found):
        assert isinstance(base.node, ast.ClassDef)
        for node in base.node.body:
            if isinstance(node, Function):
                methods.setdefault(node.name, body(node))
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


@dataclass
class _Reached:
    """Names that are known to come to the endpoint, by what can be called by them."""

    store: Mapping[str, Chain]
    clients: dict[str, Chain]
    functions: dict[str, Chain]
    classes: dict[str, Chain]

    def of(self, call: Call, node: Node) -> Chain | None:
        """The chain from a call in `node`; what its receiver is, is judged by its name."""
        last = call.receiver.rpartition(".")[2].lower()
        if not call.receiver:
            return self.functions.get(call.name) or self.classes.get(call.name)
        if "store" in last:
            return self.store.get(call.name)
        if "client" in last or (call.receiver == "self" and node.owner.endswith("Client")):
            return self.clients.get(call.name)
        return self.functions.get(call.name) if call.root in ("mlflow", "fluent") else None

    def add(self, node: Node) -> bool:
        """Take a function in where it comes to the endpoint; whether it was new."""
        known, key = self.functions, node.name
        if node.owner.endswith("Client"):
            known = self.clients
        elif node.owner:
            known, key = self.classes, node.owner
            if node.name not in _ENTERED:
                return False
        if key in known:
            return False
        chains = (self.of(call, node) for call in node.body.calls)
        chain = next((chain for chain in chains if chain is not None), None)
        if chain is not None:
            known[key] = (node.label, *chain)
        return chain is not None


def _clients(mlflow: View, store: Mapping[str, Chain]) -> tuple[dict[str, Chain], dict[str, Chain]]:
    """The methods of clients and the functions of the fluent API that come to store methods."""
    reached = _Reached(store, {}, {}, {})
    while sum(reached.add(node) for node in nodes(mlflow)):
        pass
    return reached.clients, {**reached.functions, **reached.classes}


@functools.lru_cache(maxsize=4)
def nodes(mlflow: View) -> tuple[Node, ...]:
    """All functions and methods of the clients and the fluent API."""
    tree = index(mlflow)
    found: list[Node] = []
    for folder in CLIENTS:
        for path in mlflow.files(folder, ".py", deep=True):
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            module = tree.module(name)
            for top in module.tree.body if module else ():
                if isinstance(top, Function):
                    found.append(Node(name, "", top.name, body(top)))
                elif isinstance(top, ast.ClassDef):
                    found += [
                        Node(name, top.name, inner.name, body(inner))
                        for inner in top.body
                        if isinstance(inner, Function)
                    ]
    return tuple(found)
