"""Facts of one endpoint in one tree, worked out once: a view does not change while it is held."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from porter.core.task import Task
from porter.core.view import View

T = TypeVar("T")


def once_a_task(function: Callable[[Task], T]) -> Callable[[Task], T]:
    """The function, remembered by the task's two views and its endpoint.

    Only for what depends on nothing else of the task: no answers, no switches.
    """
    known: WeakKeyDictionary[View, dict[tuple[int, str], tuple[View, T]]] = WeakKeyDictionary()

    @functools.wraps(function)
    def remembered(task: Task) -> T:
        here = known.setdefault(task.tree, {})
        key = (id(task.mlflow), task.endpoint.id)
        if key not in here:
            # MLflow's view is kept beside the answer, so that its id is not given to another one.
            here[key] = (task.mlflow, function(task))
        return here[key][1]

    return remembered
