"""What a Python store method reaches: the helpers it calls, with those that they call."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from porter.core.question import Evidence
from porter.core.task import Task
from porter.source.mlflow import Found, Function, Index, Module, index, store_class
from porter.source.mlflow.handlers import handler

_DEPTH = 6
Call = tuple[ast.Call, Found, Found | None]
Named = tuple[ast.expr, Found | Module]
# Helpers are reached from many store methods; what they call and name is worked out once a tree.
_CALLS: WeakKeyDictionary[Index, dict[tuple[int, int], tuple[Call, ...]]] = WeakKeyDictionary()
_NAMES: WeakKeyDictionary[Index, dict[int, tuple[Named, ...]]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Reached:
    """A function on the way, the class that `self` is there, and how many calls lead to it."""

    found: Found
    self_class: Found | None
    depth: int
    called_from: Evidence | None

    @property
    def name(self) -> str:
        """The function's own name."""
        assert isinstance(self.found.node, Function)
        return self.found.node.name

    @property
    def node(self) -> Function:
        """Its definition."""
        assert isinstance(self.found.node, Function)
        return self.found.node


def store_method(task: Task) -> Reached | None:
    """The `SqlAlchemyStore` method that the endpoint's handler calls, or None."""
    tree = index(task.mlflow)
    read = handler(tree, task.catalog, task.endpoint)
    if read is None or read.call is None:
        return None
    cls = store_class(tree, read.call.store)
    found = tree.member(cls, read.call.method) if cls else None
    if found is None or not isinstance(found.node, Function):
        return None
    return Reached(found, cls, 0, None)


@functools.lru_cache(maxsize=256)
def reached(tree: Index, start: Reached) -> tuple[Reached, ...]:
    """The method and all functions of MLflow that it calls, nearest first, each once."""
    queue, seen, out = [start], {id(start.found.node)}, []
    while queue:
        here = queue.pop(0)
        out.append(here)
        if here.depth >= _DEPTH:
            continue
        for call, target, owner in calls(tree, here):
            if id(target.node) not in seen:
                seen.add(id(target.node))
                place = here.found.module.evidence(call)
                queue.append(Reached(target, owner, here.depth + 1, place))
    return tuple(out)


def calls(tree: Index, here: Reached) -> tuple[Call, ...]:
    """The calls of MLflow's own functions in a function: the call, the function, its `self`."""
    known = _CALLS.setdefault(tree, {})
    key = (id(here.node), id(here.self_class.node) if here.self_class else 0)
    if key not in known:
        known[key] = tuple(
            (node, *target)
            for node in ast.walk(here.node)
            if isinstance(node, ast.Call) and (target := _target(tree, here, node.func)) is not None
        )
    return known[key]


def names(tree: Index, here: Reached) -> tuple[Named, ...]:
    """The names that a function's body uses and what they mean, outermost dotted name first."""
    known = _NAMES.setdefault(tree, {})
    if id(here.node) not in known:
        known[id(here.node)] = tuple(_names(tree, here))
    return known[id(here.node)]


def _names(tree: Index, here: Reached) -> Iterator[Named]:
    local = {arg.arg for arg in _arguments(here.node)}
    inner: set[int] = set()
    for node in ast.walk(here.node):
        if id(node) in inner or not isinstance(node, ast.Name | ast.Attribute):
            continue
        text = _dotted(node)
        if text is None or text.partition(".")[0] in local:
            continue
        found = _longest(tree, here.found.module, text)
        if found is not None:
            inner |= {id(part) for part in ast.walk(node)}
            yield node, found


def _longest(tree: Index, module: Module, text: str) -> Found | Module | None:
    """What the longest resolvable part of a dotted name means (`SqlTag.key` → `SqlTag`)."""
    while text:
        found = tree.resolve(module, text)
        if found is not None:
            return found
        text = text.rpartition(".")[0]
    return None


def _target(tree: Index, here: Reached, func: ast.expr) -> tuple[Found, Found | None] | None:
    text = _dotted(func)
    if text is None:
        return None
    head, _, rest = text.partition(".")
    if head in ("self", "cls") and rest and "." not in rest and here.self_class is not None:
        found = tree.member(here.self_class, rest)
        if found is not None and isinstance(found.node, Function):
            return found, here.self_class
        return None
    if head in {arg.arg for arg in _arguments(here.node)}:
        return None
    resolved = tree.resolve(here.found.module, text)
    if isinstance(resolved, Found) and isinstance(resolved.node, Function):
        return resolved, here.self_class if resolved.owner else None
    return None


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = _dotted(node.value)
        return f"{left}.{node.attr}" if left else None
    return None


def _arguments(node: Function) -> list[ast.arg]:
    found = node.args
    return [*found.posonlyargs, *found.args, *found.kwonlyargs]
