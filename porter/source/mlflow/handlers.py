"""An rpc's handler, read closely: its store calls with their arguments in terms of request fields,
how the response is built, and whatever else it does. What is not understood is listed, never
dropped.
"""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass

from porter.core.endpoint import Catalog, Endpoint
from porter.core.question import Evidence
from porter.source.mlflow import HANDLERS, Found, Function, Index, Module, statements
from porter.source.mlflow.expressions import REQUEST_READER
from porter.source.mlflow.reading import Reading, StoreCall, Unread
from porter.source.mlflow.serving import table
from porter.source.mlflow.values import Called, Each, Returned, Value, fields_of

__all__ = ["Built", "Handler", "StoreCall", "Unread", "handler", "table"]


@dataclass(frozen=True, slots=True)
class Built:
    """A field of the response (by proto path) and the value it gets; `guarded`: only if set."""

    path: tuple[str, ...]
    value: Value
    guarded: bool = False


@dataclass(frozen=True)
class Handler:
    """What is known of an rpc's handler. `whole` is a response that an entity makes by itself."""

    name: str
    function: Found
    decorators: tuple[str, ...]
    parameters: tuple[str, ...]
    reads_request: bool
    calls: tuple[StoreCall, ...]
    built: tuple[Built, ...]
    branches: tuple[Unread, ...]
    whole: Value | None = None

    @property
    def evidence(self) -> Evidence:
        """Where the handler stands."""
        return self.function.evidence

    @property
    def call(self) -> StoreCall | None:
        """The store call that does the work: the one answered with, else the last certain one."""
        answered = [n for b in self.built for n in _calls_in(b.value)] + list(
            _calls_in(self.whole) if self.whole else ()
        )
        if answered:
            return self.calls[answered[0]]
        certain = [call for call in self.calls if call.guard is None] or list(self.calls)
        return certain[-1] if certain else None

    def fallback(self, name: str) -> str | None:
        """The field that is read only where `name` is empty, or None."""
        for call in self.calls:
            for _, value in call.arguments:
                names = fields_of(value)
                if statements.is_fallback(value) and names[:1] == (name,):
                    return names[1]
        return None


def handler(index: Index, catalog: Catalog, endpoint: Endpoint) -> Handler | None:
    """The endpoint's handler, or None where handlers.py has none that is its own.

    `index` is of an MLflow tree. Raises SourceError where handlers.py does not parse.
    """
    return _handler(index, endpoint)


@functools.lru_cache(maxsize=1024)
def _handler(index: Index, endpoint: Endpoint) -> Handler | None:
    module = index.module(HANDLERS)
    if module is None:
        return None
    name = table(module).get(_local_name(module, endpoint))
    found = index.resolve(module, name) if name else None
    if not isinstance(found, Found) or not isinstance(found.node, Function):
        return None
    parameters = tuple(arg.arg for arg in found.node.args.args)
    reading = statements.read(index, endpoint, found)
    return Handler(
        found.node.name,
        found,
        tuple(ast.unparse(d) for d in found.node.decorator_list),
        parameters,
        _reads_request(found.node),
        tuple(reading.calls),
        tuple(Built(path, value, guarded) for path, value, guarded in reading.built),
        _once(reading.unread),
        _whole(reading),
    )


def _once(rows: list[Unread]) -> tuple[Unread, ...]:
    """The rows without those that stand in an `if` which is a row itself, in the file's order."""
    kept: list[Unread] = []
    for row in rows:
        inside = any(o is not row and o.kind == "check" and _within(row, o) for o in rows)
        if not inside and all(o.evidence != row.evidence for o in kept):
            kept.append(row)
    return tuple(kept)


def _within(row: Unread, other: Unread) -> bool:
    first, last = other.evidence.line, other.evidence.line + other.text.count("\n")
    same = row.evidence.file == other.evidence.file
    return same and first < row.evidence.line <= last and row.evidence != other.evidence


def _calls_in(value: Value) -> tuple[int, ...]:
    match value:
        case Returned(call, _):
            return (call,)
        case Called(_, inner):
            return _calls_in(inner)
        case Each(over, _):
            return _calls_in(over)
        case _:
            return ()


def _local_name(module: Module, endpoint: Endpoint) -> str:
    """What handlers.py calls the request message: its name, or the alias it is imported by."""
    message = endpoint.request
    for local, (source, name) in module.imports.items():
        if name == message.name and source == message.module:
            return local
    return message.name


def _reads_request(node: Function) -> bool:
    return any(
        isinstance(n, ast.Call) and ast.unparse(n.func) == REQUEST_READER for n in ast.walk(node)
    )


def _whole(reading: Reading) -> Value | None:
    match reading.whole:
        case Called("to_proto", _) as value:
            return value
        case _:
            return None
