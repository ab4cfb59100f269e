"""A task on the garden for one endpoint that a test writes itself: fields, handler and stores.

Fields are written `{"name": "string", "tags": "*PlantTag", "kind": "Kind!"}`: `*` repeats, `!` is
an enum, any other capitalised word a message of `MESSAGES`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import small

from porter.core.endpoint import Catalog, Endpoint, Enum, Field, Message, Route
from porter.core.task import Task
from porter.source.checkout.layout import discover

Fields = Mapping[str, str]
MODULE = "mlflow.protos.service_pb2"
MESSAGES: dict[str, Fields] = {
    "Plant": {"plant_id": "string", "name": "string"},
    "PlantTag": {"key": "string", "value": "string"},
    "Leaf": {"colour": "string", "size": "int64", "veins": "*string"},
    "Branch": {"leaves": "*Leaf", "tip": "Leaf", "kind": "Kind!", "blob": "Foreign"},
}


def field(name: str, kind: str, number: int = 1) -> Field:
    label = "repeated" if kind.startswith("*") else "optional"
    plain = kind.strip("*!")
    if kind.endswith("!"):
        return Field(name, number, "enum", label, f"mlflow.{plain}")
    if plain[:1].isupper():
        return Field(name, number, "message", label, f"mlflow.{plain}")
    return Field(name, number, plain, label)  # type: ignore[arg-type]


def message(name: str, fields: Fields) -> Message:
    rows = (field(n, kind, at) for at, (n, kind) in enumerate(fields.items(), start=1))
    return Message(f"mlflow.{name}", "mlflow", tuple(rows), MODULE)


def endpoint(name: str, asks: Fields, answers: Fields, path: str = "/x") -> Endpoint:
    request = name[0].upper() + name[1:]
    return Endpoint(
        "MlflowService", name, (Route("POST", path),),
        message(request, asks), message(f"{request}.Response", answers),
    )  # fmt: skip


def task(
    name: str,
    asks: Fields,
    answers: Fields,
    handler: str,
    *,
    store: str = "",
    rest: str = "",
    helpers: str = "",
    path: str = "/x",
    tree: Mapping[str, str | bytes | None] | None = None,
    python: Mapping[str, str] | None = None,
) -> Task:
    """`handler` is the body of `_NAME(…)`, `store` and `rest` methods of the two Python stores."""
    made = endpoint(name, asks, answers, path)
    parameters = ", ".join(part.strip("{}") for part in path.split("/") if part.startswith("{"))
    request = made.request.name
    files = {
        "mlflow/server/handlers.py": f"from {MODULE} import {request}\n"
        "from mlflow.entities import Plant, PlantTag, Kind\n"
        "from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE\n\n"
        + textwrap.dedent(helpers)
        + f"\ndef _handle({parameters}):\n"
        + textwrap.indent(textwrap.dedent(handler), "    ")
        + f"\n\nHANDLERS = {{{request}: _handle}}\n",
        "mlflow/store/tracking/sqlalchemy_store.py": "import re\n"
        "from typing import Optional\nfrom mlflow.store.checks import *\n"
        "from mlflow.store.checks import _validate_name\n"
        "class SqlAlchemyStore:\n    pass\n" + textwrap.indent(textwrap.dedent(store), "    "),
        "mlflow/store/tracking/rest_store.py": f"from {MODULE} import {request}\n"
        "from mlflow.entities import Plant, PlantTag\n"
        "from mlflow.store.entities import PagedList\n"
        "class RestStore:\n    pass\n" + textwrap.indent(textwrap.dedent(rest), "    "),
        "mlflow/entities/__init__.py": textwrap.dedent(
            """
            class Plant:
                pass
            class Kind:
                pass
            class PlantTag:
                def __init__(self, key, value):
                    pass
            """
        ),
        "mlflow/store/checks.py": textwrap.dedent(
            """
            import re
            _NAME = re.compile(r"^[a-z]+$")
            def empty(what):
                return f"No {what}."
            def _validate_name(name):
                if name is None or name == "":
                    raise MlflowException(empty("name"), INVALID_PARAMETER_VALUE)
                if not _NAME.match(name):
                    raise MlflowException(f"Bad name '{name}'.", INVALID_PARAMETER_VALUE)
            """
        ),
        **(python or {}),
    }
    messages = [made.request, made.response, *(message(n, f) for n, f in MESSAGES.items())]
    every = Catalog(
        (made,),
        {m.full_name: m for m in messages},
        {"mlflow.Kind": Enum("mlflow.Kind", "mlflow", (("GREEN", 1), ("BROWN", 2)))},
    )
    checkout = small.view(tree or {})
    truth = small.view(files, base={})
    return Task(made, discover(checkout), checkout, truth, every)
