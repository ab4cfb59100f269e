"""Whether Go answered: of each test, by which way it reached the endpoint, if it did.

FFI is told by counting the export's calls. HTTP is told by two signals that must agree: who signed
the answer, and whether a listener between the Go server and the Python server saw the request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from porter.core.endpoint import Endpoint, Route
from porter.proof.report import Ran, Report

GO_SIGNS = "mlflow/"
"""How the Go server signs its own answers (`Server: mlflow/<version>`)."""
_PREFIX = r"(?:/ajax-api|/api)/\d+\.\d+"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a test has to reach: the Go export, and the routes of the endpoint."""

    export: str
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """How often one test reached the endpoint, and through which door.

    `ffi` calls of the export, `http` answers of the Go server that both signals vouch for,
    `python` requests that Python answered (also those of other processes than the test's, which
    the listener alone can see), `doubtful` those on which the signals disagree, `single` answers
    that Go signed while nothing listened behind it.
    """

    id: str
    ffi: int = 0
    http: int = 0
    python: int = 0
    doubtful: int = 0
    single: int = 0

    @property
    def go(self) -> bool:
        """Whether Go answered at least once."""
        return bool(self.ffi or self.http)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All tests of a run, sorted by what they prove."""

    tests: tuple[Reached, ...]

    @property
    def by_ffi(self) -> tuple[Reached, ...]:
        """The tests that called the export."""
        return tuple(test for test in self.tests if test.ffi)

    @property
    def by_http(self) -> tuple[Reached, ...]:
        """The tests that Go answered over HTTP."""
        return tuple(test for test in self.tests if test.http)

    @property
    def python(self) -> tuple[Reached, ...]:
        """The tests whose requests fell through to Python, at least once."""
        return tuple(test for test in self.tests if test.python)

    @property
    def none(self) -> tuple[Reached, ...]:
        """The tests that prove nothing: they never reached Go."""
        return tuple(test for test in self.tests if not test.go)

    @property
    def summary(self) -> str:
        """`5 reached Go (3 FFI, 2 HTTP), 1 no evidence`."""
        reached = sum(test.go for test in self.tests)
        parts = [f"{reached} reached Go ({len(self.by_ffi)} FFI, {len(self.by_http)} HTTP)"]
        if self.python:
            parts.append(f"{len(self.python)} fell through to Python")
        if silent := [test for test in self.none if not test.python]:
            parts.append(f"{len(silent)} no evidence")
        return ", ".join(parts)


def goal(endpoint: Endpoint, go_name: str) -> Goal:
    """What tests of an endpoint must reach; `go_name` is the service's (`TrackingService`)."""
    return Goal(f"{go_name}{endpoint.method}", endpoint.routes)


def gather(report: Report, goal: Goal) -> Evidence:
    """The evidence of the tests that ended well; one that failed proves nothing."""
    return Evidence(tuple(reached(test, goal) for test in report.passed))


def reached(test: Ran, goal: Goal) -> Reached:
    """How one test reached the endpoint."""
    asked = signed = handed_on = 0
    for route in goal.routes:
        matches = pattern(route).fullmatch
        mine = [a for a in test.answers if a.method == route.method and matches(a.path)]
        asked += sum(a.count for a in mine)
        signed += sum(a.count for a in mine if a.server.startswith(GO_SIGNS))
        handed_on += sum(n for m, path, n in test.proxied if m == route.method and matches(path))
    ffi = test.called(goal.export)
    if not test.listener:
        return Reached(test.id, ffi, 0, asked - signed, single=signed)
    certain = max(asked - handed_on, 0)
    http = min(signed, certain)
    python = min(asked - signed, handed_on)
    others = max(handed_on - asked, 0)
    return Reached(test.id, ffi, http, python + others, asked - http - python)


def pattern(route: Route) -> re.Pattern[str]:
    """The paths of a route, under the API's and the UI's prefix, with any path parameters."""
    parts = re.split(r"\{[^}]*\}", route.path)
    return re.compile(_PREFIX + "[^/]+".join(re.escape(part) for part in parts))
