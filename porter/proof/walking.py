"""From a test over its helpers and fixtures to the endpoint, by the shortest way."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from porter.core.task import Task
from porter.core.view import View
from porter.proof.clients import Chain
from porter.proof.doors import Doors
from porter.source.mlflow import Found, Function, index, tests_index
from porter.source.mlflow.bodies import Call, body
from porter.source.mlflow.tests_index import Test

_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Picked:
    """A test that reaches the endpoint. `hops` is 0 where it does so itself.

    `detours` counts other functions of MLflow on the way: 0 is a call of the operation itself.
    `why` is the chain, test first. `world` is `store` (through FFI) or `server` (through HTTP).
    """

    id: str
    hops: int
    detours: int
    why: tuple[str, ...]
    world: str
    place: str = ""

    @property
    def file(self) -> str:
        """The file it stands in, relative to MLflow's tree."""
        return self.id.partition("::")[0]


@dataclass(frozen=True, eq=False)
class Step:
    """A function that a test comes to: after how many hops, and by which chain."""

    function: Found
    hops: int
    chain: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Way:
    """All that a test comes to in the test tree, nearest first. `server`: it starts a server."""

    steps: tuple[Step, ...]
    server: bool


class Walk:
    """Walks from tests over their helpers and fixtures to the ways in to one endpoint."""

    def __init__(self, task: Task, known: Doors) -> None:
        self.task = task
        self.known = known
        self.paths = [_in_text(route.path) for route in known.goal.routes]
        self._hits: dict[tuple[int, bool], tuple[str, ...] | None] = {}

    def test(self, test: Test) -> Picked | None:
        """How a test comes to the endpoint, by the shortest way, or None."""
        way = way_of(self.task.mlflow, self.task.tree, test)
        for step in way.steps:
            hit = self._hit(step.function, server=way.server)
            if hit is not None:
                world = "server" if way.server else "store"
                place = f"{test.path}:{test.line}"
                return Picked(test.id, step.hops, _detours(hit), (*step.chain, *hit), world, place)
        return None

    def by_call(self, function: Found, call: Call, *, server: bool) -> Chain | None:
        """The way in that a call of a test takes, by its name; None where it takes none."""
        if self.known.made and not call.receiver:
            source, name = function.module.imports.get(call.name, ("", None))
            if (source, name or "") in self.known.made:
                return self.known.made[source, name or ""]
        if call.root == "mlflow" or not call.receiver:
            return self.known.fluent.get(call.name)
        return (self.known.client if server else self.known.store).get(call.name)

    def _hit(self, function: Found, *, server: bool) -> tuple[str, ...] | None:
        key = (id(function.node), server)
        if key not in self._hits:
            self._hits[key] = self._first(function, server=server)
        return self._hits[key]

    def _first(self, function: Found, *, server: bool) -> tuple[str, ...] | None:
        """The first way in that a function takes itself."""
        own = body(function.node)
        where = function.module.path.rpartition("/")[2]
        for call in own.calls:
            found = self.by_call(function, call, server=server)
            if found is not None:
                written = f"{call.receiver}.{call.name}" if call.receiver else call.name
                return (f"{where}:{call.line} {written}", *found)
        for line in own.spoken:
            found = self.known.commands.get((line.group.removesuffix(".commands"), line.command))
            if found is not None:
                return (f"{where}:{line.line} {line.group} {line.command}", *found)
        for text in own.texts:
            if any(path.search(text.value) for path in self.paths):
                return (f"{where}:{text.line} {text.value}",)
        return None


@functools.lru_cache(maxsize=8192)
def way_of(mlflow: View, tree: View, test: Test) -> Way:
    """What a test comes to in MLflow's test tree, as the checkout `tree` replaces parts of it."""
    replaced = tests_index.overridden(tree)
    steps: list[Step] = []
    server = False
    first = _replacement(tree, replaced, test.found) or test.found
    seen = {id(first.node)}
    level = [Step(first, 0, ())]
    while level and level[0].hops <= _DEEPEST:
        steps += level
        deeper: list[Step] = []
        for step in level:
            for label, found in _next(mlflow, step.function):
                own = _replacement(tree, replaced, found)
                server = server or own is not None
                if id(found.node) not in seen:
                    seen.add(id(found.node))
                    deeper.append(Step(own or found, step.hops + 1, (*step.chain, label)))
        level = deeper
    return Way(tuple(steps), server)


def _next(mlflow: View, function: Found) -> Iterator[tuple[str, Found]]:
    """The fixtures and helpers of a function of MLflow's test tree."""
    for fixture in tests_index.fixtures_of(mlflow, function):
        yield f"fixture {_name(fixture)}", fixture
    for call in body(function.node).calls:
        found = tests_index.helper(index(mlflow), function, call.receiver, call.name)
        if found is not None:
            yield f"{call.name}()", found


def _replacement(tree: View, replaced: Mapping[str, str], function: Found) -> Found | None:
    """What the checkout puts in the place of a function, or None.

    pytest looks up the fixtures of a replaced test in the file that the test is collected from.
    """
    path = replaced.get(f"{function.module.name}.{_name(function)}")
    module = index(tree).module(path.removesuffix(".py").replace("/", ".")) if path else None
    own = module.defined.get(_name(function)) if module else None
    if module is None or not isinstance(own, Function):
        return None
    return Found(function.module if own.name.startswith("test") else module, own)


def _detours(hit: Chain) -> int:
    """How many functions beside the first are on a way; the last link is the endpoint itself."""
    names = {re.split(r"[ .]", link)[-1] for link in hit[: max(len(hit) - 1, 1)]}
    return len(names) - 1


def _in_text(path: str) -> re.Pattern[str]:
    """A route's path at the end of a string, holes of f-strings standing for its parameters."""
    parts = [re.escape(part) for part in re.split(r"\{[^}]*\}", path)]
    return re.compile("[^/]+".join(parts) + r"(?=$|[?\s])")


def _name(found: Found) -> str:
    assert isinstance(found.node, Function)
    return found.node.name
