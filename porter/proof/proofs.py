"""The proof of the last step: the chosen tests as one remembered, judged run."""

from __future__ import annotations

import functools

from porter.core.finding import Finding
from porter.core.proof import GO, Covers, Proof
from porter.core.task import Task
from porter.proof import evidence, running
from porter.proof.report import Ran
from porter.proof.selection import Selection
from porter.proof.triage import triage
from porter.proof.verdict import Expected, judge


def python_tests(task: Task, chosen: Selection) -> Proof | None:
    """The proof by these tests, or None where there is none to run."""
    if not chosen.tests:
        return None
    covers = Covers(
        files=(*GO.files, "conftest.py"),
        suffixes=GO.suffixes,
        folders=tuple(folder for folder in (task.layout.package, "tests") if folder),
        mlflow=True,
        extra=chosen.ids,
    )
    command = running.pytest(task, chosen.ids)
    read = functools.partial(judge, expected=expected(task, chosen))
    return Proof("Python tests", command, covers, read, library=True)


def expected(task: Task, chosen: Selection) -> Expected:
    """What a run of these tests must show: a call by each way in that the tests take."""
    worlds = {test.world for test in chosen.tests}
    return Expected(
        evidence.goal(task.endpoint, task.service.go_name),
        store="store" in worlds and task.service.binding is not None,
        server="server" in worlds,
        endpoint=task.endpoint.id,
        binding=task.service.binding,
        again=f"porter start {task.endpoint.id}",
        explain=functools.partial(_explained, task),
    )


def _explained(task: Task, test: Ran, again: str) -> Finding:
    found = triage(task, test, again=again)
    said = f"{test.id}: {found.title}" + (f" ({found.text})" if found.text else "")
    place = found.place
    return Finding(
        "P910", said, place.file if place else None, place.line if place else None,
        step="python_tests", endpoint=task.endpoint.id, next=found.next, evidence=found.python,
    )  # fmt: skip
