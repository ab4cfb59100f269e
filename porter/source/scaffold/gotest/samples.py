"""Values for a test: request fields as Go literals, and what Go reads from them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from porter.core.endpoint import Catalog, Field, Message, go_camel
from porter.source.golang.goliteral import Literal

Value = str | int | float | bool | list[str] | None
"""A field as Python's checks see it; a message is `""`, a list of some has one element."""
_DEPTH = 3
_WRAPPERS = {
    "string": "String", "bool": "Bool", "double": "Float64", "float": "Float32", "int32": "Int32",
    "sint32": "Int32", "sfixed32": "Int32", "int64": "Int64", "sint64": "Int64",
    "sfixed64": "Int64", "uint32": "Uint32", "fixed32": "Uint32", "uint64": "Uint64",
    "fixed64": "Uint64",
}  # fmt: skip
"""The function of `google.golang.org/protobuf/proto` that points to a scalar, by kind."""


@dataclass(frozen=True)
class Samples:
    """How to write a request: with the checkout's `PtrTo` (`helper`), else with protobuf's own."""

    catalog: Catalog
    protos: str
    helper: bool

    def plain(self, field: Field, value: Value) -> Literal | str:
        """What a getter of the field gives for a value."""
        one = self._one(field, value)
        return Literal(f"[]{self._element(field)}", (("", one),)) if field.repeated else one

    def given(self, field: Field, value: Value) -> Literal | str:
        """What a request is given, so that the field has that value."""
        if field.repeated or field.kind in ("message", "bytes"):
            return self.plain(field, value)
        return self.pointer(field, value)

    def pointer(self, field: Field, value: Value) -> str:
        """A pointer to a scalar or enum."""
        text = str(self._one(field, value))
        if field.kind == "enum":
            return f"{text}.Enum()"
        wrapper = _WRAPPERS[field.kind]
        if not self.helper:
            return f"proto.{wrapper}({text})"
        typed = text if wrapper in ("String", "Bool", "Float64") else f"{wrapper.lower()}({text})"
        return f"utils.PtrTo({typed})"

    def message(self, message: Message, depth: int = 0, *, bare: bool = False) -> Literal:
        """A message with all its fields set; `bare` leaves its type to the list it stands in."""
        rows = tuple(
            (field.go_name, self._nested(field, depth))
            for field in message.fields
            if depth < _DEPTH and field.kind not in ("map", "bytes") and field.oneof is None
        )
        return Literal("" if bare else f"&{self.protos}.{message.go_name}", rows)

    def enum(self, field: Field, value: Value) -> str:
        """The Go constant of an enum's value; `value` is its name in the proto."""
        inside = (field.type_name or "").split(".")[1:]
        outer = inside[:-1] or inside
        return f"{self.protos}.{'_'.join(go_camel(part) for part in outer)}_{value}"

    def sample(self, field: Field) -> Value:
        """A value that no other field has, where the type has room for that."""
        match field.kind:
            case "string":
                return [field.name] if field.repeated else field.name
            case "bool":
                return True
            case "double" | "float":
                return 0.5
            case "enum":
                enum = self.catalog.enums.get(field.type_name or "")
                names = [name for name, _ in enum.values] if enum else []
                return names[1 % len(names)] if names else ""
            case "message" | "map" | "bytes":
                return [""] if field.repeated else ""
            case _:
                return field.number

    def _nested(self, field: Field, depth: int) -> Literal | str:
        message = self.catalog.message_of(field)
        if message is None:
            return self.given(field, self.sample(field))
        inner = self.message(message, depth + 1, bare=field.repeated)
        return Literal(f"[]{self._element(field)}", (("", inner),)) if field.repeated else inner

    def _one(self, field: Field, value: Value) -> Literal | str:
        value = value[0] if isinstance(value, list) else value
        match field.kind:
            case "string":
                return _text(str(value))
            case "bool":
                return "true" if value else "false"
            case "enum":
                return self.enum(field, value)
            case "message":
                message = self.catalog.message_of(field)
                assert message is not None
                return self.message(message, bare=field.repeated)
            case _:
                return str(value)

    def _element(self, field: Field) -> str:
        message = self.catalog.message_of(field)
        if message is not None:
            return f"*{self.protos}.{message.go_name}"
        wrapper = _WRAPPERS.get(field.kind, "")
        return "bool" if wrapper == "Bool" else wrapper.lower()


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
