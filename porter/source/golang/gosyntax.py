"""What stands in a Go file, as values: imports, functions, types, literals, each with its span."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from porter.core.layout import Receiver


class Span(NamedTuple):
    """Bytes `start:end` of a file."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Import:
    """One import; `alias` as it stands (`.` and `_` included), `name` is how the file calls it."""

    path: str
    alias: str | None
    span: Span
    line: int

    @property
    def name(self) -> str:
        """The alias, else the last part of the path."""
        return self.alias or self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class GoParam:
    """A parameter or result: its name ("" where it has none) and the text of its type."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Func:
    """A function, a method (with `receiver`), or a method of an interface (no `body`)."""

    name: str
    receiver: Receiver | None
    params: tuple[GoParam, ...]
    results: tuple[GoParam, ...]
    span: Span
    line: int
    body: Span | None = None

    @property
    def shape(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The types of parameters and results: what Go compares.

        Without package names, as a type has none in its own package and another in each alias.
        """
        return tuple(_bare(p.type) for p in self.params), tuple(_bare(r.type) for r in self.results)


@dataclass(frozen=True, slots=True)
class StructField:
    """A field of a struct; an embedded type has its own name and `embedded` set."""

    name: str
    type: str
    tag: str
    line: int
    embedded: bool = False


@dataclass(frozen=True, slots=True)
class Struct:
    """A struct type. `body` is `{` to `}`."""

    name: str
    fields: tuple[StructField, ...]
    span: Span
    line: int


@dataclass(frozen=True, slots=True)
class Interface:
    """An interface type. `span` covers `interface{…}`, `embeds` are texts (`contract.X`, `Y`)."""

    name: str
    methods: tuple[Func, ...]
    embeds: tuple[str, ...]
    span: Span
    line: int
    embed_spans: tuple[Span, ...] = ()

    def method(self, name: str) -> Func | None:
        """The interface's own method of that name, or None."""
        return next((method for method in self.methods if method.name == name), None)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; `text` is what stands behind `//` or between `/*` and `*/`, without blanks."""

    text: str
    span: Span
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An element of a composite literal. `key` and `value` are unquoted where they are strings."""

    key: str | None
    value: str
    span: Span
    line: int
    literal: Literal | None = None


@dataclass(frozen=True, slots=True)
class Literal:
    """The body `{…}` of a composite literal with the comments that stand directly in it."""

    entries: tuple[Entry, ...]
    comments: tuple[Comment, ...]
    span: Span

    def entry(self, key: str) -> Entry | None:
        """The entry of that key, or None."""
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, slots=True)
class Value:
    """A top-level constant or variable, unquoted where it is a string."""

    name: str
    type: str
    text: str
    span: Span
    line: int
    literal: Literal | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call: `callee` is the text before the parenthesis (`ts.Store.DeleteTag`)."""

    callee: str
    args: tuple[str, ...]
    span: Span
    line: int


def _bare(kind: str) -> str:
    return re.sub(r"\b\w+\.(?=\w)", "", kind)
