"""What a Python function sets off, as far as its text says: calls, and the texts it holds.

Tests and MLflow's own clients are read with it. Functions that are defined inside count as part of
the function around them, because tests use them where they stand.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from porter.source.mlflow.seldom import seldom


@dataclass(frozen=True, slots=True)
class Call:
    """A call by name: `receiver` is the text before the last dot, "" for a plain name."""

    receiver: str
    name: str
    line: int

    @property
    def root(self) -> str:
        """The first name of the receiver (`mlflow` of `mlflow.tracking.x`)."""
        return self.receiver.partition(".")[0].partition("(")[0]


@dataclass(frozen=True, slots=True)
class Text:
    """A string of the function; the holes of an f-string stand as `{}`."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """A command line in a call: `run(mlflow.experiments.commands, ["create", …])`."""

    group: str
    command: str
    line: int


@dataclass(frozen=True)
class Body:
    """A function's calls, texts and command lines, in order; bare names and attributes in it."""

    calls: tuple[Call, ...] = ()
    texts: tuple[Text, ...] = ()
    names: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    spoken: tuple[Spoken, ...] = ()


@functools.lru_cache(maxsize=32768)
def body(node: ast.AST) -> Body:
    """The body of a function, or of any other node."""
    return _gathered(_within(node))


@functools.lru_cache(maxsize=8192)
def usual(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Body:
    """The body of a function less what it does on special demand only (`seldom`)."""
    aside = seldom(function)
    return _gathered(_within(function, aside)) if aside else body(function)


def asked(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, ...]:
    """The names of a function's parameters: to pytest, the fixtures that it asks for."""
    everything = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return tuple(argument.arg for argument in everything)


def decorators(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[str, ...]:
    """The decorators as they are written."""
    return tuple(ast.unparse(decorator) for decorator in node.decorator_list)


def _gathered(nodes: Iterable[ast.AST]) -> Body:
    calls: list[Call] = []
    texts: list[Text] = []
    names: set[str] = set()
    attributes: set[str] = set()
    spoken: list[Spoken] = []
    for inner in nodes:
        if isinstance(inner, ast.Call):
            spoken += _spoken(inner)
        if isinstance(inner, ast.Attribute):
            attributes.add(inner.attr)
        match inner:
            case ast.Call(func=ast.Attribute(value=value, attr=name)):
                calls.append(Call(_written(value), name, inner.lineno))
            case ast.Call(func=ast.Name(id=name)):
                calls.append(Call("", name, inner.lineno))
            case ast.JoinedStr():
                texts.append(Text(_joined(inner), inner.lineno))
            case ast.Constant(value=str(value)):
                texts.append(Text(value, inner.lineno))
            case ast.Name(id=name):
                names.add(name)
            case _:
                pass
    return Body(tuple(calls), tuple(texts), frozenset(names), frozenset(attributes), tuple(spoken))


def _spoken(call: ast.Call) -> Iterator[Spoken]:
    """The command line among a call's arguments: a group, and a list that starts with a word."""
    match call.args:
        case [ast.Attribute() as group, ast.List(elts=[ast.Constant(value=str(word)), *_]), *_]:
            yield Spoken(_written(group), word, call.lineno)
        case _:
            pass


def _within(node: ast.AST, aside: Collection[ast.AST] = ()) -> Iterator[ast.AST]:
    """All nodes but those `aside` and the pieces of f-strings, which `_joined` puts together."""
    todo = [node]
    while todo:
        inner = todo.pop()
        if inner in aside:
            continue
        yield inner
        if isinstance(inner, ast.JoinedStr):
            todo += [v.value for v in inner.values if isinstance(v, ast.FormattedValue)]
        else:
            todo += reversed(list(ast.iter_child_nodes(inner)))


def _joined(node: ast.JoinedStr) -> str:
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
    )


def _written(node: ast.expr) -> str:
    """The text of a receiver; only its shape matters, so long ones are cut to the last call."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{_written(value)}.{name}"
        case ast.Call(func=function):
            return f"{_written(function)}()"
        case _:
            return "…"
