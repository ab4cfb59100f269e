"""What the checkout already has of what Python uses: helpers and constants under their Go names."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from porter.core.question import Evidence
from porter.core.task import Task
from porter.source.golang.gonames import Places, go_constants, go_functions
from porter.source.mlflow import Found, Index
from porter.source.mlflow.reach import Reached, names
from porter.source.protos import spelled
from porter.source.scaffold.initialisms import words_of

_HOW = frozenset(
    ("sql", "db", "tx", "with", "in", "transaction", "by", "id", "name", "impl", "internal")
)
"""Words of a function's name that say how it does what the other words say."""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Something of Python's and what the checkout has for it.

    `go` are Go names with their places, `same` where name or value say that it is the same thing
    and not only something alike.
    """

    name: str
    python: Evidence
    go: tuple[tuple[str, Evidence], ...]
    same: bool
    value: str = ""


def helpers(task: Task, functions: Iterable[Reached]) -> tuple[Counterpart, ...]:
    """The Python helpers beside Go functions of their name, or of nearly the same words."""
    standing = go_functions(task.tree)
    found = []
    for here in functions:
        exact = standing.get(spelled(here.name), ())
        go = tuple((place.text, place) for place in exact or _alike(here.name, standing))
        found.append(Counterpart(here.name, here.found.evidence, go, bool(exact)))
    return tuple(found)


def constants(task: Task, tree: Index, functions: Iterable[Reached]) -> tuple[Counterpart, ...]:
    """The Python constants that the functions use beside Go constants of the same value."""
    values = go_constants(task.tree)
    found: dict[str, Counterpart] = {}
    for here in functions:
        for node, meaning in names(tree, here):
            constant = _constant(meaning)
            name = ast.unparse(node).rpartition(".")[2]
            if constant is None or not isinstance(meaning, Found) or name in found:
                continue
            go = _of_proto(task, meaning, name) or _fitting(name, constant.value, values)
            found[name] = Counterpart(name, meaning.evidence, go, bool(go), repr(constant.value))
    return tuple(found.values())


def _alike(name: str, standing: Places) -> tuple[Evidence, ...]:
    """Functions whose name says the same but for words of how (`logMetricsWithTransaction`)."""
    wanted = [word for word in words_of(name.strip("_")) if word not in _HOW]
    near = [
        place
        for places in standing.values()
        if wanted and [w for w in words_of(places[0].text) if w not in _HOW] == wanted
        for place in places
    ]
    return tuple(near[:2])


def _constant(meaning: object) -> ast.Constant | None:
    """The literal that a module-level name in capitals is bound to."""
    value = getattr(meaning.node, "value", None) if isinstance(meaning, Found) else None
    return value if isinstance(value, ast.Constant) and value.value is not None else None


def _of_proto(task: Task, meaning: Found, name: str) -> tuple[tuple[str, Evidence], ...]:
    """The Go name that protoc-gen-go gives a value of a proto enum (`ErrorCode_INVALID_STATE`)."""
    if not meaning.module.name.endswith("_pb2"):
        return ()
    for full, enum in task.catalog.enums.items():
        if any(value == name for value, _ in enum.values):
            go = f"protos.{full.removeprefix(enum.package + '.').replace('.', '_')}_{name}"
            return ((go, Evidence(task.layout.protos_dir, 0, go)),)
    return ()


def _fitting(name: str, value: object, values: Places) -> tuple[tuple[str, Evidence], ...]:
    """Constants of that value; a number must share a word with the name as well."""
    places = values.get(str(value), ())
    if isinstance(value, int | float):
        words = set(words_of(name.lower()))
        places = tuple(p for p in places if words & set(words_of(p.text)))
    return tuple((place.text, place) for place in places[:3])
