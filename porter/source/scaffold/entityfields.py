"""A message's fields as those of a Go entity, and the code that carries each over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from porter.core.endpoint import Catalog, Field, Message
from porter.source.golang import Struct
from porter.source.scaffold.arguments import SCALARS, go_text
from porter.source.scaffold.initialisms import exported, local

Form = Literal["value", "pointer", "enum", "plain", "one", "many"]


@dataclass(frozen=True, slots=True)
class EntityField:
    """One field: its Go name and type in the entity, the proto field, and how it is carried over.

    `value`: a value where the message has a pointer; `pointer`, `plain`: the same type on both
    sides; `one`, `many`: an entity of its own, `entity` by name, `message` its Go name.
    """

    name: str
    type: str
    field: Field
    form: Form
    entity: str = ""
    message: str = ""


def fields_of(
    catalog: Catalog, message: Message, unset: frozenset[str] = frozenset()
) -> tuple[list[EntityField], list[str]]:
    """The fields of a new entity, and the names of those that porter has no form for.

    `unset` are the fields that Python's entity tells apart from empty ones: they are pointers.
    """
    found, left = [], []
    for field in message.fields:
        made = _made(catalog, message, field)
        if made is None:
            left.append(field.name)
        elif made.form == "value" and field.name in unset:
            found.append(replace(made, type=f"*{made.type}", form="pointer"))
        else:
            found.append(made)
    return found, left


def matched(
    catalog: Catalog, message: Message, struct: Struct
) -> tuple[list[EntityField], list[str]]:
    """A standing entity's fields that a message fills, and the names of those that find none."""
    found, left = [], []
    for field in message.fields:
        wanted = _made(catalog, message, field)
        name = field.name.replace("_", "").lower()
        there = next((f for f in struct.fields if f.name.lower() == name), None)
        fits = _fitting(wanted, there.name, there.type) if wanted and there else None
        if fits is None:
            left.append(field.name)
        else:
            found.append(fits)
    return found, left


def _fitting(wanted: EntityField, name: str, kind: str) -> EntityField | None:
    if kind == wanted.type:
        return EntityField(name, kind, wanted.field, wanted.form, wanted.entity, wanted.message)
    if wanted.form == "value" and kind == f"*{wanted.type}":
        return EntityField(name, kind, wanted.field, "pointer")
    if wanted.form in ("one", "many") and kind.lstrip("[]*")[:1].isupper() and "." not in kind:
        same = kind.startswith("[]") == (wanted.form == "many")
        if same:
            entity = kind.lstrip("[]*")
            return EntityField(name, kind, wanted.field, wanted.form, entity, wanted.message)
    return None


def _made(catalog: Catalog, message: Message, field: Field) -> EntityField | None:
    name = exported(field.name)
    if field.kind == "message":
        inner = catalog.message_of(field)
        if inner is None or inner.package != message.package:
            return None
        entity = inner.go_name
        if field.repeated:
            return EntityField(name, f"[]*{entity}", field, "many", entity, entity)
        return EntityField(name, f"*{entity}", field, "one", entity, entity)
    if field.kind == "enum":
        text = go_text(field.type_name or "")
        return None if field.repeated else EntityField(name, "string", field, "enum", text)
    if field.kind == "map" or field.oneof:
        return None
    kind = SCALARS.get(field.kind, field.kind)
    if field.kind == "bytes":
        return None if field.repeated else EntityField(name, "[]byte", field, "plain")
    if field.repeated:
        return EntityField(name, f"[]{kind}", field, "plain")
    return EntityField(name, kind, field, "value")


def to_proto(
    fields: list[EntityField], receiver: str, variable: str, protos: str, helpers: bool
) -> tuple[list[tuple[str, str]], list[list[str]]]:
    """The rows of the message's literal and the paragraphs behind it."""
    rows: list[tuple[str, str]] = []
    after: list[list[str]] = []
    for item in fields:
        target, value = item.field.go_name, f"{receiver}.{item.name}"
        match item.form:
            case "value":
                rows.append((target, f"utils.PtrTo({value})" if helpers else f"&{value}"))
            case "pointer" | "plain":
                rows.append((target, value))
            case "enum":
                enum = f"{protos}.{item.entity}"
                after.append(
                    [
                        f"if value, ok := {enum}_value[{value}]; ok {{",
                        f"\t{local(item.name)} := {enum}(value)",
                        f"\t{variable}.{target} = &{local(item.name)}",
                        "}",
                    ]
                )
            case "one":
                after.append(
                    [
                        f"if {value} != nil {{",
                        f"\t{variable}.{target} = {value}.ToProto()",
                        "}",
                    ]
                )
            case "many":
                kind = f"[]*{protos}.{item.message}"
                rows.append((target, f"make({kind}, 0, len({value}))"))
                after.append(
                    [
                        f"for _, item := range {value} {{",
                        f"\t{variable}.{target} = append({variable}.{target}, item.ToProto())",
                        "}",
                    ]
                )
    return rows, after


def from_proto(
    fields: list[EntityField], conversions: dict[str, str]
) -> tuple[list[tuple[str, str]], list[list[str]]]:
    """The rows of the entity's literal and the paragraphs before it; `conversions` by message."""
    rows: list[tuple[str, str]] = []
    before: list[list[str]] = []
    for item in fields:
        getter = f"proto.Get{item.field.go_name}()"
        match item.form:
            case "value" | "plain":
                rows.append((item.name, getter))
            case "pointer":
                rows.append((item.name, f"proto.{item.field.go_name}"))
            case "enum":
                rows.append((item.name, f"{getter}.String()"))
            case "one":
                rows.append((item.name, f"{conversions[item.message]}({getter})"))
            case "many":
                name = local(item.name)
                before.append(
                    [
                        f"{name} := make({item.type}, 0, len({getter}))",
                        f"for _, item := range {getter} {{",
                        f"\t{name} = append({name}, {conversions[item.message]}(item))",
                        "}",
                    ]
                )
                rows.append((item.name, name))
    return rows, before
