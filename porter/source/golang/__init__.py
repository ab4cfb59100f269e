"""Go files read with tree-sitter: imports, functions, types, values, each with its byte span.

Trees find the place; `source.goedit` says what changes there. A file that does not parse is
refused, as nothing found in it could be trusted.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from porter.core.view import View
from porter.errors import SourceError
from porter.source.golang import gotree
from porter.source.golang.gosyntax import (
    Call,
    Comment,
    Entry,
    Func,
    GoParam,
    Import,
    Interface,
    Literal,
    Span,
    Struct,
    StructField,
    Value,
)

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

__all__ = [
    "Call",
    "Comment",
    "Entry",
    "Func",
    "GoFile",
    "GoParam",
    "Import",
    "Interface",
    "Literal",
    "Span",
    "Struct",
    "StructField",
    "Value",
    "parse",
    "parse_bytes",
    "parses",
]


@dataclass(frozen=True, eq=False)
class GoFile:
    """One parsed Go file. `where` is how a person knows it; queries are made once, on demand."""

    path: str
    source: bytes
    root: Node
    where: str = ""

    @functools.cached_property
    def package(self) -> str:
        """The name in the package clause, "" where there is none."""
        return gotree.package(self.root)

    @functools.cached_property
    def imports(self) -> tuple[Import, ...]:
        """All imports in order."""
        return gotree.imports(self.root)

    @functools.cached_property
    def functions(self) -> tuple[Func, ...]:
        """Functions and methods in order."""
        return gotree.functions(self.root)

    @functools.cached_property
    def structs(self) -> tuple[Struct, ...]:
        """Struct types, those in `type ( … )` included."""
        return gotree.structs(self.root)

    @functools.cached_property
    def interfaces(self) -> tuple[Interface, ...]:
        """Interface types, those in `type ( … )` included."""
        return gotree.interfaces(self.root)

    @functools.cached_property
    def values(self) -> tuple[Value, ...]:
        """Top-level constants and variables."""
        return gotree.values(self.root)

    def function(self, name: str, receiver: str | None = None) -> Func | None:
        """The function, or the method on that receiver type (pointer or not), or None."""
        return next(
            (
                f
                for f in self.functions
                if f.name == name and (f.receiver.type if f.receiver else None) == receiver
            ),
            None,
        )

    def struct(self, name: str) -> Struct | None:
        """The struct of that name, or None."""
        return next((s for s in self.structs if s.name == name), None)

    def interface(self, name: str) -> Interface | None:
        """The interface of that name, or None."""
        return next((i for i in self.interfaces if i.name == name), None)

    def value(self, name: str) -> Value | None:
        """The constant or variable of that name, or None."""
        return next((v for v in self.values if v.name == name), None)

    def calls(self, span: Span) -> tuple[Call, ...]:
        """All calls inside a span (a function's body), outermost first."""
        return gotree.calls(self.root, span)

    def text(self, span: Span) -> str:
        """The source of a span."""
        return self.source[span.start : span.end].decode("utf-8", "replace")

    def line_of(self, offset: int) -> int:
        """The line (from 1) of a byte offset."""
        return self.source.count(b"\n", 0, offset) + 1


def parse(view: View, path: str) -> GoFile:
    """The Go file at `path` of a tree, parsed once per content.

    Raises SourceError where there is no such file or it does not parse, naming the line.
    """
    source = view.read(path)
    if source is None:
        raise SourceError(
            f"there is no {view.where(path)}",
            next=f"restore {view.where(path)}: git checkout -- {view.where(path)}",
        )
    return parse_bytes(source, path, view.where(path))


@functools.lru_cache(maxsize=2048)
def parse_bytes(source: bytes, path: str = "", where: str = "") -> GoFile:
    """Go source as a file. Raises SourceError where it does not parse, naming the line."""
    # The grammar wants a line break behind the last declaration, which Go itself does not.
    root = _parser().parse(source if source.endswith(b"\n") else source + b"\n").root_node
    name = where or path or "the file"
    if root.has_error:
        line = gotree.first_error(root)
        raise SourceError(
            f"{name}:{line} does not parse", next=f"mend {name}:{line}: gofmt -e {name}"
        )
    return GoFile(path, source, root, name)


def parses(source: bytes) -> bool:
    """Whether Go source parses."""
    try:
        parse_bytes(source)
    except SourceError:
        return False
    return True


@functools.cache
def _parser() -> Parser:
    import tree_sitter_go
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_go.language()))
