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
    """What is named on the lines that went and on those that came."""
    before, after = change.before or b"", change.after
    matcher = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines())
    gone: set[int] = set()
    come: set[int] = set()
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            gone |= set(range(i + 1, j + 1))
            come |= set(range(k + 1, m + 1))
    yield from _named(change.path, before, gone)
    yield from _named(change.path, after, come)


def _named(path: str, source: bytes, lines: set[int]) -> Iterator[str]:
    """The words on these lines (from 1), and the functions around them."""
    if not lines:
        return
    text = source.decode("utf-8", "replace").splitlines()
    for number in lines:
        for word in _WORD.findall(text[number - 1]) if number <= len(text) else ():
            yield word
            yield word.split("_", 1)[0]  # a key of validations.go: DeleteTag_RunId
    for name, first, last in _functions(path, source):
        if any(first <= number <= last for number in lines):
            yield name


def _functions(path: str, source: bytes) -> Iterator[tuple[str, int, int]]:
    """Functions of a Go or Python file with their lines; none where it does not parse."""
    from porter.errors import SourceError

    if path.endswith(".go"):
        try:
            file = parse_bytes(source, path)
        except SourceError:
            return
        for function in file.functions:
            span = function.span
            yield function.name, file.line_of(span.start), file.line_of(span.end)
    elif path.endswith(".py"):
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            return
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield node.name, node.lineno, node.end_lineno or node.lineno
