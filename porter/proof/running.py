"""The command that runs chosen tests in the checkout's own pytest, with the witness in it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from porter.core.command import Command
from porter.core.task import Task

WITNESS = "porter_evidence"
REPORT_ENV, GATE_ENV = "PORTER_EVIDENCE", "PORTER_GATE"
STORE_TESTING = ("MLFLOW_GO_STORE_TESTING", "true")
"""Set by the checkout's magefile; MLflow's tests ask it where they differ for a Go store."""
NOT_FILES = "not [file"
"""The checkout's own filter: no parameters of tests that use a file store."""
_START, _EACH = 300.0, 30.0
"""Seconds allowed for starting and for each test; the slowest of MLflow's take about ten."""


def pytest(task: Task, ids: Sequence[str], *, more: Sequence[str] = ()) -> Command:
    """Run tests (ids relative to MLflow's tree) as the checkout runs them, in one session.

    The checkout's conftest.py applies, and nothing is left in the tree: no pytest cache, and the
    witness moves to a temporary folder. `more` goes to pytest as it is.
    """
    return Command(
        _argv(task, ".", ids, more),
        why="the endpoint's tests, with a witness that sees whether Go answers",
        env=(STORE_TESTING,),
        python_path=str(witness_folder()),
        limit=_limit(ids),
        report=REPORT_ENV,
        gate=GATE_ENV,
    )


def plain(task: Task, ids: Sequence[str]) -> Command:
    """Run the same tests on Python alone: the checkout's conftest.py stays out."""
    return Command(
        _argv(task, task.layout.mlflow_repo or ".", ids, ()),
        why="the same tests on plain Python",
        python_path=str(witness_folder()),
        limit=_limit(ids),
        report=REPORT_ENV,
    )


def again(command: Command, test: str) -> str:
    """What a person types at the checkout's root to run one test of a run again, without porter."""
    argv = [each for each in command.argv if "::" not in each]
    for option in (("-p", WITNESS), ("-p", "no:cacheprovider"), ("-k", NOT_FILES)):
        at = next((i for i in range(len(argv)) if tuple(argv[i : i + 2]) == option), None)
        if at is not None:
            del argv[at : at + 2]
    ids = [each for each in command.argv if "::" in each]
    home = ids[0].partition("tests/")[0] if ids else ""
    env = [f"{key}={shlex.quote(value)}" for key, value in command.env]
    return " ".join([*env, shlex.join([*argv, f"{home}{test}"])])


def witness_folder() -> Path:
    """Where the pytest plugin lies: the folder that goes on PYTHONPATH."""
    return Path(__file__).parent.parent / "prove_plugin"


def _argv(task: Task, top: str, ids: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    home = task.layout.mlflow_repo
    return (
        *(*task.python, "-m", "pytest", f"--confcutdir={top}", "-p", WITNESS),
        *("-p", "no:cacheprovider", "--color=no", "-q", "-k", NOT_FILES, *more),
        *(f"{home}/{each}" if home else each for each in ids),
    )


def _limit(ids: Sequence[str]) -> float:
    return _START + _EACH * max(len(ids), 1)
