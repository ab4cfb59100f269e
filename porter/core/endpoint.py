"""An endpoint as the proto descriptors give it: an rpc with its routes, messages and fields."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

Label = Literal["optional", "required", "repeated"]
Scalar = Literal[
    "string", "bytes", "bool", "double", "float",
    "int32", "int64", "uint32", "uint64", "sint32", "sint64",
    "fixed32", "fixed64", "sfixed32", "sfixed64",
]  # fmt: skip
Kind = Scalar | Literal["enum", "message", "map"]


@dataclass(frozen=True, slots=True)
class Route:
    """One HTTP way in: `method` in capitals, `path` as the proto writes it, without `/api/2.0`."""

    method: str
    path: str
    since: tuple[int, int] = (2, 0)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a proto message. `type_name` is the full name of an enum or message type."""

    name: str
    number: int
    kind: Kind
    label: Label = "optional"
    type_name: str | None = None
    default: str | None = None
    oneof: str | None = None
    must: bool = False
    """Whether the proto itself says that a request must give it (`validate_required`)."""

    @property
    def repeated(self) -> bool:
        """Whether the field is a list (a map counts as one)."""
        return self.label == "repeated"

    @property
    def go_name(self) -> str:
        """The struct field's name in Go, as protoc-gen-go forms it (`run_id` → `RunId`)."""
        return go_camel(self.name)


@dataclass(frozen=True, slots=True)
class Message:
    """A proto message; `full_name` is `mlflow.CreateRun` or `mlflow.CreateRun.Response`."""

    full_name: str
    package: str
    fields: tuple[Field, ...]
    module: str = ""

    @property
    def name(self) -> str:
        """The message's own name, nested ones by the last part."""
        return self.full_name.rsplit(".", 1)[-1]

    @property
    def go_name(self) -> str:
        """The type's name in Go (`CreateRun_Response`), as protoc-gen-go forms it."""
        local = self.full_name.removeprefix(self.package + ".")
        return "_".join(go_camel(part) for part in local.split("."))

    def field(self, name: str) -> Field | None:
        """The field of that proto name, or None."""
        return next((field for field in self.fields if field.name == name), None)


@dataclass(frozen=True, slots=True)
class Enum:
    """A proto enum with its values in order."""

    full_name: str
    package: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An rpc: `service` and `name` as the proto gives them, the request and response messages."""

    service: str
    name: str
    routes: tuple[Route, ...]
    request: Message
    response: Message

    @property
    def method(self) -> str:
        """The Go method's name: the rpc's with a capital (strcase.ToCamel in the generator)."""
        return self.name[:1].upper() + self.name[1:]

    @property
    def id(self) -> str:
        """`MlflowService/deleteTag`: the spelling that is never ambiguous."""
        return f"{self.service}/{self.name}"

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Catalog:
    """All that the descriptors hold: endpoints in the proto's order, messages, enums."""

    endpoints: tuple[Endpoint, ...]
    messages: Mapping[str, Message]
    enums: Mapping[str, Enum]

    def spelling(self, endpoint: Endpoint, services: Collection[str]) -> str:
        """The shortest name of an endpoint that is not ambiguous among those of the services."""
        same = [e for e in self.endpoints if e.name == endpoint.name and e.service in services]
        return endpoint.name if len(same) == 1 else endpoint.id

    def message_of(self, field: Field) -> Message | None:
        """The message type of a field, or None for scalars and enums."""
        return (
            self.messages.get(field.type_name or "") if field.kind in ("message", "map") else None
        )


def go_camel(name: str) -> str:
    """The Go name of a proto name, by the rules of protoc-gen-go's GoCamelCase (strs.go)."""
    dotted = re.sub(r"(^|\.)_", "\\1X\0", name)
    words = re.sub(r"\.(?![a-z])", "_", re.sub(r"[._](?=[a-z])", "\0", dotted))
    return re.sub(r"(^|[\0_\d])([a-z])", lambda m: m[1].strip("\0") + m[2].upper(), words).replace(
        "\0", ""
    )
