"""What a store method answers, out of the way a handler builds its response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from porter.core.endpoint import Catalog, Endpoint, Field
from porter.source.checkout.entities import Entities
from porter.source.mlflow.handlers import Built, Handler
from porter.source.mlflow.values import Called, Each, Returned, Value
from porter.source.scaffold.arguments import SCALARS, go_text

Form = Literal["entity", "entities", "scalar", "scalars", "token", "messages", "message"]
ERROR = "*contract.Error"


@dataclass(frozen=True, slots=True)
class Result:
    """One thing the store answers: the response field it fills, its Go type, how it gets there.

    `message` is the Go name of the proto message for entities.
    """

    field: Field
    type: str
    form: Form
    message: str = ""


def results(
    catalog: Catalog, endpoint: Endpoint, handler: Handler, entities: Entities, protos: str
) -> tuple[Result, ...] | None:
    """The results without the error, in the order of the response's building; None where the
    handler builds its response of something that no store method answers by itself.
    """
    found: list[Result] = []
    for built in handler.built:
        result = _result(catalog, endpoint, built, entities, protos)
        if result is None:
            return None
        found.append(result)
    if handler.whole is not None:
        return None
    return tuple(found)


def _result(
    catalog: Catalog, endpoint: Endpoint, built: Built, entities: Entities, protos: str
) -> Result | None:
    field = endpoint.response.field(built.path[0]) if len(built.path) == 1 else None
    if field is None:
        return None
    message = catalog.message_of(field)
    if message is not None and field.kind == "message":
        name = message.go_name
        form: Form | None = _form(built.value)
        if form is None:
            return None
        if entities.dir is None:
            kind = f"*{protos}.{name}"
            return Result(field, _listed(field, kind), "messages" if field.repeated else "message")
        kind = f"*entities.{entities.of(name)}"
        return Result(field, _listed(field, kind), form, name)
    if not isinstance(built.value, Returned) or len(built.value.path) > 1:
        return None
    if built.guarded:
        return Result(field, "string", "token")
    if built.value.path not in ((), ("0",), ("1",), ("token",)):
        return None
    kind = SCALARS.get(field.kind, field.kind)
    if field.kind == "enum":
        kind = f"{protos}.{go_text(field.type_name or '')}"
    return Result(field, _listed(field, kind), "scalars" if field.repeated else "scalar")


def _form(value: Value) -> Form | None:
    match value:
        case Called("to_proto", inner) if _answered(inner):
            return "entity"
        case Each(over, Called("to_proto", _)) if _answered(over):
            return "entities"
        case Returned(_, path) if len(path) <= 1:
            return "entity"
        case _:
            return None


def _answered(value: Value) -> bool:
    match value:
        case Returned(_, path):
            return len(path) <= 1
        case Called(_, inner):
            return _answered(inner)
        case _:
            return False


def _listed(field: Field, kind: str) -> str:
    return f"[]{kind}" if field.repeated else kind
