"""MLflow's clients, fluent functions and commands, followed backwards from store methods.

The receiver of a call is judged by its name (`self.store`, `MlflowClient()`), which is how these
modules are written; nothing is executed.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from porter.core.view import View
from porter.source.mlflow import Function, index
from porter.source.mlflow.bodies import Body, Call, decorators, usual

FOLDERS = ("mlflow/tracking", "mlflow/tracing")
"""The folders with the clients and the fluent API."""

Chain = tuple[str, ...]
Key = TypeVar("Key")
_GROUP = b"@click.group("
_CALLS_CLIENT = re.compile(rb"\b[Cc]lient(?:\(\))?\.\w+\(")
_ENTERED = ("__init__", "__enter__", "__exit__")
"""What runs where a class is called and used in a `with`."""


@dataclass(frozen=True)
class Node:
    """A function of the clients: its module, its class if any, and what it sets off.

    `command` is its name on the command line where it is a command of click's.
    """

    module: str
    owner: str
    name: str
    body: Body
    command: str = ""

    @property
    def label(self) -> str:
        """`MlflowClient.delete_tag`, `mlflow.delete_tag`, or `mlflow.experiments delete`."""
        if self.command:
            return f"{self.module} {self.command}"
        return f"{self.owner or 'mlflow'}.{self.name}"


def reaching(mlflow: View, store: Mapping[str, Chain]) -> Reaching:
    """Everything in MLflow's clients that comes to these store methods."""
    reached = Reaching(store, {}, {}, {}, {})
    while sum(reached.add(node) for node in nodes(mlflow)):
        pass
    reached.functions.update(reached.classes)
    return reached


@dataclass
class Reaching:
    """Names that are known to come to the endpoint, by what can be called by them."""

    store: Mapping[str, Chain]
    clients: dict[str, Chain]
    functions: dict[str, Chain]
    classes: dict[str, Chain]
    commands: dict[tuple[str, str], Chain]

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
        if node.command:
            return self._put(self.commands, (node.module, node.command), node)
        known, key = self.functions, node.name
        if node.owner.endswith("Client"):
            known = self.clients
        elif node.owner:
            known, key = self.classes, node.owner
            if node.name not in _ENTERED:
                return False
        return self._put(known, key, node)

    def _put(self, known: dict[Key, Chain], key: Key, node: Node) -> bool:
        if key in known:
            return False
        chains = (self.of(call, node) for call in node.body.calls)
        chain = next((chain for chain in chains if chain is not None), None)
        if chain is not None:
            known[key] = (node.label, *chain)
        return chain is not None


@functools.lru_cache(maxsize=4)
def nodes(mlflow: View) -> tuple[Node, ...]:
    """All functions and methods of the clients, the fluent API and the command line."""
    paths = [path for folder in FOLDERS for path in mlflow.files(folder, ".py", deep=True)]
    paths += [p for p in mlflow.files("mlflow", ".py") if _GROUP in (mlflow.read(p) or b"")]
    names = [p.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for p in paths]
    found: list[Node] = []
    for name in [*names, *_lent(mlflow, names)]:
        module = index(mlflow).module(name)
        for top in module.tree.body if module else ():
            if isinstance(top, Function):
                found.append(Node(name, "", top.name, usual(top), _command(top)))
            elif isinstance(top, ast.ClassDef):
                methods = [inner for inner in top.body if isinstance(inner, Function)]
                found += [Node(name, top.name, each.name, usual(each)) for each in methods]
    return tuple(found)


def _lent(mlflow: View, names: list[str]) -> list[str]:
    """Modules elsewhere that lend functions to the clients and call a client themselves."""
    lent: dict[str, None] = {}
    for name in names:
        module = index(mlflow).module(name)
        for source, attribute in module.imports.values() if module else ():
            if (
                attribute
                and attribute[0].islower()
                and source.startswith("mlflow.")
                and source not in names
            ):
                lent[source] = None
    return [
        source
        for source in lent
        if _CALLS_CLIENT.search(mlflow.read(source.replace(".", "/") + ".py") or b"")
    ]


def _command(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The name of a function on the command line, "" where it is no command."""
    for text in decorators(node):
        if made := re.fullmatch(r"\w+\.command\((?:['\"]([\w-]+)['\"])?.*\)", text, re.DOTALL):
            return made[1] or node.name.replace("_", "-")
    return ""
