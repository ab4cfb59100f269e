"""What a service method does of its own, beside handing the request on and the answer back.

Each is worth a row of a Go test; where there is none, MLflow's own tests cover the endpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from porter.core.task import Task
from porter.source.mlflow.values import fields_of
from porter.source.scaffold.arguments import Argument
from porter.source.scaffold.guards import Guard, guards
from porter.source.scaffold.handlerchecks import handler_checks
from porter.source.scaffold.results import ERROR
from porter.source.scaffold.signatures import Mirror

Kind = Literal["fallback", "conversion", "condition", "error", "refusal", "page token"]


@dataclass(frozen=True, slots=True)
class Own:
    """One thing, in words. `argument` is the store's parameter that it is about, if any."""

    kind: Kind
    text: str
    argument: Argument | None = None


@dataclass(frozen=True)
class OwnWork:
    """All of it, with the checks at the method's head."""

    things: tuple[Own, ...]
    guards: tuple[Guard, ...]
    unwritten: int = 0
    """What the handler does besides and the method leaves to the person (`TODO(porter)`)."""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """The store's parameters that the method works on, each once."""
        found = [own.argument for own in self.things if own.argument is not None]
        return tuple(dict.fromkeys(found))

    def has(self, kind: Kind) -> bool:
        """Whether there is something of that kind."""
        return any(own.kind == kind for own in self.things)

    @property
    def kinds(self) -> str:
        """`fallback, 4 refusals`: the kinds in words."""
        return counted([own.kind for own in self.things])


def own_work(task: Task, found: Mirror) -> OwnWork:
    """What the method of an endpoint does of its own; `found` is its handler beside its Go."""
    things: list[Own] = []
    for argument in found.arguments:
        if argument.fallback and argument.field:
            text = f"{argument.fallback} is taken where {argument.field.name} is empty"
            things.append(Own("fallback", text, argument))
        elif converted(task, found, argument):
            text = f"{argument.python or argument.name} becomes {argument.type}"
            things.append(Own("conversion", text, argument))
    call = found.handler.call
    if call is not None and call.guard is not None and not found.results:
        names = ", ".join(fields_of(call.guard))
        things.append(Own("condition", f"the store is called only where {names} is set"))
    if found.signature.results[-1] != ERROR:
        things.append(Own("error", "an error of the store becomes one of the contract"))
    refused = handler_checks(task, found.handler)
    checks = (*refused.values(), *guards(task, found))
    things += [Own("refusal", f"{guard.test}: {guard.text}") for guard in checks]
    for result in found.results or ():
        if result.form == "token":
            things.append(Own("page token", f"{result.field.name} is set only where there is one"))
    left = [branch for branch in found.handler.branches if branch not in refused]
    return OwnWork(tuple(things), checks, len(left))


def converted(task: Task, found: Mirror, argument: Argument) -> bool:
    """Whether the method itself turns fields into the argument; a function of the entities
    package that does it alone is tested there."""
    match argument.how:
        case "enum_text":
            return True
        case "entities":
            return (
                found.entities.conversion(argument.entity, many=True) is None
                and found.entities.conversion(argument.entity) is not None
            )
        case "made":
            whole = found.entities.conversion(task.endpoint.request.go_name)
            return whole is None or whole.entity != argument.entity
        case _:
            return False


def counted(kinds: Sequence[str]) -> str:
    """Each kind with its number where there are several, in order of appearance."""
    return ", ".join(
        kind if (count := list(kinds).count(kind)) == 1 else f"{count} {kind}s"
        for kind in dict.fromkeys(kinds)
    )
