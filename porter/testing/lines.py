"""`porter test` as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from porter.proof.texts import difference
from porter.proof.triage import Triaged
from porter.testing import Tested


def lines(tested: Tested, *, why: bool = False) -> Iterator[str]:
    """The screen, line by line; `why` shows for each test how it comes to the endpoint."""
    endpoint = tested.endpoint
    yield f"{endpoint.name}  {endpoint.routes[0]}   {tested.chosen.summary}"
    if why:
        for picked in tested.chosen.tests:
            yield f"   {picked.id}"
            yield f"      {' > '.join(picked.why)}"
    if tested.units is not None:
        yield f" {_state(tested.units.ok)}  unit tests    {tested.units.summary}"
        yield from (f"        {line}" for line in tested.units.details)
    yield f" {_state(tested.python.ok)}  python tests  {tested.python.summary}"
    yield from _tests(tested)
    for finding in tested.python.findings:
        if finding.code != "P910":
            yield f" {finding.code} {finding.text}"
            if finding.next:
                yield f"      next: {finding.next}"
    if tested.report.code is None:
        yield from (f"        {line}" for line in tested.python.details)
    for each in tested.failed:
        yield from _failed(each)


def next_move(tested: Tested, spelling: str) -> str:
    """What to do about the first thing that is wrong, else to check all of the endpoint."""
    if tested.failed:
        return tested.failed[0].next
    findings = [*tested.python.findings, *(tested.units.findings if tested.units else ())]
    named = [finding.next for finding in findings if finding.next]
    return named[0] if named else f"porter check {spelling}"


def document(tested: Tested) -> dict[str, Any]:
    """The same as one JSON object."""
    return {
        "endpoint": tested.endpoint.id,
        "ok": tested.ok,
        "selection": {
            "tests": [asdict(each) for each in tested.chosen.tests],
            "left": tested.chosen.left,
            "elsewhere": tested.chosen.elsewhere,
        },
        "unit_tests": tested.units and {"ok": tested.units.ok, "summary": tested.units.summary},
        "python_tests": {
            "ok": tested.python.ok,
            "summary": tested.python.summary,
            "findings": [asdict(each) for each in tested.python.findings],
            "seconds": round(tested.seconds, 2),
        },
        "tests": [
            {
                "id": ran.id,
                "outcome": ran.outcome,
                "seconds": ran.seconds,
                "reached": (found := tested.reach_of(ran)) and asdict(found),
            }
            for ran in tested.report.ran
        ],
        "failed": [asdict(each) | {"title": each.title} for each in tested.failed],
    }


def _tests(tested: Tested) -> Iterator[str]:
    for ran in tested.report.ran:
        found = tested.reach_of(ran)
        if found is None:
            said = ran.outcome
        elif found.go:
            said = f"Go  ffi {found.ffi}  http {found.http}"
            said += f"  python {found.python}" if found.python else ""
        elif found.python:
            said = f"answered by Python ({found.python})"
        elif found.single:
            said = f"no evidence: one signal alone ({found.single})"
        elif found.doubtful:
            said = f"no evidence: the signals disagree ({found.doubtful})"
        else:
            said = "no evidence: not seen to reach Go"
        yield f"        {said:<32} {ran.id}  {ran.seconds:.1f} s"


def _failed(each: Triaged) -> Iterator[str]:
    yield f" {each.test}"
    yield f"   {each.title}" + (f": {each.text}" if each.text else "")
    if each.place:
        yield f"   at      {each.place}  {each.place.text}"
    if each.kind == "text":
        yield from (f"   {line}" for line in difference(each.expected, each.actual))
    for place in each.python:
        yield f"   python  {place}  {place.text}"
    if each.bias is not None:
        yield f"   biased  {each.bias.place}  {each.bias.place.text}"
        yield "   for conftest.py:"
        yield from (f"   | {line}" for line in each.bias.entry.splitlines())
        yield f"   for {each.bias.file}:"
        yield from (f"   | {line}" for line in each.bias.function.splitlines())
        yield f"   issue for MLflow: {each.bias.title}"
        yield from (f"   | {line}" for line in each.bias.issue.splitlines())
    yield f"   next    {each.next}"
    yield f"   again   {each.again}"


def _state(ok: bool) -> str:
    return "ok " if ok else "red"
