"""What is gathered while a handler is read: store calls, the response, and all that is left."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from porter.core.endpoint import Endpoint
from porter.core.question import Evidence
from porter.source.mlflow import Found, Function, Index, Module
from porter.source.mlflow.values import Value


@dataclass(frozen=True, slots=True)
class StoreCall:
    """A call of the Python store. `arguments` by parameter name or position (`"0"`).

    `guard` is the condition it stands under (None: none that porter can say in Go).
    """

    store: str
    method: str
    arguments: tuple[tuple[str, Value], ...]
    evidence: Evidence
    guard: Value | None = None


@dataclass(frozen=True, eq=False)
class Refusal:
    """A `raise` that every request meets for which `test` holds; `names` are the locals in it."""

    test: ast.expr
    text: ast.expr
    names: Mapping[str, Value]
    module: Module


@dataclass(frozen=True, slots=True)
class Unread:
    """A statement that is neither a store call nor part of the response.

    `condition` is the Python test it stands under, "" for none; `error` the MLflow error code's
    name and `message` its text, in Python, where it raises; `before`: before any store call.
    `refusal` is set where it raises and nothing decides before whether it is reached.
    """

    kind: Literal["raise", "check", "call", "loop", "other"]
    text: str
    evidence: Evidence
    condition: str = ""
    error: str = ""
    message: str = ""
    before: bool = True
    refusal: Refusal | None = field(default=None, compare=False)


@dataclass
class Reading:
    """What is known while a handler is read from top to bottom: mutable, private to the reader."""

    index: Index
    endpoint: Endpoint
    module: Module
    env: dict[str, Value] = field(default_factory=dict)
    local: dict[str, Function] = field(default_factory=dict)
    calls: list[StoreCall] = field(default_factory=list)
    built: list[tuple[tuple[str, ...], Value, bool]] = field(default_factory=list)
    whole: Value | None = None
    unread: list[Unread] = field(default_factory=list)
    returns: list[ast.stmt] = field(default_factory=list)
    """The ways out so far that stand under a condition, and what catches a `raise`."""
    depth: int = 0
    inline: Callable[[Reading, Found, ast.Call], Value] | None = None
