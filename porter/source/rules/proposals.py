"""What Python demands of a task's request, and the rules that it comes to in its checkout."""

from __future__ import annotations

from porter.core.constraint import Inference
from porter.core.task import Task
from porter.source.mlflow import index
from porter.source.rules import Proposal, propose
from porter.source.rules.validators import tags


def proposal(task: Task) -> tuple[Inference, Proposal]:
    """The inference, and its rules made of the tags that the checkout knows."""
    # Loaded where a rule is asked for: most of a walk, and a status, ask for none.
    from porter.source.constraints import infer_constraints

    found = infer_constraints(index(task.mlflow), task.catalog, task.endpoint)
    allowed = tags(task.tree, task.layout.validation_tags)
    return found, propose(found, task.endpoint, task.catalog, allowed)
