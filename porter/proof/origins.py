"""Where Python makes an error text: the line whose string, its holes aside, is that text."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator

from porter.core.question import Evidence
from porter.core.task import Task
from porter.core.view import View
from porter.source.mlflow import HANDLERS, REGISTRY_STORE, TRACKING_STORE, Function, Module, index
from porter.source.mlflow.bodies import Text, body

_MODULES = (
    TRACKING_STORE, REGISTRY_STORE, HANDLERS, "mlflow.utils.validation",
    "mlflow.utils.search_utils", "mlflow.entities.model_registry.model_version_stages",
)  # fmt: skip
_ENOUGH = 10
"""Letters that a string must share with the text: fewer fit anywhere."""


def of_text(task: Task, text: str) -> tuple[Evidence, ...]:
    """The lines of MLflow that make a text, the best first; none where nothing fits."""
    wanted = text.replace("…", " ")
    found: list[tuple[int, Evidence]] = []
    for module, own in _texts(task.mlflow):
        score = _fits(own.value, wanted)
        if score:
            place = Evidence(
                f"{task.layout.mlflow_repo}/{module.path}".lstrip("/"),
                own.line,
                module.line(own.line),
            )
            found.append((score, place))
    best = max((score for score, _ in found), default=0)
    return tuple(place for score, place in found if score == best)[:3]


@functools.lru_cache(maxsize=4)
def _texts(mlflow: View) -> tuple[tuple[Module, Text], ...]:
    return tuple(_all(mlflow))


def _all(mlflow: View) -> Iterator[tuple[Module, Text]]:
    tree = index(mlflow)
    for name in _MODULES:
        module = tree.module(name)
        for node in module.tree.body if module else ():
            assert module is not None
            methods = [n for n in getattr(node, "body", ()) if isinstance(n, Function)]
            parts: list[ast.AST] = [*methods] or [node]
            for part in parts:
                yield from ((module, text) for text in body(part).texts)


def _fits(made: str, wanted: str) -> int:
    """How many letters of a string with holes stand in the text, in order; 0 where it differs."""
    parts = [part for part in re.split(r"\{\}|%[sdr]|\{[\w.!:]*\}", made) if part.strip()]
    shared = sum(len(part.strip()) for part in parts)
    if shared < _ENOUGH:
        return 0
    at = fitted = 0
    for part in parts:
        found = wanted.find(part.strip(), at)
        if found < 0:
            break
        at = found + len(part.strip())
        fitted += len(part.strip())
    if fitted == shared:
        return shared
    if len(wanted) >= _ENOUGH and wanted.strip() in made:
        return len(wanted)
    # A test may write out only how the text begins: then what is left of it fills one hole.
    return fitted - 1 if fitted >= _ENOUGH and " " not in wanted[at:].strip() else 0
