"""What in the Python looks wrong or done twice.

The target's guide asks contributors to challenge the Python code; these are places to begin with,
found by simple signs, and no verdicts.
"""

from __future__ import annotations

import ast
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from porter.core.question import Evidence
from porter.source.mlflow import Found, Index
from porter.source.mlflow.raises import raises
from porter.source.mlflow.reach import Reached, calls

_TODO = re.compile(r"#\s*(TODO|FIXME|XXX|HACK|NB)\b.*", re.IGNORECASE)
_QUERIES = ("query", "execute", "scalars")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that looks wrong or doubled, with the places that show it."""

    text: str
    evidence: tuple[Evidence, ...]


def doubts(tree: Index, functions: tuple[Reached, ...]) -> tuple[Doubt, ...]:
    """What these functions do twice, in a loop, too broadly, or say of themselves to be open."""
    return (
        *_checked_twice(tree, functions),
        *_same_text(tree, functions),
        *(doubt for here in functions for doubt in _in_one(here)),
        *_sessions(tree, functions),
    )


def _checked_twice(tree: Index, functions: tuple[Reached, ...]) -> Iterator[Doubt]:
    """The same check of the same arguments in two functions of the path."""
    seen: dict[tuple[int, str], list[Evidence]] = {}
    names: dict[int, str] = {}
    for here in functions:
        for call, target, _ in calls(tree, here):
            name = getattr(target.node, "name", "")
            if re.match(r"_?(validate|check|assert)", name):
                key = (id(target.node), ", ".join(ast.unparse(arg) for arg in call.args))
                names[key[0]] = name
                seen.setdefault(key, []).append(here.found.module.evidence(call))
    for (function, arguments), places in seen.items():
        if len(places) > 1:
            yield Doubt(
                f"{names[function]}({arguments}) is checked {len(places)} times", tuple(places)
            )


def _same_text(tree: Index, functions: tuple[Reached, ...]) -> Iterator[Doubt]:
    found = [error for here in functions for error in raises(tree, here) if error.format]
    for text, count in Counter(error.format for error in found).items():
        if count > 1 and text != "%s":
            places = tuple(e.evidence for e in found if e.format == text)
            yield Doubt(f"the same error text stands {count} times: {text}", places)


def _in_one(here: Reached) -> Iterator[Doubt]:
    module = here.found.module
    for node in ast.walk(here.node):
        if isinstance(node, ast.For | ast.While):
            for call in (n for part in node.body for n in ast.walk(part)):
                if isinstance(call, ast.Call) and _is_query(call):
                    yield Doubt("a query for each turn of a loop", (module.evidence(call),))
        elif isinstance(node, ast.ExceptHandler) and _is_broad(node):
            yield Doubt("every exception is caught", (module.evidence(node),))
    for line, text in _comments(here):
        yield Doubt(text, (Evidence(module.path, line, text),))


def _sessions(tree: Index, functions: tuple[Reached, ...]) -> Iterator[Doubt]:
    """A function that opens a session inside another's session: two transactions."""
    for here in functions:
        for node in ast.walk(here.node):
            if not (isinstance(node, ast.With) and _opens_session(node)):
                continue
            inside = {id(part) for statement in node.body for part in ast.walk(statement)}
            for call, target, _ in calls(tree, here):
                if id(call) in inside and _has_session(target):
                    place = here.found.module.evidence(call)
                    name = getattr(target.node, "name", "")
                    yield Doubt(f"{name} opens a session inside a session", (place,))


def _has_session(target: Found) -> bool:
    return any(isinstance(n, ast.With) and _opens_session(n) for n in ast.walk(target.node))


def _opens_session(node: ast.With) -> bool:
    return any("SessionMaker" in ast.unparse(item.context_expr) for item in node.items)


def _is_query(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr in _QUERIES
        and "session" in (ast.unparse(call.func.value))
    )


def _is_broad(node: ast.ExceptHandler) -> bool:
    return node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")


def _comments(here: Reached) -> Iterator[tuple[int, str]]:
    """Comments in a function that say of themselves to be open; strings are not looked into."""
    node, lines = here.node, here.found.module.source.splitlines(keepends=True)
    part = lines[node.lineno - 1 : node.end_lineno]
    if not any(_TODO.search(line) for line in part):
        return
    text = "".join(lines[: node.end_lineno])
    try:
        for token in tokenize.generate_tokens(StringIO(text).readline):
            inside = token.type == tokenize.COMMENT and token.start[0] >= node.lineno
            if inside and _TODO.match(token.string):
                yield token.start[0], token.string.lstrip("# ")
    except (tokenize.TokenError, IndentationError):
        return
