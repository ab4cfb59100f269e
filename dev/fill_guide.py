"""Put porter's own diffs into the guide: what it plans for the example on the practice backend.

A chapter has a line `<!-- plan: SLUG -->`; the block of diff after it is written anew. Planning
needs no Go, so that a test can ask at any time whether the guide still says what porter does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from porter.core.plan import Plan
from porter.core.question import Defaults
from porter.core.step import Step
from porter.core.task import Task
from porter.shipped import shared
from porter.source.resolve import resolve
from porter.steps import STEPS
from porter.target import open_target

EXAMPLE = "deleteTag"
MARK = re.compile(r"^<!-- plan: (\w+) -->\n(?:```diff\n.*?^```\n)?", re.MULTILINE | re.DOTALL)


def main(backend: Path) -> int:
    """Fill in every chapter from the backend at `backend`; say which files changed."""
    target = open_target(backend)
    task = target.task(resolve(EXAMPLE, target.catalog, target.layout))
    diffs = {step.slug: plan.diff() for step, plan, _ in planned(task)}
    for path in sorted(shared("guide").glob("*.md")):
        old = path.read_text(encoding="utf-8")
        new = filled(old, diffs)
        if new != old:
            path.write_text(new, encoding="utf-8")
            print(path.name)
    return 0


def planned(task: Task) -> Iterator[tuple[Step, Plan, Task]]:
    """Every step that applies, its plan with the defaults taken, and the task after it."""
    for step in STEPS:
        if step.waived(task) is None:
            task, plan = with_defaults(step, task)
            task = task.over(plan)
            yield step, plan, task


def with_defaults(step: Step, task: Task) -> tuple[Task, Plan]:
    """The plan of a step with every question answered that has a default, as --no-input does."""
    put: set[str] = set()
    while True:
        plan = step.plan(task)
        questions = tuple(q for q in plan.questions if q.key not in put)
        if not questions:
            return task, plan
        put |= {q.key for q in questions}
        task = replace(task, answers=task.answers.adding(Defaults().ask(questions)))


def filled(text: str, diffs: dict[str, str]) -> str:
    """A chapter with the diffs of these steps behind its marks."""

    def block(mark: re.Match[str]) -> str:
        return f"<!-- plan: {mark[1]} -->\n```diff\n{diffs[mark[1]]}```\n"

    return MARK.sub(block, text)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
