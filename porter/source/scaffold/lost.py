"""Attributes that come back from Go as "" where Python's store answers None.

Python's entity asks `HasField` and makes None of a field that is not set; a Go entity that holds a
plain string cannot tell the two apart. The binding then turns "" back into None, where Python lets
it set the attribute.
"""

from __future__ import annotations

import re

from porter.core.task import Task
from porter.source.checkout.entities import entities
from porter.source.golang import parse
from porter.source.mlflow import index
from porter.source.mlflow.pyentities import unset_fields


def lost_fields(task: Task, name: str) -> tuple[str, ...]:
    """The string fields of the response's field `name` that Go always sets and Python may not.

    One that `ToProto` does not set yet counts too: to answer it, it has to.
    """
    field = task.endpoint.response.field(name)
    message = task.catalog.message_of(field) if field is not None else None
    if message is None:
        return ()
    known = entities(task.tree, task.layout.entities_dir)
    entity = known.of(message.go_name)
    if entity not in known.structs or entity not in known.to_proto:
        return ()
    file = parse(task.tree, known.structs[entity][0])
    method = file.function("ToProto", entity)
    if method is None or method.body is None:
        return ()
    code = file.text(method.body)
    plain = {f.name.lower() for f in known.structs[entity][1].fields if f.type == "string"}
    unset = unset_fields(index(task.mlflow), message.name)
    return tuple(
        f.name
        for f in message.fields
        if f.name in unset
        and f.kind == "string"
        and not f.repeated
        and f.name.replace("_", "") in plain
        and (_always(code, f.go_name) or not re.search(rf"\b{f.go_name}\b", code))
    )


def _always(code: str, name: str) -> bool:
    pattern = rf"^\s*{name}:\s+(?:utils\.PtrTo\(|&)\w+\.\w+\)?,$"
    return re.search(pattern, code, re.MULTILINE) is not None
