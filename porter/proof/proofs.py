"""The proof of the last step: the chosen tests as one remembered, judged run."""

from __future__ import annotations

import functools
import posixpath

from porter.core.command import Command, Outcome
from porter.core.finding import Finding
from porter.core.proof import GO, Covers, Proof, Verdict
from porter.core.task import Task
from porter.proof import evidence, running
from porter.proof.report import Ran
from porter.proof.selection import Selection, select
from porter.proof.triage import triage
from porter.proof.verdict import Expected, judge
from porter.source.scaffold import bindings

NAME = "Python tests"


def python_tests(task: Task, known: Selection | None = None) -> Proof:
    """The proof by the tests that porter chooses: `known`, else they are chosen when it runs.

    What is chosen follows from the content that the proof covers, so it needs no mention there.
    """
    named = Command(("porter", "test", task.endpoint.id), why="the tests that reach the endpoint")

    def prepare() -> Command | Verdict:
        chosen = known or select(task)
        if chosen.tests:
            return running.pytest(task, chosen.ids)
        found = untested(task)
        return Verdict(False, found.text, (found,))

    def read(outcome: Outcome) -> Verdict:
        return judge(outcome, expected(task, known or select(task)))

    return Proof(NAME, named, _covers(task), read, library=True, prepare=prepare)


def by_tests(task: Task, chosen: Selection) -> Proof:
    """The proof by tests that a person chose, remembered apart."""
    read = functools.partial(judge, expected=expected(task, chosen))
    command = running.pytest(task, chosen.ids)
    return Proof(f"{NAME}, chosen", command, _covers(task), read, library=True)


def untested(task: Task) -> Finding:
    """What is found where no test reaches the endpoint: nothing shows that Go answers it."""
    method = bindings.method_name(task) if task.service.binding else None
    does = f"calls store.{method} or asks" if method else "asks"
    return Finding(
        "P901",
        f"no evidence: none of MLflow's tests reaches {task.endpoint.name}",
        step="python_tests", endpoint=task.endpoint.id,
        next=f"write a test in {task.layout.mlflow_repo or '.'}/tests that {does} "
        f"{task.endpoint.routes[0]}",
    )  # fmt: skip


def expected(task: Task, chosen: Selection) -> Expected:
    """What a run of these tests must show: a call by each way in that the tests take."""
    worlds = {test.world for test in chosen.tests}
    return Expected(
        evidence.goal(task.endpoint, task.service.go_name),
        store="store" in worlds and task.service.binding is not None,
        server="server" in worlds,
        endpoint=task.endpoint.id,
        binding=task.service.binding,
        unbound=chosen.unbound,
        again=f"porter start {task.spelling}",
        explain=functools.partial(_explained, task),
    )


def _covers(task: Task) -> Covers:
    folders = (task.layout.package, "tests", posixpath.dirname(task.layout.generator_dir))
    return Covers(
        files=(*GO.files, "conftest.py"),
        suffixes=GO.suffixes,
        folders=tuple(folder for folder in folders if folder),
        mlflow=True,
    )


def _explained(task: Task, test: Ran, again: str) -> Finding:
    found = triage(task, test, again=again)
    said = f"{test.id}: {found.title}" + (f" ({found.text})" if found.text else "")
    place = found.place
    return Finding(
        "P910", said, place.file if place else None, place.line if place else None,
        step="python_tests", endpoint=task.endpoint.id, next=found.next, evidence=found.python,
    )  # fmt: skip
