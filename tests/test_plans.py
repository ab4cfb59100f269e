"""Apply, plan again, expect nothing: every step, on every endpoint of the practice backend.

The plans are written to a copy, endpoint upon endpoint, so that each also meets what the ones
before it left. Go is not needed: plans read what is written by hand.
"""

from __future__ import annotations

import pytest
from fill_guide import planned
from practice import Backend

from porter.core.endpoint import Endpoint
from porter.core.plan import Plan, merged
from porter.core.task import Task
from porter.target import Target, open_target
from porter.work.checkout import apply

pytestmark = pytest.mark.go

SERVICES = ("MlflowService", "ModelRegistryService")
EACH = 6
"""Endpoints of each service at least, as issue 4 asks for twelve of both."""


def unported(target: Target, service: str) -> list[Endpoint]:
    """The endpoints of a service that are not enabled."""
    return [e for e in target.endpoints if e.service == service and not target.enabled(e)]


@pytest.mark.parametrize("service", SERVICES)
def test_apply_then_plan_is_empty(backend: Backend, service: str) -> None:
    target = open_target(backend.root)
    tasks: list[Task] = []
    for endpoint in unported(target, service):
        task = target.reread().task(endpoint)
        plans: list[Plan] = []
        for step, plan, after in planned(task):
            again = step.plan(after)
            assert not again.changes, f"{endpoint.name} {step.slug}\n{again.diff()}"
            plans.append(plan)
            task = after
        apply(backend.root, Plan(merged(plans)))
        tasks.append(task)
    assert len(tasks) >= EACH
    written = target.reread()
    for task in tasks:
        for step, plan, _ in planned(written.task(task.endpoint, task.answers)):
            assert not plan.changes, f"{task.endpoint.name} {step.slug}\n{plan.diff()}"
