"""MLflow's own tests of the endpoint, against Go: N ran, all green, and Go was seen to answer."""

from __future__ import annotations

from porter.core.finding import Findings
from porter.core.proof import Proof
from porter.core.step import Step
from porter.core.task import Task
from porter.proof import proofs, selection


def inspect(task: Task) -> Findings:
    """Tests exist that reach the endpoint: without one nothing shows that Go answers it."""
    return () if waived(task) or selection.mentioned(task) else (proofs.untested(task),)


def prove(task: Task) -> tuple[Proof, ...]:
    """The endpoint's tests, with a witness: green without a call of Go is no evidence."""
    return (proofs.python_tests(task),) if selection.mentioned(task) else ()


def waived(task: Task) -> str | None:
    """A checkout that names no Python tests of its own has none to run."""
    return selection.unavailable(task)


STEP = Step("python_tests", "MLflow's own tests", inspect=inspect, prove=prove, waived=waived)
