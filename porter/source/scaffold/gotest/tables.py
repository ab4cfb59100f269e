"""The rows of a service method's table tests, each as the request and what is to come of it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from porter.core.endpoint import Field
from porter.core.task import Task
from porter.source.golang import parse
from porter.source.golang.goliteral import Literal, columns
from porter.source.mlflow.values import fields_of
from porter.source.scaffold.arguments import Argument
from porter.source.scaffold.conversions import attribute_of
from porter.source.scaffold.gotest.ownwork import OwnWork
from porter.source.scaffold.gotest.refusals import Values, meeting, met, text_of
from porter.source.scaffold.gotest.samples import Samples, Value
from porter.source.scaffold.signatures import Mirror

_PLAIN = re.compile(r"\{\s*return &\w+\{(?P<rows>[^{}]*)\}\s*\}")
_ROW = re.compile(r"(\w+):\s*\w+\.(?:Get(\w+)\(\)|(\w+)),?")


@dataclass(frozen=True)
class Table:
    """Everything that the rows are made of."""

    task: Task
    found: Mirror
    own: OwnWork
    samples: Samples

    @property
    def fields(self) -> Mapping[str, Field]:
        """The request's fields by proto name."""
        return {field.name: field for field in self.task.endpoint.request.fields}


def column(argument: Argument) -> str:
    """The scenario's field for an argument; `name` and `input` are taken."""
    name = argument.name
    return f"wanted{name[:1].upper()}{name[1:]}" if name in ("name", "input") else name


def given_rows(table: Table) -> tuple[Literal, ...]:
    """Requests that reach the store, each with what the store is given of the method's own."""
    base = _base(table)
    if base is None:
        return ()
    rows = [("as asked", base)]
    for argument in table.own.arguments:
        rows += _fallbacks(argument, base)
    rows += _without(table, base)
    wanted = [(name, values) for name, values in rows if met(table.own.guards, values) == []]
    return tuple(
        Literal("", (
            ("name", json.dumps(name)), ("input", _request(table, values)),
            *((column(a), _expected(table, a, values)) for a in table.own.arguments),
        )) for name, values in wanted
    )  # fmt: skip


def ended_rows(table: Table) -> tuple[Literal, ...]:
    """Requests that never reach the store: refused by a check, or with nothing to do."""
    rows = []
    for guard in table.own.guards:
        values = meeting(table.own.guards, guard, table.fields, {})
        text = text_of(guard, values) if values is not None else None
        if values is not None and text is not None:
            code = f"protos.ErrorCode_{guard.code}"
            error = f"contract.NewError({code}, {json.dumps(text, ensure_ascii=False)})"
            rows.append((ast.unparse(guard.python), values, error))
    call = table.found.handler.call
    if table.own.has("condition") and call and call.guard:
        asked = {name: v for name, v in _asked(table).items() if name not in fields_of(call.guard)}
        values = meeting(table.own.guards, None, table.fields, asked)
        if values is not None:
            rows.append((f"no {', '.join(fields_of(call.guard))}", values, "nil"))
    return tuple(
        Literal("", (
            ("name", json.dumps(name)), ("input", _request(table, values)), ("expected", error),
        )) for name, values, error in rows
    )  # fmt: skip


def reaching(table: Table) -> Literal | None:
    """A request that reaches the store, None where none is found."""
    base = _base(table)
    return _request(table, base) if base is not None else None


def columns_of(table: Table) -> list[str]:
    """The fields of the scenario of `given_rows`."""
    request = f"*{table.samples.protos}.{table.task.endpoint.request.go_name}"
    types = [(column(a), a.type) for a in table.own.arguments]
    return columns([("name", "string"), ("input", request), *types])


def _base(table: Table) -> dict[str, Value] | None:
    return meeting(table.own.guards, None, table.fields, _asked(table))


def _asked(table: Table) -> dict[str, Value]:
    """Every field that the method or a conversion works on, set."""
    worked = [a for a in table.found.arguments if a.how in ("entity", "entities")]
    names = [name for a in (*table.own.arguments, *worked) for name in _names(a)]
    call = table.found.handler.call
    names += fields_of(call.guard) if call and call.guard else ()
    fields = [table.fields[name] for name in names if name in table.fields]
    return {f.name: table.samples.sample(f) for f in fields if f.kind not in ("map", "bytes")}


def _names(argument: Argument) -> Iterator[str]:
    if argument.field is not None:
        yield argument.path[0]
    for _, part in argument.parts:
        yield from _names(part)


def _fallbacks(argument: Argument, base: Values) -> Iterator[tuple[str, dict[str, Value]]]:
    """Requests with the other field of a fallback, alone and beside the first one."""
    if argument.fallback and argument.field is not None:
        name, other = argument.field.name, argument.fallback
        left = {key: value for key, value in base.items() if key != name}
        yield f"{other} where {name} is empty", {**left, other: other}
        yield f"{name} before {other}", {**base, other: other}


def _without(table: Table, base: Values) -> Iterator[tuple[str, dict[str, Value]]]:
    """A request without the lists and the enums that the method converts only where they are."""
    names = [
        a.field.name
        for a in table.own.arguments
        if a.field and (a.how == "entities" or (a.how == "enum_text" and a.nullable))
    ]
    if names:
        yield f"no {', '.join(names)}", {k: v for k, v in base.items() if k not in names}


def _request(table: Table, values: Values) -> Literal:
    rows = tuple(
        (field.go_name, table.samples.given(field, values[field.name]))
        for field in table.task.endpoint.request.fields
        if field.name in values
    )
    return Literal(f"&{table.samples.protos}.{table.task.endpoint.request.go_name}", rows)


def _expected(table: Table, argument: Argument, values: Values) -> Literal | str:
    """What the store is given for an argument."""
    samples, field = table.samples, argument.field
    if argument.how == "made":
        return _entity(table, argument, values)
    assert field is not None
    value = values.get(field.name)
    if argument.fallback:
        return json.dumps(value or values.get(argument.fallback, ""))
    if argument.how == "enum_text":
        return json.dumps(value or "")
    if value is None:
        return f"{argument.type}{{}}"
    return Literal(argument.type, (("", _element(table, argument, samples)),))


def _element(table: Table, argument: Argument, samples: Samples) -> Literal | str:
    """One message as an entity: a literal where its conversion is plain, else by that function."""
    assert argument.field is not None
    conversion = table.found.entities.conversion(argument.entity)
    message = table.task.catalog.message_of(argument.field)
    assert conversion is not None and message is not None
    place = table.found.entities.structs.get(conversion.entity)
    kinds = {f.name: f.type for f in place[1].fields} if place else {}
    rows: list[tuple[str, Literal | str]] = []
    for name, source in _plain(table, conversion.name).items():
        field = next((f for f in message.fields if f.go_name == source), None)
        if field is None or field.repeated or field.kind in ("message", "map", "bytes", "enum"):
            rows = []
            break
        value = samples.sample(field)
        pointer = kinds.get(name, "").startswith("*")
        rows.append(
            (name, samples.pointer(field, value) if pointer else samples.plain(field, value))
        )
    if rows:
        return Literal("", tuple(rows))
    made = samples.message(message)
    return Literal(f"entities.{conversion.name}({made.head}", made.rows, ")")


def _plain(table: Table, conversion: str) -> dict[str, str]:
    """The entity's fields with the message's that a conversion takes as they are, if that is all
    it does."""
    entities = table.found.entities
    for path in table.task.tree.files(entities.dir or "", ".go"):
        file = parse(table.task.tree, path)
        function = file.function(conversion)
        if function is None or function.body is None:
            continue
        whole = _PLAIN.fullmatch(file.text(function.body))
        rows = whole["rows"].strip().splitlines() if whole else []
        read = [_ROW.fullmatch(row.strip()) for row in rows]
        return {row[1]: row[2] or row[3] for row in read if row} if all(read) else {}
    return {}


def _entity(table: Table, argument: Argument, values: Values) -> Literal:
    """An entity of single request fields, as the method makes it."""
    place = table.found.entities.structs.get(argument.entity)
    whole = argument.type.startswith("*entities.")
    rows = []
    for name, part in argument.parts:
        assert part.field is not None
        value = values.get(part.field.name)
        target = attribute_of(place[1].fields if place else (), name) if whole else None
        if value is None or (whole and target is None):
            continue
        pointer = target.type.startswith("*") if target else True
        made = table.samples.given if pointer else table.samples.plain
        rows.append((target.name if target else part.field.go_name, made(part.field, value)))
    return Literal(f"&{argument.type.lstrip('*')}", tuple(rows))
