"""Where a checkout registers its validators: one statement for each, or a loop over a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porter.source.golang import Call, Func, GoFile, Literal, Span, gotree

if TYPE_CHECKING:
    from tree_sitter import Node

_REGISTER = ".RegisterValidation"


@dataclass(frozen=True)
class Registration:
    """The function that registers: the variable of the validator, and where a next one goes.

    That is behind the statement `last`, or into `table` where a loop registers what it holds.
    """

    constructor: Func
    validate: str
    last: Span
    table: Literal | None


def registration(file: GoFile) -> Registration | None:
    """Where the file registers validators, or None where it does not."""
    for function in file.functions:
        calls = registering(file, function)
        if not calls:
            continue
        last = [c for c in calls if named(c)] or calls
        table = None if named(last[-1]) else next(iter(tables(file)), None)
        if not named(last[-1]) and table is None:
            return None
        validate = last[-1].callee.removesuffix(_REGISTER)
        return Registration(function, validate, _statement(file, last[-1], function), table)
    return None


def registering(file: GoFile, function: Func) -> tuple[Call, ...]:
    """The calls in a function that register a validator."""
    calls = file.calls(function.body) if function.body else ()
    return tuple(c for c in calls if c.callee.endswith(_REGISTER) and len(c.args) > 1)


def named(call: Call) -> bool:
    """Whether a call says the tag itself."""
    return call.args[0][:1] in ('"', "`")


def tables(file: GoFile) -> list[Literal]:
    """The map literals from a name to a validator's function."""
    found = [literal for node in _maps(file.root) if (literal := gotree.literal(node))]
    return sorted(found, key=lambda literal: literal.span)


def _maps(root: Node) -> list[Node]:
    found, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        waiting += node.named_children
        made = node.child_by_field_name("type") if node.type == "composite_literal" else None
        value = made.child_by_field_name("value") if made and made.type == "map_type" else None
        if value is not None and (value.text or b"").endswith(b"Func"):
            found.append(node)
    return found


def _statement(file: GoFile, call: Call, function: Func) -> Span:
    """The statement of the function's body that a call stands in."""
    node = file.root.named_descendant_for_byte_range(*call.span)
    assert node is not None and function.body is not None
    while node.parent is not None and node.parent.start_byte > function.body.start:
        node = node.parent
    if node.type == "statement_list":
        node = next(n for n in node.named_children if n.end_byte >= call.span.end)
    return Span(node.start_byte, node.end_byte)
