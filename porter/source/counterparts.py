"""What the checkout already has of what Python uses: helpers and constants under their Go names."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable
from dataclasses import dataclass

from porter.core.question import Evidence
from porter.core.task import Task
from porter.core.view import View
from porter.source.gofiles import gofiles
from porter.source.golang import parse
from porter.source.headers import is_generated
from porter.source.initialisms import words_of
from porter.source.mlflow import Found, Function, Index
from porter.source.protos import spelled
from porter.source.reach import Reached, names

Places = dict[str, tuple[Evidence, ...]]

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
        near = exact or _alike(here.name, standing)
        go = tuple((evidence.text, evidence) for evidence in near)
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
            value = constant.value
            fitting = _of_proto(task, meaning, name) or _fitting(name, value, values)
            found[name] = Counterpart(name, meaning.evidence, fitting, bool(fitting), repr(value))
    return tuple(found.values())


@functools.lru_cache(maxsize=4)
def go_functions(tree: View) -> Places:
    """All hand-written Go functions and methods by their name without case."""
    found: dict[str, list[Evidence]] = {}
    for path in _written(tree):
        file = parse(tree, path)
        for f in file.functions:
            found.setdefault(spelled(f.name), []).append(Evidence(path, f.line, f.name))
    return {name: tuple(places) for name, places in found.items()}


@functools.lru_cache(maxsize=4)
def go_constants(tree: View) -> Places:
    """All hand-written Go constants and variables by their value as it stands."""
    found: dict[str, list[Evidence]] = {}
    for path in _written(tree):
        for value in parse(tree, path).values:
            if value.text and value.literal is None:
                text = value.text.replace("_", "") if value.text[:1].isdigit() else value.text
                found.setdefault(text, []).append(Evidence(path, value.line, value.name))
    return {text: tuple(places) for text, places in found.items()}


def _written(tree: View) -> list[str]:
    files = gofiles(tree)
    return [path for path in files.paths if not is_generated(files.content(path))]


def _alike(name: str, standing: Places) -> tuple[Evidence, ...]:
    """Functions whose name says the same but for words of how (`logMetricsWithTransaction`)."""
    wanted = [word for word in words_of(name.strip("_")) if word not in _HOW]
    near: list[Evidence] = []
    for places in standing.values():
        words = [word for word in words_of(places[0].text) if word not in _HOW]
        if wanted and words == wanted:
            near += places
    return tuple(near[:2])


def _constant(meaning: object) -> ast.Constant | None:
    """The literal that a module-level name in capitals is bound to."""
    if not isinstance(meaning, Found) or isinstance(meaning.node, Function | ast.ClassDef):
        return None
    value = meaning.node.value
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
