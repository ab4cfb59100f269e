"""The checks that a handler makes of its request by itself, before it calls the store."""

from __future__ import annotations

from collections.abc import Mapping

from porter.core.endpoint import Field, go_camel
from porter.core.task import Task
from porter.source.mlflow import index
from porter.source.mlflow.handlers import Handler
from porter.source.mlflow.reading import Refusal, Unread
from porter.source.mlflow.values import Asked, Const, Maybe, Request, Value
from porter.source.scaffold.gocondition import Operand, Scope
from porter.source.scaffold.guards import Guard, guard_of


def handler_checks(task: Task, read: Handler) -> Mapping[Unread, Guard]:
    """What Go can say of the handler's branches that refuse a request; the others are not in it."""
    found = {}
    for branch in read.branches:
        refused = branch.text.lstrip().startswith("raise MlflowException")
        if refused and branch.before and branch.refusal is not None and branch.error.isupper():
            guard = _guard(task, branch, branch.refusal)
            if guard is not None:
                found[branch] = guard
    return found


def _guard(task: Task, branch: Unread, refusal: Refusal) -> Guard | None:
    names: dict[str, Operand | str] = {}
    for name, value in refusal.names.items():
        known = _known(task, name, value)
        if not known:
            return None
        names |= known
    scope = Scope(index(task.mlflow), refusal.module, names)
    return guard_of(scope, refusal.test, branch.error, refusal.text, branch.evidence)


def _known(task: Task, name: str, value: Value) -> dict[str, Operand | str]:
    """What a local stands for, by the name or names that conditions call it; empty if unknown."""
    request = task.endpoint.request
    match value:
        case Asked((field,)) if (found := request.field(field)) is not None:
            return {name: _operand(found, False)}
        case Maybe(Asked((field,))) if (found := request.field(field)) is not None:
            return {name: _operand(found, True)}
        case Const(text):
            return {name: text}
        case Request():
            return {f"{name}.{field.name}": _operand(field, False) for field in request.fields}
        case _:
            return {}


def _operand(field: Field, nullable: bool) -> Operand:
    get = "" if field.repeated else "Get"
    name = f"input.{get}{go_camel(field.name)}" + ("" if field.repeated else "()")
    return Operand(field, name, nullable)
