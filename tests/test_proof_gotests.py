"""Reading `go test -json`."""

from __future__ import annotations

import json

import pytest

from porter.core.command import Command, Outcome
from porter.proof.gotests import judge, judge_some


def event(action: str, test: str | None = None, output: str | None = None) -> str:
    line = {"Action": action, "Package": "example.com/pkg/x"}
    line |= {"Test": test} if test else {}
    return json.dumps(line | ({"Output": output} if output else {}))


@pytest.mark.parametrize(
    ("lines", "code", "summary", "some"),
    [
        ([event("pass", "TestA"), event("pass", "TestA/b"), event("pass")], 0, "2 ran", "2 ran"),
        (["go: downloading x", event("skip")], 0, "no unit test ran",
         "no unit tests in these packages"),
        ([], 0, "no unit test ran", "no unit tests in these packages"),
        ([event("skip", "TestA"), event("pass")], 0, "no unit test ran",
         "no unit tests in these packages"),
        ([event("output", "TestA", "boom\n"), event("fail", "TestA"), event("fail")], 1,
         "1 failed", "1 failed"),
        ([event("output", None, "x.go:1:1: undefined: y\n"), event("fail")], 1, "1 failed",
         "1 failed"),
        ([event("pass", "TestA"), "{ not json"], 2, "the unit tests ended with exit code 2",
         "the unit tests ended with exit code 2"),
        (["Error: no such target"], 1, "the unit tests ended with exit code 1",
         "the unit tests ended with exit code 1"),
    ],
)  # fmt: skip
def test_judge(lines: list[str], code: int, summary: str, some: str) -> None:
    outcome = Outcome(Command(("mage", "test:unit")), code, "\n".join(lines), 1.0)
    assert judge(outcome).summary == summary
    assert judge_some(outcome).summary == some
    assert judge(outcome).ok is (summary == "2 ran")
    assert bool(judge(outcome).findings) is not judge(outcome).ok
