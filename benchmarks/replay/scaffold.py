"""Plans a whole walk over an overlay: nothing is written, generated or run."""

from __future__ import annotations

import time
import traceback
from collections.abc import Sequence
from dataclasses import replace

from porter.core.plan import Plan
from porter.core.question import Answers, Defaults
from porter.core.step import Step
from porter.core.task import Task
from porter.core.view import View
from porter.errors import PorterError
from porter.source.checkout.layout import discover
from porter.source.protos import catalog
from porter.source.scaffold.placeanswer import KEY
from replay.history import Port
from replay.outcome import Outcome


def scaffold(
    port: Port, tree: View, mlflow: View, steps: Sequence[Step], outcome: Outcome
) -> Outcome:
    """All that porter would write by hand's means for a port, into `outcome`.

    A step that fails is written down and the walk goes on, so that one error hides no other.
    """
    started = time.process_time()
    known = catalog(mlflow)
    endpoint = next(e for e in known.endpoints if e.id == port.id)
    task = Task(endpoint, discover(tree), tree, mlflow, known)
    for step in steps:
        task = _step(step, task, outcome)
    outcome.seconds = time.process_time() - started
    for step in steps:
        outcome.again += _again(step, task)
    return outcome


def _step(step: Step, task: Task, outcome: Outcome) -> Task:
    try:
        if reason := step.waived(task):
            outcome.states[step.slug] = f"n/a: {reason}"
            return task
        task, plan = _answered(step, task, outcome)
    except PorterError as error:
        outcome.states[step.slug] = f"red: {error.message}"
        return task
    except Exception as error:  # a bug is a result here, not a reason to stop the whole run
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{where.filename.rpartition('/')[2]}:{where.lineno}"
        outcome.states[step.slug] = f"bug: {type(error).__name__}: {error} ({place})"
        return task
    outcome.states[step.slug] = "planned"
    outcome.notes += [note.text for note in plan.notes]
    outcome.files |= {c.path: c.after.decode("utf-8", "replace") for c in plan.changes}
    after = task.over(plan)
    return replace(after, layout=discover(after.tree)) if plan.changes else after


def _answered(step: Step, task: Task, outcome: Outcome) -> tuple[Task, Plan]:
    put: set[str] = set()
    while True:
        plan = step.plan(task)
        questions = tuple(q for q in plan.questions if q.key not in put)
        if not questions:
            return task, plan
        put |= {q.key for q in questions}
        outcome.asked_place |= any(q.key == KEY for q in questions)
        given = Defaults().ask(questions)
        for question in questions:
            answer = given.get(question.key)
            outcome.defaults.append(f"{question.text} → {answer.value if answer else '(open)'}")
        task = replace(task, answers=Answers({**task.answers.given, **given}))


def _again(step: Step, task: Task) -> list[str]:
    try:
        if step.waived(task):
            return []
        return [f"{step.slug}: {c.path}" for c in step.plan(task).changes]
    except Exception as error:  # already told of in its state, or as grave as a leftover plan
        return [f"{step.slug}: {type(error).__name__}: {error}"]
