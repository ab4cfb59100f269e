"""Every way in which a run can look green, or red, without meaning it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from porter.core.command import Command, Outcome
from porter.core.endpoint import Route
from porter.proof.evidence import Goal, reached
from porter.proof.report import Ran, read
from porter.proof.verdict import Expected, judge

STORE = "tests/store/test_store.py::test_rename"
REST = "tests/rest/test_rest.py::test_rename[sql]"
EXPORT = "ThingServiceRenameThing"
GOAL = Goal(EXPORT, (Route("POST", "/mlflow/things/{id}/rename"),))
PATH = "/api/2.0/mlflow/things/7/rename"

Line = dict[str, Any]


def ran(where: str, outcome: str = "passed", **more: object) -> tuple[Line, Line]:
    line = {"event": "test", "id": where, "outcome": outcome, "seconds": 0.1, **more}
    return {"event": "start", "id": where}, line


def by_ffi(where: str = STORE, outcome: str = "passed", export: str = EXPORT) -> tuple[Line, Line]:
    return ran(where, outcome, exports=[[export, "call", 2], ["CreateThingService", "setup", 1]])


def by_http(
    server: str = "mlflow/1.0", proxied: int = 0, *, listener: bool = True, method: str = "POST"
) -> tuple[Line, Line]:
    return ran(
        REST,
        answers=[[method, PATH, server, 1], ["GET", "/health", "mlflow/1.0", 1]],
        proxied=[[method, PATH, proxied]] if proxied else [],
        listener=listener,
    )


def report(*tests: tuple[Line, Line], finish: int | None = 0, **more: Any) -> str:  # noqa: ANN401
    ids = more.get("collected", [end["id"] for _, end in tests])
    lines: list[Line] = [{"event": "collected", "ids": ids}]
    lines += [{"event": "uncollected", "id": x, "text": "?"} for x in more.get("uncollected", [])]
    lines += [line for pair in tests for line in pair]
    if "died_in" in more:
        lines.append({"event": "start", "id": more["died_in"]})
    if finish is not None:
        lines.append({"event": "finish", "code": finish, "loaded": ["/lib.so"]})
    return "".join(f"{json.dumps(line)}\n" for line in lines)


def check(
    text: str, codes: list[str], *, code: int = 0, late: bool = False,
    store: bool = True, server: bool = True, unbound: str | None = None,
) -> str:  # fmt: skip
    """Judge a report; `codes` are the findings it must come to, none for a proof that holds."""
    command = Command(("python", "-m", "pytest", f"mlflow/{STORE}"), limit=60)
    outcome = Outcome(command, code, "", 1.0, timed_out=late, report=text)
    expected = Expected(GOAL, store, server, unbound=unbound, again="porter start x")
    verdict = judge(outcome, expected)
    assert [finding.code for finding in verdict.findings] == codes
    assert verdict.ok is (not codes)
    assert all(finding.next for finding in verdict.findings)
    return verdict.summary


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        (report(by_ffi(), by_http()), "2 ran, 2 reached Go (1 FFI, 1 HTTP)"),
        (
            report(by_ffi(), by_http(), ran("t::test_x")),
            "3 ran, 2 reached Go (1 FFI, 1 HTTP), 1 no evidence",
        ),
        (
            report(by_ffi(), by_http(), ran("t::y", "skipped")),
            "2 ran, 2 reached Go (1 FFI, 1 HTTP)",
        ),
        (report(by_ffi(outcome="xfailed"), by_http()), "2 ran, 2 reached Go (1 FFI, 1 HTTP)"),
    ],
)
def test_proven(text: str, summary: str) -> None:
    assert check(text, []) == summary


@pytest.mark.parametrize(
    ("text", "codes", "more"),
    [
        # The binding is missing: the store's tests run Python's method.
        (report(ran(STORE), by_http()), ["P906"], {}),
        # No method of the binding comes to the export: its store tests were not chosen.
        (report(by_http()), ["P906"], {"store": False, "unbound": "rename_thing"}),
        # The binding calls another export.
        (report(by_ffi(export="ThingServiceDeleteThing"), by_http()), ["P906"], {}),
        # The route is proxied to Python.
        (report(by_ffi(), by_http("Werkzeug/3.0", 1)), ["P907"], {}),
        # The two signals disagree.
        (report(by_ffi(), by_http("mlflow/1.0", 1)), ["P907"], {}),
        (report(by_ffi(), by_http("Werkzeug/3.0", 0)), ["P907"], {}),
        # One signal is missing: nobody listened behind the Go server.
        (report(by_ffi(), by_http(listener=False)), ["P907"], {}),
        # Another method of the same path was asked.
        (report(by_ffi(), by_http(method="GET")), ["P907"], {}),
        # No way in was expected, and none was taken: still no evidence.
        (report(ran(STORE)), ["P906"], {"store": False, "server": False}),
        # Nothing was collected, or all were skipped.
        (report(finish=5), ["P905"], {"code": 5}),
        (report(finish=0), ["P905"], {}),
        (report(ran(STORE, "skipped")), ["P905"], {}),
        (report(by_ffi(), by_http(), uncollected=["tests/x.py"], finish=2), ["P903", "P904"],
         {"code": 2}),
        # pytest died: before anything, in a test, without its last word, or with half a line.
        ("", ["P903"], {"code": 3}),
        ("", ["P903"], {}),
        (report(by_ffi(), by_http(), died_in="tests/x.py::test_x", finish=None), ["P903"],
         {"code": -11}),
        (report(by_ffi(), by_http(), finish=None), ["P903"], {}),
        (report(by_ffi(), by_http(), finish=None) + '{"event": "fin', ["P903"], {}),
        (report(by_ffi(), by_http(), finish=3), ["P903"], {"code": 3}),
        # pytest said that all is well and the process did not.
        (report(by_ffi(), by_http()), ["P903"], {"code": 1}),
        # It hung and was ended.
        (report(by_ffi(), died_in="tests/x.py::test_x", finish=None), ["P902"],
         {"code": -9, "late": True}),
        # A test failed, or its fixtures did: a stub, a library that does not load.
        (report(by_ffi(outcome="failed"), by_http(), finish=1), ["P910"], {"code": 1}),
        (report(ran(STORE, "error"), finish=1), ["P910"], {"code": 1}),
    ],
)  # fmt: skip
def test_not_proven(text: str, codes: list[str], more: dict[str, Any]) -> None:
    check(text, codes, **more)


def test_says_where_it_died_and_how() -> None:
    text = report(by_ffi(), died_in="tests/x.py::test_x", finish=None)
    assert check(text, ["P903"], code=-11) == "pytest died in tests/x.py::test_x (SIGSEGV)"
    late = check(text, ["P902"], late=True)
    assert late == "the tests did not end within 60 s in tests/x.py::test_x and were ended"


def test_workers_of_a_parallel_run_add_up() -> None:
    both = report(by_ffi()) + report(by_http())
    assert check(both, []) == "2 ran, 2 reached Go (1 FFI, 1 HTTP)"
    assert check(report(by_ffi()) + report(by_http(), finish=None), ["P903"])


@pytest.mark.parametrize(
    ("answers", "proxied", "listener", "counts"),
    [
        ([(PATH, "mlflow/", 2)], [], True, (2, 0, 0)),
        ([(PATH, "mlflow/", 2), (PATH, "Werkzeug", 1)], [(PATH, 1)], True, (2, 1, 0)),
        ([("/ajax-api/2.0/mlflow/things/7/rename", "mlflow/", 1)], [], True, (1, 0, 0)),
        ([("/api/2.0/mlflow/things/7/rename/x", "mlflow/", 1)], [], True, (0, 0, 0)),
        ([("/api/2.0/mlflow/things/7/8/rename", "mlflow/", 1)], [], True, (0, 0, 0)),
        ([(PATH, "mlflow/", 1)], [(PATH, 1)], True, (0, 0, 1)),
        # One signal stood alone: nobody listened, or the client was another process.
        ([(PATH, "mlflow/", 1)], [], False, (0, 0, 0)),
        ([], [(PATH, 2)], True, (0, 2, 0)),
        ([(PATH, "Werkzeug", 1)], [], False, (0, 1, 0)),
    ],
)
def test_who_answered(
    answers: list[tuple[str, str, int]], proxied: list[tuple[str, int]], listener: bool,
    counts: tuple[int, int, int],
) -> None:  # fmt: skip
    line = {
        "event": "test", "id": REST, "outcome": "passed", "listener": listener,
        "answers": [["POST", *each] for each in answers],
        "proxied": [["POST", *each] for each in proxied],
    }  # fmt: skip
    test = read(json.dumps(line)).ran[0]
    found = reached(test, GOAL)
    assert (found.http, found.python, found.doubtful) == counts
    assert bool(found.single) is (not listener and answers[0][1] == "mlflow/")


def test_says_that_one_signal_stood_alone() -> None:
    said = check(report(by_ffi(), by_http(listener=False)), ["P907"])
    assert "only the signature says that Go answered" in said


def test_a_failed_test_is_no_evidence() -> None:
    text = report(by_ffi(outcome="failed"), by_http(), finish=1)
    assert [test.id for test in read(text).passed] == [REST]
    assert isinstance(read(text).failed[0], Ran)
