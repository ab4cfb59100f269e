"""Which endpoints a branch touched: by the functions, rules and names on its changed lines."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence

from porter.core.endpoint import Endpoint
from porter.source.golang import parse_bytes
from porter.source.protos import spelled
from porter.work.changes import Uncommitted

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def touched(endpoints: Sequence[Endpoint], changes: Iterable[Uncommitted]) -> tuple[Endpoint, ...]:
    """Those endpoints whose method, rule, binding or name stands on or around a changed line."""
    names = {spelled(name) for change in changes for name in _names(change)}
    return tuple(e for e in endpoints if spelled(e.name) in names)


def _names(change: Uncommitted) -> Iterator[str]:
    lines = _changed_lines(change)
    text = change.after.decode("utf-8", "replace").splitlines()
    for number in lines:
        for word in _WORD.findall(text[number - 1]) if number <= len(text) else ():
            yield word
            yield word.split("_", 1)[0]  # a key of validations.go: DeleteTag_RunId
    for name, first, last in _functions(change):
        if any(first <= number <= last for number in lines):
            yield name


def _changed_lines(change: Uncommitted) -> set[int]:
    """Lines (from 1) of the file as it stands that are new, or beside which something went."""
    old = (change.before or b"").splitlines()
    new = change.after.splitlines()
    lines: set[int] = set()
    for tag, _, _, first, last in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if tag != "equal":
            lines |= set(range(first + 1, max(last, first + 1) + 1))
    return lines


def _functions(change: Uncommitted) -> Iterator[tuple[str, int, int]]:
    """Functions of a Go or Python file with their lines; none where it does not parse."""
    from porter.errors import SourceError

    if change.path.endswith(".go"):
        try:
            file = parse_bytes(change.after, change.path)
        except SourceError:
            return
        for function in file.functions:
            span = function.span
            yield function.name, file.line_of(span.start), file.line_of(span.end)
    elif change.path.endswith(".py"):
        try:
            tree = ast.parse(change.after)
        except (SyntaxError, ValueError):
            return
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield node.name, node.lineno, node.end_lineno or node.lineno
