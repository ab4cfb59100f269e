"""Each case of `cases/<step>/*.txt` is a sentence, inputs, and the diff that the step plans.

A case is made of parts that begin with `== name`: `== endpoint NAME`, `== file PATH` (put into the
small checkout; `== crlf PATH` writes it with CRLF, `== gone PATH` takes it out), `== answer KEY
VALUE`, `== error` with a part of the message in the place of `== diff`, and `== found` with the
codes that the inspection has once the plan is applied.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import small

from porter.core.step import Step
from porter.errors import PorterError

CASES = sorted((Path(__file__).parent / "cases").glob("*/*.txt"))


@dataclass
class Case:
    endpoint: str = ""
    files: dict[str, bytes | None] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    diff: str | None = None
    error: str = ""
    found: tuple[str, ...] | None = None


def read(text: str) -> Case:
    case = Case()
    for part in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        kind, _, value = head.strip().partition(" ")
        match kind:
            case "endpoint":
                case.endpoint = value
            case "file":
                case.files[value] = body.encode()
            case "crlf":
                plain = body.encode() if body.strip() else small.TREE[value].encode()
                case.files[value] = plain.replace(b"\n", b"\r\n")
            case "gone":
                case.files[value] = None
            case "answer":
                key, _, answer = value.partition(" ")
                case.answers[key] = answer
            case "diff":
                case.diff = body
            case "error":
                case.error = body.strip()
            case "found":
                case.found = tuple(body.split())
            case _:
                raise AssertionError(f"unknown part {kind}")
    return case


def check(step: Step, case: Case) -> None:
    if case.error:
        with pytest.raises(PorterError, match=re.escape(case.error)) as caught:
            step.plan(small.task(case.endpoint, case.files, answers=case.answers))
        assert caught.value.next
        return
    task = small.task(case.endpoint, case.files, answers=case.answers)
    plan = step.plan(task)
    assert plan.diff().replace("\r", "") == (case.diff or "")
    after = small.over(task, plan.after())
    assert step.plan(after).empty, "planning again must find nothing to do"
    for change in plan.changes:
        lines = change.after.splitlines(keepends=True)
        if change.before and b"\r\n" in change.before:
            assert all(line.endswith(b"\r\n") for line in lines), "CRLF is kept"
    if case.found is not None:
        assert tuple(finding.code for finding in step.inspect(after)) == case.found


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_case(path: Path) -> None:
    step = importlib.import_module(f"porter.steps.{path.parent.name}").STEP
    check(step, read(path.read_text()))


@pytest.mark.parametrize("endpoint", ["waterPlant", "setTag", "pruneHedge"])
def test_a_walk_over_crlf_keeps_it(endpoint: str) -> None:
    files = {path: text.replace("\n", "\r\n").encode() for path, text in small.TREE.items()}
    task = small.task(endpoint, files)
    for slug in ("enable", "service", "store", "mocks"):
        step = importlib.import_module(f"porter.steps.{slug}").STEP
        plan = step.plan(task)
        for change in plan.changes:
            if change.before is not None:
                assert b"\n" not in change.after.replace(b"\r\n", b"")
        task = small.over(task, plan.after())
        assert step.plan(task).empty
