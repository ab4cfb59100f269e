"""A step of the walk. It cannot write: it plans, inspects, and names commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from porter.core.command import Command
from porter.core.finding import Findings
from porter.core.plan import Plan
from porter.core.proof import Proof
from porter.core.task import Task


def _nothing_planned(_: Task) -> Plan:
    return Plan()


def _nothing_found(_: Task) -> Findings:
    return ()


def _nothing_proven(_: Task) -> tuple[Proof, ...]:
    return ()


def _applies(_: Task) -> str | None:
    return None


def _generates_nothing(_: Task) -> Command | None:
    return None


@dataclass(frozen=True)
class Step:
    """One chapter of the walk.

    `plan` and `inspect` are pure. `generates` is the one command that writes generated files, run
    only where `inspect` finds something it would mend. `prove` names the proofs. `waived` answers
    why the step does not apply to a task (services without a store or binding), or None.
    `yours` marks the step that a person does.
    """

    slug: str
    title: str
    plan: Callable[[Task], Plan] = _nothing_planned
    inspect: Callable[[Task], Findings] = _nothing_found
    generates: Callable[[Task], Command | None] = _generates_nothing
    prove: Callable[[Task], tuple[Proof, ...]] = _nothing_proven
    waived: Callable[[Task], str | None] = _applies
    yours: bool = False


def walked(task: Task, steps: Sequence[Step]) -> Task:
    """The task as it will stand once every step is applied, questions at their defaults."""
    for step in steps:
        if step.waived(task) is None:
            task = task.over(step.plan(task))
    return task
