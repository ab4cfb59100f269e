"""The Go unit tests: none is written for a port by itself, all of them have to run and pass."""

from __future__ import annotations

from porter.core.proof import GO, Proof
from porter.core.step import Step
from porter.core.task import Task
from porter.proof import gotests


def prove(_: Task) -> tuple[Proof, ...]:
    """`mage test:unit`, counted: a run in which nothing ran does not pass."""
    return (Proof("unit tests", gotests.unit_tests(), GO, gotests.judge),)


def waived(task: Task) -> str | None:
    """The layouts before mage have no target that runs them."""
    if task.tree.files("magefiles", ".go"):
        return None
    return "this layout has no mage: run go test ./... yourself"


STEP = Step("unit_tests", "The unit tests", prove=prove, waived=waived)
