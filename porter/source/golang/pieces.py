"""A Go file as pieces that can be told apart by name, so that two versions can be compared.

A piece is some whole lines: a function, a route (a call with a path and a function literal), a
field of a struct with tags, a method of an interface, a declaration; or one line between those.
Comments right above a piece and blank lines before it belong to it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from porter.source.golang import parse_bytes

if TYPE_CHECKING:
    from tree_sitter import Node

PieceKind = Literal["function", "route", "field", "method", "declaration", "line"]
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a file. `owner` is a receiver's, struct's or interface's name, or ""."""

    kind: PieceKind
    owner: str
    name: str
    lines: tuple[str, ...]
    nth: int = 0

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What makes it the same piece in another version of the file."""
        return self.kind, self.owner, self.name, self.nth

    @property
    def body(self) -> tuple[str, ...]:
        """Its lines without the blank ones before it."""
        first = next((i for i, line in enumerate(self.lines) if line.strip()), len(self.lines))
        return self.lines[first:]

    @property
    def words(self) -> frozenset[str]:
        """The identifiers in it."""
        return frozenset(_IDENTIFIER.findall("".join(self.lines)))


def pieces(source: bytes) -> tuple[Piece, ...]:
    """All lines of a Go file, piece after piece. Raises SourceError where it does not parse."""
    lines = source.decode("utf-8", "replace").splitlines(keepends=True)
    named = {first: (last, key) for first, last, key in _named(parse_bytes(source).root)}
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    start = at = 0
    while at < len(lines):
        first = _below_comments(lines, at)
        last, key = named.get(first, (at, ("line", "", lines[at].strip())))
        if not lines[at].strip() and at + 1 < len(lines):
            at += 1
            continue
        kind, owner, name = key
        found.append(Piece(kind, owner, name, tuple(lines[start : last + 1]), seen[key]))
        seen[key] += 1
        start = at = last + 1
    return tuple(found)


def _below_comments(lines: list[str], at: int) -> int:
    """The line under a block of comments, or `at` where none starts there."""
    below = at
    while below < len(lines) and lines[below].lstrip().startswith("//"):
        below += 1
    return below


Named = tuple[int, int, tuple[PieceKind, str, str]]


def _named(root: Node) -> Iterator[Named]:
    for node in root.named_children:
        match node.type:
            case "function_declaration" | "method_declaration":
                yield from _function(node)
            case "type_declaration":
                yield from _type(node)
            case "var_declaration" | "const_declaration":
                yield _lines(node, "declaration", "", _first_name(node))
            case _:
                pass


def _function(node: Node) -> Iterator[Named]:
    body = node.child_by_field_name("body")
    inside = body.named_children if body is not None else []
    statements = [
        s for c in inside for s in (c.named_children if c.type == "statement_list" else [c])
    ]
    routes = [s for s in statements if _is_route(s)]
    if statements and not routes:
        receiver = node.child_by_field_name("receiver")
        owner = _IDENTIFIER.findall(_text(receiver))[-1:] if receiver is not None else []
        yield _lines(node, "function", "".join(owner), _text(node.child_by_field_name("name")))
    for statement in routes:
        call = statement.named_children[0]
        arguments = call.child_by_field_name("arguments")
        path = _text(arguments.named_children[0]) if arguments is not None else ""
        yield _lines(statement, "route", _text(call.child_by_field_name("function")), path)


def _is_route(node: Node) -> bool:
    if node.type != "expression_statement" or node.named_children[0].type != "call_expression":
        return False
    arguments = node.named_children[0].child_by_field_name("arguments")
    given = [a.type for a in arguments.named_children] if arguments is not None else []
    return given[:1] == ["interpreted_string_literal"] and "func_literal" in given


def _type(node: Node) -> Iterator[Named]:
    for spec in (c for c in node.named_children if c.type == "type_spec"):
        name, body = _text(spec.child_by_field_name("name")), spec.child_by_field_name("type")
        if body is None or body.start_point[0] == body.end_point[0]:
            yield _lines(node, "declaration", "", name)
        elif body.type == "interface_type":
            for method in (c for c in body.named_children if c.type == "method_elem"):
                yield _lines(method, "method", name, _text(method.child_by_field_name("name")))
        elif body.type == "struct_type":
            listed = body.named_children[0].named_children
            fields = [f for f in listed if f.type == "field_declaration"]
            if not any(f.child_by_field_name("tag") for f in fields):
                yield _lines(node, "declaration", "", name)
            else:
                yield from (_lines(f, "field", name, _first_name(f)) for f in fields)


def _lines(node: Node, kind: PieceKind, owner: str, name: str) -> Named:
    return node.start_point[0], node.end_point[0], (kind, owner, name)


def _first_name(node: Node) -> str:
    """The first identifier inside a declaration or field."""
    for child in node.named_children:
        if child.type in ("identifier", "field_identifier", "type_identifier"):
            return _text(child)
        if found := _first_name(child):
            return found
    return ""


def _text(node: Node | None) -> str:
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""
