"""What Python demands of a request field, and how sure we are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from porter.core.question import Evidence

ConstraintKind = Literal[
    "required", "non_empty", "string", "integer", "bool", "float", "array", "item_type", "map_keys",
    "min", "max", "max_length", "max_items", "truncate", "charset", "path_unique", "unique_keys",
    "one_of", "numeric_string", "uri_scheme", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Constraint:
    """A check that Python makes of a field.

    `field` is the dotted proto path (`params.key`). `certain`: Python runs this check on this
    field on every path. `conditional`: only under another field's or the environment's value.
    `evidence` is the chain of places that led there, the handler first.
    """

    field: str
    kind: ConstraintKind
    value: str | int | float | tuple[str, ...] | None = None
    conditional: bool = False
    certain: bool = True
    evidence: tuple[Evidence, ...] = ()
    folded: bool = False
    """Whether the values of a `one_of` are compared without their case."""
    sent: bool = False
    """Whether Python asks it only of a value that was sent and is not empty."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A go-playground rule for one key of validations.go; `strict` is what Python enforces."""

    key: str
    rule: str
    certain: bool = True
    strict: str | None = None
    field: str = ""
    constraints: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class InferenceNote:
    """What the inference saw and has no tag for, or did not understand. Codes are `P3xx`."""

    field: str
    code: str
    text: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Inference:
    """All that Python says of an endpoint's request."""

    endpoint: str
    message: str
    constraints: tuple[Constraint, ...] = ()
    notes: tuple[InferenceNote, ...] = ()
