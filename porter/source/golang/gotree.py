"""From tree-sitter's nodes to values: the only place that knows the grammar."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from porter.core.layout import Receiver
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
    from tree_sitter import Node

_METHODS = ("method_elem", "method_spec")
_EMBEDS = ("type_elem", "constraint_elem", "struct_elem")
_STRINGS = ("interpreted_string_literal", "raw_string_literal")


def package(root: Node) -> str:
    """The package's name."""
    clauses = (node for node in root.named_children if node.type == "package_clause")
    return next((_text(clause.named_children[0]) for clause in clauses), "")


def imports(root: Node) -> tuple[Import, ...]:
    """All imports in order."""
    found = []
    for node in _specs(root, "import_declaration", "import_spec"):
        path, alias = node.child_by_field_name("path"), node.child_by_field_name("name")
        assert path is not None
        found.append(Import(_unquoted(path), _text(alias) or None, _span(node), _line(node)))
    return tuple(found)


def functions(root: Node) -> tuple[Func, ...]:
    """Functions and methods in order."""
    kinds = ("function_declaration", "method_declaration")
    return tuple(_func(node) for node in root.named_children if node.type in kinds)


def structs(root: Node) -> tuple[Struct, ...]:
    """Struct types in order."""
    found = []
    for spec in _specs(root, "type_declaration", "type_spec"):
        body = spec.child_by_field_name("type")
        if body is not None and body.type == "struct_type":
            fields = tuple(f for node in _inside(body, "field_declaration") for f in _fields(node))
            found.append(Struct(_name(spec), fields, _span(body), _line(spec)))
    return tuple(found)


def interfaces(root: Node) -> tuple[Interface, ...]:
    """Interface types in order."""
    found = []
    for spec in _specs(root, "type_declaration", "type_spec"):
        body = spec.child_by_field_name("type")
        if body is not None and body.type == "interface_type":
            methods = tuple(_func(node) for node in body.named_children if node.type in _METHODS)
            others = [node for node in body.named_children if node.type in _EMBEDS]
            embeds, spans = tuple(map(_text, others)), tuple(map(_span, others))
            found.append(Interface(_name(spec), methods, embeds, _span(body), _line(spec), spans))
    return tuple(found)


def values(root: Node) -> tuple[Value, ...]:
    """Top-level constants and variables."""
    found = []
    for kind in ("var", "const"):
        for spec in _specs(root, f"{kind}_declaration", f"{kind}_spec"):
            names = spec.children_by_field_name("name")
            given = spec.child_by_field_name("value")
            nodes = given.named_children if given is not None else []
            for at, name in enumerate(n for n in names if n.is_named):
                node = nodes[at] if at < len(nodes) else None
                found.append(
                    Value(
                        _text(name),
                        _text(spec.child_by_field_name("type")),
                        _unquoted(node) if node is not None else "",
                        _span(spec),
                        _line(spec),
                        literal(node) if node is not None else None,
                    )
                )
    return tuple(found)


def literal(node: Node) -> Literal | None:
    """The body of a composite literal, or of a pointer to one; None for any other node."""
    if node.type == "unary_expression":
        node = node.named_children[0]
    body = node.child_by_field_name("body") if node.type == "composite_literal" else node
    if body is None or body.type != "literal_value":
        return None
    entries, comments = [], []
    for child in body.named_children:
        if child.type == "comment":
            comments.append(_comment(child))
        elif child.type == "keyed_element":
            key, value = (inner for inner in child.named_children if inner.type != "comment")
            entries.append(_entry(child, _element(key), _element(value)))
        else:
            entries.append(_entry(child, None, _element(child)))
    return Literal(tuple(entries), tuple(comments), _span(body))


def calls(root: Node, span: Span) -> tuple[Call, ...]:
    """All calls inside a span, outermost first."""

    def inside(node: Node) -> Iterator[Call]:
        if node.end_byte <= span.start or node.start_byte >= span.end:
            return
        if node.type == "call_expression" and node.start_byte >= span.start:
            callee = node.child_by_field_name("function")
            args = node.child_by_field_name("arguments")
            texts = tuple(_text(a) for a in args.named_children) if args is not None else ()
            yield Call(_text(callee), texts, _span(node), _line(node))
        for child in node.named_children:
            yield from inside(child)

    return tuple(inside(root))


def first_error(root: Node) -> int:
    """The line (from 1) of the first place that does not parse."""
    at = root
    while not (at.is_error or at.is_missing):
        broken = [child for child in at.children if child.has_error or child.is_missing]
        if not broken:
            break
        at = broken[0]
    return _line(at)


def _func(node: Node) -> Func:
    receiver, body = node.child_by_field_name("receiver"), node.child_by_field_name("body")
    return Func(
        _name(node),
        _receiver(receiver) if receiver is not None else None,
        _params(node.child_by_field_name("parameters")),
        _params(node.child_by_field_name("result")),
        _span(node),
        _line(node),
        _span(body) if body is not None else None,
    )


def _receiver(node: Node) -> Receiver:
    (declared, *_) = _params(node) or (GoParam("", ""),)
    bare = declared.type.lstrip("*")
    return Receiver(declared.name, bare.partition("[")[0], declared.type.startswith("*"))


def _params(node: Node | None) -> tuple[GoParam, ...]:
    if node is None:
        return ()
    if node.type != "parameter_list":
        return (GoParam("", _joined(node)),)
    found = []
    for declared in node.named_children:
        if declared.type == "comment":
            continue
        kind = declared.child_by_field_name("type")
        dots = "..." if declared.type == "variadic_parameter_declaration" else ""
        text = dots + (_joined(kind) if kind is not None else "")
        names = [n for n in declared.children_by_field_name("name") if n.is_named]
        found += [GoParam(_text(name), text) for name in names] or [GoParam("", text)]
    return tuple(found)


def _fields(node: Node) -> Iterator[StructField]:
    kind, tag = node.child_by_field_name("type"), node.child_by_field_name("tag")
    names = [n for n in node.children_by_field_name("name") if n.is_named]
    tags = _unquoted(tag) if tag is not None else ""
    text = _joined(kind) if kind is not None else ""
    for name in names:
        yield StructField(_text(name), text, tags, _line(node))
    if not names:
        pointer = "*" if any(child.type == "*" for child in node.children) else ""
        yield StructField(text.rsplit(".", 1)[-1], pointer + text, tags, _line(node), True)


def _entry(node: Node, key: Node | None, value: Node) -> Entry:
    name = _unquoted(key) if key is not None else None
    return Entry(name, _unquoted(value), _span(node), _line(node), literal(value))


def _element(node: Node) -> Node:
    return node.named_children[0] if node.type == "literal_element" else node


def _comment(node: Node) -> Comment:
    # The grammar counts the carriage return of a CRLF line as part of the comment.
    text = _text(node).rstrip("\r")
    bare = text[2:] if text.startswith("//") else text[2:-2]
    span = Span(node.start_byte, node.start_byte + len(text.encode()))
    return Comment(bare.strip(), span, _line(node))


def _specs(root: Node, declaration: str, spec: str) -> Iterator[Node]:
    for node in root.named_children:
        if node.type == declaration:
            yield from _inside(node, spec)


def _inside(node: Node, kind: str) -> Iterator[Node]:
    """Nodes of a kind among the children, also one list deeper, as in `import ( … )`."""
    for child in node.named_children:
        if child.type == kind:
            yield child
        elif child.type.endswith("_list"):
            yield from _inside(child, kind)


def _name(node: Node) -> str:
    return _text(node.child_by_field_name("name"))


def _unquoted(node: Node) -> str:
    text = _text(node)
    if node.type not in _STRINGS:
        return text
    if text.startswith("`"):
        return text[1:-1].replace("\r", "")
    try:
        return str(ast.literal_eval(text))
    except (SyntaxError, ValueError):
        return text[1:-1]


def _joined(node: Node) -> str:
    """A type's text on one line."""
    return " ".join(_text(node).split())


def _text(node: Node | None) -> str:
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def _span(node: Node) -> Span:
    return Span(node.start_byte, node.end_byte)


def _line(node: Node) -> int:
    return node.start_point[0] + 1
