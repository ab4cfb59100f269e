"""The line of a chain of places that tells a person most of what is checked.

An exception says that something is wrong, the test above it says what; and where the test stands in
a function that checks whatever it is handed, the call says what with.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from porter.core.question import Evidence
from porter.source.mlflow import Function, Index, Module

Around = tuple[Module, Function]
_LONG = 100
"""Characters of a line that are shown."""


def telling(index: Index, chain: tuple[Evidence, ...]) -> Evidence:
    """The most telling place of a chain that ends with an exception."""
    call = _limit_given(index, chain) if len(chain) > 1 else None
    return call or tested(index, chain[-1])


def evidence(index: Index, chains: Iterable[tuple[Evidence, ...]]) -> tuple[Evidence, ...]:
    """The telling places of several chains, each once."""
    return tuple(dict.fromkeys(telling(index, chain) for chain in chains if chain))


def tested(index: Index, place: Evidence) -> Evidence:
    """The test that an exception stands under, or what was tried; the place where there is none."""
    found = around(index, place)
    if found is None:
        return place
    module, function = found
    above = [node for node in ast.walk(function) if _decides(node, place.line)]
    if not above:
        return place
    node = max(above, key=lambda n: getattr(n, "lineno", 0))
    if isinstance(node, ast.If):
        return Evidence(module.path, node.lineno, _short(f"if {ast.unparse(node.test)}:"))
    assert isinstance(node, ast.Try)
    return module.evidence(node.body[0])


def around(index: Index, place: Evidence) -> Around | None:
    """The innermost function that a place stands in, with its module."""
    name = place.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    module = index.module(name)
    if module is None:
        return None
    found = [node for node in _at(module.tree, place.line) if isinstance(node, Function)]
    return (module, max(found, key=lambda n: n.lineno)) if found else None


def end(node: ast.stmt) -> int:
    """The last line of a statement."""
    return node.end_lineno or node.lineno


def _at(tree: ast.AST, line: int) -> Iterator[ast.AST]:
    """The nodes whose lines hold `line`, outer ones first; whole modules are long."""
    for node in ast.iter_child_nodes(tree):
        first = getattr(node, "lineno", line)
        if first <= line <= (getattr(node, "end_lineno", None) or first):
            yield node
            yield from _at(node, line)


def _limit_given(index: Index, chain: tuple[Evidence, ...]) -> Evidence | None:
    """The call that hands the function of the last place what it compares with: a constant."""
    own, caller = around(index, chain[-1]), around(index, chain[-2])
    if own is None or caller is None:
        return None
    module, line = caller[0], chain[-2].line
    for node in _at(module.tree, line):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rsplit(".", 1)[-1]
            if name == own[1].name and any(map(_fixed, node.args)):
                return Evidence(module.path, node.lineno, _short(ast.unparse(node)))
    return None


def _fixed(node: ast.expr) -> bool:
    """A number, or a name that is written as constants are."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float)
    return ast.unparse(node).rsplit(".", 1)[-1].isupper()


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _decides(node: ast.AST, line: int) -> bool:
    """Whether a statement decides that the line is reached."""
    if isinstance(node, ast.If):
        return any(one.lineno <= line <= end(one) for one in node.body)
    if isinstance(node, ast.Try):
        caught = (one for handler in node.handlers for one in handler.body)
        return any(one.lineno <= line <= end(one) for one in caught)
    return False
