"""Which of MLflow's tests exercise an endpoint, and why: found by reading, nothing is run.

From each test the helpers it calls and the fixtures it asks for are followed, and every call and
path on the way is held against the ways in (`doors`). What the checkout's conftest.py puts in
place of MLflow's own functions is followed as the checkout has it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from porter.core.endpoint import Route
from porter.core.task import Task
from porter.proof import doors as ways
from porter.proof.elsewhere import elsewhere, spoken_of
from porter.proof.walking import Picked, Walk
from porter.source.mlflow import tests_index

CAP = 25
"""Tests that the default takes: a warm run of that many stays under two minutes."""


@dataclass(frozen=True, slots=True)
class Reaching:
    """The tests that come to an endpoint: of the files that the checkout runs, and of others.

    `unbound` is as in `Selection`.
    """

    tests: tuple[Picked, ...]
    outside: tuple[Picked, ...]
    unbound: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """The tests taken, and how many more reach the endpoint without being taken."""

    tests: tuple[Picked, ...]
    left: int = 0
    elsewhere: int = 0
    """Tests in files that the checkout does not run by itself, none of them taken."""
    unbound: str | None = None
    """The binding's method of the endpoint that does not come to the export, though it should."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, relative to MLflow's tree, without parameters."""
        return tuple(test.id for test in self.tests)

    @property
    def summary(self) -> str:
        """`25 of 143 tests (--reach takes all), 7 more elsewhere (--elsewhere)`."""
        more = f", {self.elsewhere} more elsewhere (--elsewhere)" if self.elsewhere else ""
        if not self.left:
            return f"{len(self.tests)} test{'s' * (len(self.tests) != 1)}{more}"
        return f"{len(self.tests)} of {len(self.tests) + self.left} tests (--reach takes all){more}"


def select(
    task: Task,
    *,
    reach: bool = False,
    cap: int = CAP,
    others: Sequence[Picked] = (),
    known: Reaching | None = None,
) -> Selection:
    """The tests that exercise the endpoint: those that call it themselves, at most `cap` of them.

    Where no test does, those that come nearest. `reach` takes every test that comes to
    it, through fixtures and helpers; `others` are tests of other files to choose from as well, and
    `known` is what `reaching` found before.
    Where none of the files that the checkout runs has one, all of MLflow's are looked through.
    Raises SourceError where a file of the test tree does not parse.
    """
    near = known.tests if known else near_tests(task)
    found = [*near, *others] or (known.outside if known else elsewhere(task))
    unbound = known.unbound if known else ways.doors(task).unbound
    if reach:
        return Selection(tuple(found), unbound=unbound)
    nearest = min(map(_distance, found), default=(0, False))
    first = [test for test in found if _distance(test) == nearest]
    taken = _fair(sorted(first, key=lambda test: _rank(test, task)), cap)
    order = {test.id: number for number, test in enumerate(found)}
    tests = tuple(sorted(taken, key=lambda test: order[test.id]))
    return Selection(tests, len(found) - len(taken), unbound=unbound)


def reaching(task: Task) -> Reaching:
    """Every test that comes to the endpoint. Raises SourceError like `select`."""
    unbound = ways.doors(task).unbound
    return Reaching(tuple(near_tests(task)), tuple(elsewhere(task)), unbound)


def near_tests(task: Task) -> list[Picked]:
    """Every test of the files that the checkout runs that comes to the endpoint."""
    walk = Walk(task, ways.doors(task))
    found = []
    for path in tests_index.suites(task.tree, task.layout):
        for test in tests_index.tests(task.mlflow, path):
            picked = walk.test(test)
            if picked is not None:
                found.append(picked)
    return found


def mentioned(task: Task) -> bool:
    """Whether any test speaks of the endpoint: a quick look at their text.

    It parses no test and no client, so that `status` can ask it of every endpoint.
    """
    suites = tests_index.suites(task.tree, task.layout)
    called, paths = tests_index.spoken(task.mlflow, suites)
    if called & ways.near_names(task):
        return True
    routes = [_loosely(route) for route in task.endpoint.routes]
    return any(route.search(path) for route in routes for path in paths) or spoken_of(task)


def unavailable(task: Task) -> str | None:
    """Why no test can be chosen in this checkout, or None."""
    if not tests_index.suites(task.tree, task.layout):
        return "the magefiles of this checkout name no Python tests"
    return None


def _loosely(route: Route) -> re.Pattern[str]:
    """A route's path as a source text may have it, f-strings and all."""
    parts = [re.escape(part) for part in re.split(r"\{[^}]*\}", route.path)]
    return re.compile("[^/]+".join(parts) + "$")


def _distance(test: Picked) -> tuple[int, bool]:
    return test.hops, test.detours > 0


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
