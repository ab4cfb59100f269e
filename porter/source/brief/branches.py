"""The conditions in Python functions: each is a case that a test can take."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from porter.core.question import Evidence
from porter.source.mlflow.reach import Reached


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition in the Python and what it leads to, in a word."""

    condition: str
    leads: str
    evidence: Evidence
    function: str


def branches(functions: Iterable[Reached]) -> tuple[Branch, ...]:
    """The conditions in these functions, in order; each is a case that a test can take."""
    found = []
    for here in functions:
        for node in ast.walk(here.node):
            if isinstance(node, ast.If):
                place = here.found.module.evidence(node)
                found.append(Branch(ast.unparse(node.test), _leads(node.body), place, here.name))
    return tuple(sorted(found, key=lambda branch: (branch.function, branch.evidence.line)))


def _leads(body: list[ast.stmt]) -> str:
    last = body[-1]
    if isinstance(last, ast.Raise):
        return "raises"
    if isinstance(last, ast.Return):
        return f"returns {ast.unparse(last.value)}" if last.value else "returns"
    return ast.unparse(body[0]).splitlines()[0]
