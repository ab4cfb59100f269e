"""Service methods set side by side: the store call, its arguments, how the response is made.

What two people write differently without meaning anything else (names of locals, line breaks, a
local used once) reads the same here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from porter.source.golang import Func, GoFile
from replay.branches import Branch, asked

if TYPE_CHECKING:
    from tree_sitter import Node

_CLOSING = frozenset(")}]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a service method does. `branches` are the conditions that ask for more than an error.

    `reads` gives for each argument the request's fields that it is made of, loops followed.
    `response` is all that stands behind the store call but for the handling of its error.
    """

    calls: tuple[str, ...]
    args: tuple[str, ...]
    response: str
    branches: tuple[Branch, ...]
    reads: tuple[frozenset[str], ...] = ()

    @property
    def thin(self) -> bool:
        """One store call, and no decision of its own."""
        return len(self.calls) == 1 and not self.branches


def reading(file: GoFile, func: Func, field: str, wanted: str | None = None) -> Reading:
    """A service method as it is compared; `field` is the service's field for the store.

    Arguments and response are those of the call of `wanted`, else of the last store call.
    """
    body = _node(file, func)
    receiver = func.receiver.name if func.receiver else ""
    prefix = f"{receiver}.{field}."
    calls = [n for n in _walk(body, "call_expression") if _callee(n).startswith(prefix)]
    names = tuple(_callee(call).removeprefix(prefix) for call in calls)
    chosen = next((c for c in calls if _callee(c) == prefix + (wanted or "")), None)
    chosen = chosen or (calls[-1] if calls else None)
    locals_ = _locals(body)
    args = chosen.child_by_field_name("arguments") if chosen else None
    given = tuple(flat(arg, locals_) for arg in args.named_children) if args else ()
    built = _built(body, locals_)
    reads = tuple(built.get(text, asked(text)) for text in given)
    branches = tuple(_branches(body, prefix, locals_))
    return Reading(names, given, _response(body, chosen, locals_), branches, reads)


def flat(node: Node, names: Mapping[str, str]) -> str:
    """A node's tokens with one blank between, `names` put in, trailing commas and comments out."""
    tokens: list[str] = []
    for leaf in _leaves(node):
        text = _text(leaf)
        if not text.strip():
            continue
        if tokens and tokens[-1] == "," and text in _CLOSING:
            tokens.pop()
        tokens.append(names.get(text, text) if leaf.type == "identifier" else text)
    return " ".join(tokens)


def _branches(body: Node, prefix: str, names: Mapping[str, str]) -> Iterator[Branch]:
    """Conditions other than `err != nil` about a store call."""
    of_store = True
    for node in _walk(body, "if_statement", "short_var_declaration", "expression_switch_statement"):
        if node.type == "expression_switch_statement":
            yield _branch(node, _text(node.child_by_field_name("value")) or "switch", names)
            continue
        called = [_callee(call) for call in _walk(node, "call_expression")]
        if node.type == "short_var_declaration":
            left = _text(node.child_by_field_name("left"))
            if "err" in [name.strip() for name in left.split(",")]:
                of_store = any(name.startswith(prefix) for name in called)
            continue
        condition = " ".join(_text(node.child_by_field_name("condition")).split())
        start = node.child_by_field_name("initializer")
        inside = _text(start).partition("=")[2].strip() if start else ""
        own = of_store if start is None else inside.startswith(prefix)
        if condition != "err != nil" or not own:
            whole = f"{' '.join(_text(start).split())}; {condition}" if start else condition
            yield _branch(node, whole, names)


def _branch(node: Node, condition: str, names: Mapping[str, str]) -> Branch:
    kinds = ("interpreted_string_literal", "raw_string_literal")
    texts = [_text(n)[1:-1] for n in _walk(node, *kinds)]
    said = tuple(text for text in texts if " " in text.strip())
    return Branch(condition, said, asked(flat(node, names)))


def _response(body: Node, call: Node | None, names: Mapping[str, str]) -> str:
    """Everything behind the call but the handling of its error, locals by order of appearance."""
    if call is None:
        return ""
    statements = [n for n in _statements(body) if n.end_byte > call.start_byte]
    here, rest = (statements[0], statements[1:]) if statements else (None, [])
    known = dict(names)
    results = here.child_by_field_name("left") if here is not None else None
    for at, result in enumerate(results.named_children if results else ()):
        known[_text(result)] = f"result{at}" if _text(result) != "err" else "err"
    built = not any(n.type in ("for_statement", "assignment_statement") for n in rest) and not any(
        n.type == "if_statement" and not _about_error(n) for n in rest
    )
    parts = []
    for node in rest:
        if node.type == "if_statement" and _about_error(node):
            continue
        if node.type == "short_var_declaration":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            assert left is not None and right is not None
            if built:
                known[_text(left)] = flat(right, known)
                continue
            parts.append(f"{_named(left, known)} := {flat(right, known)}")
            continue
        for declared in _walk(node, "range_clause"):
            left = declared.child_by_field_name("left")
            if left is not None:
                _named(left, known)
        parts.append(flat(node, known))
    return "; ".join(parts)


def _named(left: Node, known: dict[str, str]) -> str:
    for child in left.named_children:
        if _text(child) not in ("_", "err"):
            known[_text(child)] = f"local{sum(v.startswith('local') for v in known.values())}"
    return flat(left, known)


def _about_error(node: Node) -> bool:
    return " ".join(_text(node.child_by_field_name("condition")).split()) == "err != nil"


def _locals(body: Node) -> dict[str, str]:
    """Locals as the expression they are set to: a getter with a fallback as the getter.

    What is built in a loop (`make`, `append`) stays under its name, as does what is set twice.
    """
    counts: dict[str, int] = {}
    found: dict[str, str] = {}
    for node in _walk(body, "short_var_declaration", "assignment_statement"):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            continue
        fallback = node.type == "assignment_statement" and _text(right).startswith("input.Get")
        for name in left.named_children if not fallback else ():
            counts[_text(name)] = counts.get(_text(name), 0) + 1
        simple = node.type == "short_var_declaration" and len(left.named_children) == 1
        if simple and not _text(right).startswith("make("):
            found[_text(left)] = flat(right, found)
    return {name: text for name, text in found.items() if counts[name] == 1 and name != "err"}


def _built(body: Node, names: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The lists that a loop fills, each with the request's fields that the loop runs over."""
    found: dict[str, frozenset[str]] = {}
    for loop in _walk(body, "for_statement"):
        over = [asked(flat(clause, names)) for clause in _walk(loop, "range_clause")]
        for node in _walk(loop, "assignment_statement"):
            left = node.child_by_field_name("left")
            found[_text(left).partition("[")[0]] = frozenset().union(*over)
    return found


def _node(file: GoFile, func: Func) -> Node:
    assert func.body is not None
    found = file.root.descendant_for_byte_range(func.body.start, func.body.end)
    assert found is not None
    return found


def _statements(body: Node) -> list[Node]:
    """The statements of a block, one list deeper where the grammar has one."""
    out: list[Node] = []
    for child in body.named_children:
        out += _statements(child) if child.type == "statement_list" else [child]
    return [node for node in out if node.type != "comment"]


def _walk(node: Node, *kinds: str) -> Iterator[Node]:
    for child in node.named_children:
        if child.type in kinds:
            yield child
        yield from _walk(child, *kinds)


def _leaves(node: Node) -> Iterator[Node]:
    if node.type == "comment":
        return
    if not node.children or node.type.endswith("string_literal"):
        yield node
    for child in node.children if not node.type.endswith("string_literal") else ():
        yield from _leaves(child)


def _callee(call: Node) -> str:
    return _text(call.child_by_field_name("function"))


def _text(node: Node | None) -> str:
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""
