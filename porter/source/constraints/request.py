"""What a handler asks of the request besides its fields: Flask's object, descriptors."""

from __future__ import annotations

from porter.core.endpoint import Field, Message
from porter.source.constraints.formulas import TRUE
from porter.source.constraints.machine import Machine
from porter.source.constraints.values import Const, Descriptor, Dict, External, Method, Seq, Value

PLUGIN = External("flask.g")
"""What plugins of the server put aside for a request; as the server comes, nothing."""
ARGS, METHOD = "flask.request.args", "flask.request.method"


def of_flask(machine: Machine, dotted: str) -> Value | None:
    """The query, where the endpoint has no other way in, and the HTTP method; else None."""
    methods = {route.method for route in machine.endpoint.routes}
    if dotted == METHOD and len(methods) == 1:
        return Const(*methods)
    if dotted == ARGS and methods == {"GET"}:
        return machine.request("raw")
    return None


def is_own(machine: Machine, dotted: str) -> bool:
    """Whether a generated class is the request's: an empty one is there to be filled with it."""
    module, _, name = dotted.rpartition(".")
    own = machine.endpoint.request
    return name == own.name and module in (own.module, f"{own.module}_pb2")


def of_descriptor(found: Descriptor, name: str) -> Value:
    """An attribute of the descriptor of a message or a field."""
    match found.of, name:
        case Message(fields=fields), "fields_by_name":
            return Dict({field.name: Descriptor(field) for field in fields})
        case Message(fields=fields), "fields":
            return Seq([(TRUE, Descriptor(field)) for field in fields])
        case Message(full_name=full), "full_name":
            return Const(full)
        case Field(name=own), "name":
            return Const(own)
        case Field(name=own), "json_name":
            first, *rest = own.split("_")
            return Const(first + "".join(part[:1].upper() + part[1:] for part in rest))
        case _:
            return Method(found, name)


def gathered(machine: Machine, paths: frozenset[str]) -> frozenset[str]:
    """The repeated field whose elements all these are parts of; else the fields themselves."""
    shared = []
    for names in zip(*(path.split(".") for path in paths), strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0])
    message: Message | None = machine.endpoint.request
    whole: tuple[str, ...] = ()
    for number, name in enumerate(shared, 1):
        field = message.field(name) if message is not None else None
        if field is not None and field.repeated:
            whole = tuple(shared[:number])
        message = machine.catalog.message_of(field) if field is not None else None
    return frozenset((".".join(whole),)) if whole else paths
