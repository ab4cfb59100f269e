"""Which of MLflow's tests exercise an endpoint, and why: found by reading, nothing is run.

From each test the helpers it calls and the fixtures it asks for are followed, and every call and
path on the way is held against the ways in (`doors`). What the checkout's conftest.py puts in
place of MLflow's own functions is followed as the checkout has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from porter.core.endpoint import Route
from porter.core.task import Task
from porter.proof import doors as ways
from porter.proof.doors import Doors
from porter.source import tests_index
from porter.source.bodies import body
from porter.source.mlflow import Found, Function, index
from porter.source.tests_index import Test

CAP = 25
"""Tests that the default takes: a warm run of that many stays under two minutes."""
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Picked:
    """A test that reaches the endpoint. `hops` is 0 where it does so itself.

    `why` is the chain, test first. `world` is `store` (through FFI) or `server` (through HTTP).
    """

    id: str
    hops: int
    why: tuple[str, ...]
    world: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """The tests taken, and how many more reach the endpoint without being taken."""

    tests: tuple[Picked, ...]
    left: int = 0
    elsewhere: int = 0
    """Of these, tests in files that the checkout does not run by itself."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, relative to MLflow's tree, without parameters."""
        return tuple(test.id for test in self.tests)

    @property
    def summary(self) -> str:
        """`12 tests`, or `25 of 143 tests (--reach takes all)`."""
        if not self.left:
            return f"{len(self.tests)} tests"
        return f"{len(self.tests)} of {len(self.tests) + self.left} tests (--reach takes all)"


def select(task: Task, *, reach: bool = False, cap: int = CAP) -> Selection:
    """The tests that exercise the endpoint: those that do so themselves, at most `cap` of them.

    Where no test does so itself, those that come nearest. `reach` takes every test that comes to
    it, through fixtures and helpers, in any file. Raises SourceError where a file of the test tree
    does not parse.
    """
    found = reaching(task)
    if reach:
        return Selection(tuple(found))
    nearest = min((test.hops for test in found), default=0)
    near = [test for test in found if test.hops == nearest]
    taken = _fair(sorted(near, key=lambda test: _rank(test, task)), cap)
    order = {test.id: number for number, test in enumerate(found)}
    return Selection(tuple(sorted(taken, key=lambda test: order[test.id])), len(found) - len(taken))


def reaching(task: Task, files: Sequence[str] | None = None) -> list[Picked]:
    """Every test of `files` (else of those the checkout runs) that comes to the endpoint."""
    known = ways.doors(task)
    found = []
    for path in files if files is not None else tests_index.suites(task.tree, task.layout):
        for test in tests_index.tests(task.mlflow, path):
            picked = _Walk(task, known).test(test)
            if picked is not None:
                found.append(picked)
    return found


def mentioned(task: Task) -> bool:
    """Whether the tests that the checkout runs speak of the endpoint: a quick look at their text.

    It parses no test, so that `status` can ask it of every endpoint.
    """
    known = ways.doors(task)
    names = "|".join(sorted(re.escape(name) for name in known.names))
    calls = re.compile(rf"\b(?:{names})\(".encode()) if names else None
    paths = [re.compile(path.pattern.encode()) for path in map(_loosely, known.goal.routes)]
    for path in tests_index.suites(task.tree, task.layout):
        text = task.mlflow.read(path) or b""
        if (calls and calls.search(text)) or any(p.search(text) for p in paths):
            return True
    return False


def unavailable(task: Task) -> str | None:
    """Why no test can be chosen in this checkout, or None."""
    if not tests_index.suites(task.tree, task.layout):
        return "the magefiles of this checkout name no Python tests"
    return None


def _loosely(route: Route) -> re.Pattern[str]:
    """A route's path in a source text, f-strings and all."""
    parts = [re.escape(part) for part in re.split(r"\{[^}]*\}", route.path)]
    return re.compile("[^/\"']+".join(parts))


def _rank(test: Picked, task: Task) -> tuple[int, int]:
    """Tests named after the endpoint first, then those with the shortest way."""
    words = re.findall(r"[A-Z]?[a-z]+", task.endpoint.name)
    name = "_".join(word.lower() for word in words)
    return (0 if name in test.id else 1, len(test.why))


def _fair(tests: list[Picked], cap: int) -> list[Picked]:
    """The first `cap` tests, neither world crowded out by the other."""
    taken: list[Picked] = []
    for world in ("store", "server"):
        taken += [test for test in tests if test.world == world][: cap // 2]
    rest = [test for test in tests if test not in taken]
    return [*taken, *rest[: max(cap - len(taken), 0)]]


@dataclass(frozen=True)
class _Hit:
    hops: int
    why: tuple[str, ...]


class _Walk:
    """One walk from a test over its helpers and fixtures."""

    def __init__(self, task: Task, known: Doors) -> None:
        self.task = task
        self.known = known
        self.tree = index(task.mlflow)
        self.paths = [_in_text(route.path) for route in known.goal.routes]
        self.replaced = tests_index.overridden(task.tree)

    def test(self, test: Test) -> Picked | None:
        """How a test comes to the endpoint, by the shortest way, or None."""
        start = self._as_replaced(test)
        reached = list(self._functions(start))
        server = any(self._starts_server(function) for function, _, _ in reached)
        best: _Hit | None = None
        for function, hops, chain in reached:
            hit = self._hit(function, server=server)
            if hit is not None and (best is None or hops < best.hops):
                best = _Hit(hops, (*chain, *hit))
        if best is None:
            return None
        world = "server" if server else "store"
        place = f"{test.path}:{test.line}"
        return Picked(test.id, best.hops, best.why, world, place)

    def _functions(self, start: Found) -> Iterator[tuple[Found, int, tuple[str, ...]]]:
        """The function, and all it comes to in the test tree, nearest first, with the chain."""
        seen = {id(start.node)}
        level: list[tuple[Found, tuple[str, ...]]] = [(start, ())]
        for hops in range(_DEEPEST):
            deeper: list[tuple[Found, tuple[str, ...]]] = []
            for function, chain in level:
                yield function, hops, chain
                for label, found in self._next(function):
                    if id(found.node) not in seen:
                        seen.add(id(found.node))
                        deeper.append((found, (*chain, label)))
            level = deeper

    def _next(self, function: Found) -> Iterator[tuple[str, Found]]:
        for fixture in tests_index.fixtures_of(self.task.mlflow, function):
            yield f"fixture {_name(fixture)}", fixture
        for call in body(function.node).calls:
            found = tests_index.helper(self.tree, function, call.receiver, call.name)
            if found is not None:
                yield f"{call.name}()", found

    def _as_replaced(self, test: Test) -> Found:
        """The test, or what the checkout puts in its place."""
        path = self.replaced.get(f"{test.found.module.name}.{test.name}")
        own = tests_index.functions(self.task.tree, path).get(test.name) if path else None
        return Found(test.found.module, own) if own is not None else test.found

    def _starts_server(self, function: Found) -> bool:
        """Whether this is no test, and the checkout replaces it: what starts its server."""
        name = _name(function)
        return not name.startswith("test") and f"{function.module.name}.{name}" in self.replaced

    def _hit(self, function: Found, *, server: bool) -> tuple[str, ...] | None:
        """The first way in that a function takes itself."""
        own = body(function.node)
        where = function.module.path.rpartition("/")[2]
        for call in own.calls:
            fluent = call.root == "mlflow" or not call.receiver
            names = (
                self.known.fluent if fluent else self.known.client if server else self.known.store
            )
            if call.name in names:
                written = f"{call.receiver}.{call.name}" if call.receiver else call.name
                return (f"{where}:{call.line} {written}", *names[call.name])
        for text in own.texts:
            if any(path.search(text.value) for path in self.paths):
                return (f"{where}:{text.line} {text.value}",)
        return None


def _in_text(path: str) -> re.Pattern[str]:
    """A route's path at the end of a string, holes of f-strings standing for its parameters."""
    parts = [re.escape(part) for part in re.split(r"\{[^}]*\}", path)]
    return re.compile("[^/]+".join(parts) + r"(?=$|[?\s])")


def _name(found: Found) -> str:
    assert isinstance(found.node, Function)
    return found.node.name
