"""Failed tests, each sorted by its cause; plain Python is asked whether they fail there too."""

from __future__ import annotations

from collections.abc import Sequence

from porter.core.command import Command, Outcome
from porter.core.report import Reporter
from porter.core.task import Task
from porter.proof import report, running
from porter.proof.report import Report
from porter.proof.triage import Triaged, triage
from porter.target import Target
from porter.work import commands

COMPARED = 10
"""Failed tests that are run again on plain Python; more of them have one cause."""


def triaged(
    target: Target, task: Task, outcome: Outcome, read: Report, reporter: Reporter
) -> tuple[Triaged, ...]:
    """The failed tests, each sorted, the first of them compared with plain Python."""
    failed = read.failed
    plain = _plain(target, task, [test.id for test in failed[:COMPARED]], reporter)
    return tuple(
        triage(
            task, test, plain=plain.get(test.id), again=running.again(outcome.command, test.id)
        )
        for test in failed
    )  # fmt: skip


def _plain(target: Target, task: Task, ids: Sequence[str], reporter: Reporter) -> dict[str, bool]:
    """Which of the tests fail on plain Python too; nothing where that run did not work."""
    if not ids:
        return {}
    command: Command = running.plain(task, ids)
    with reporter.running(command) as sink:
        outcome = commands.run(command, target.root, target.toolchain.env, sink=sink)
    failed = {test.id for test in report.read(outcome.report).failed}
    ran = {test.id for test in report.read(outcome.report).ran}
    return {each: each in failed for each in ids if each in ran}
