"""Which tables' rows the names of a function hold, across the helpers that it calls.

A row is made in one helper, found by another and written by a third; what they hand to each other
and give back is followed, so that a write names its table.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from porter.source.mlflow import Found, Index, Module
from porter.source.mlflow.reach import Reached
from porter.source.mlflow.sqlmodels import SqlModel, model_of

_PASSES = 4
"""A row goes through so many helpers at most until it is written."""
Models = tuple[SqlModel, ...]


@dataclass
class Held:
    """What is known of some functions that call each other, by the functions' names."""

    tree: Index
    locals: dict[str, dict[str, Models]] = field(default_factory=dict)
    answers: dict[str, Models] = field(default_factory=dict)

    def of(self, here: Reached, node: ast.expr) -> Models:
        """The models of the rows that an expression in a function is, in order, each once."""
        known = self.locals.get(here.name, {})
        return tuple(dict.fromkeys(self._rows(here.found.module, known, node)))

    def _rows(
        self, module: Module, known: Mapping[str, Models], node: ast.expr
    ) -> Iterator[SqlModel]:
        parts: Sequence[ast.expr] = ()
        match node:
            case ast.Name(id=name):
                model = self._model(module, name)
                yield from known.get(name, (model,) if model else ())
            case ast.Call(func=ast.Name(id=name), args=args):
                model = self._model(module, name)
                yield from (model,) if model else self.answers.get(name, ())
                parts = () if model else args
            case ast.Call(func=ast.Attribute(value=value, attr=name), args=args):
                yield from self.answers.get(name, ())
                parts = [value, *args]
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                parts = elements
            case ast.Starred(value=value) | ast.Subscript(value=value):
                parts = [value]
            case ast.BinOp(left=left, right=right):
                parts = [left, right]
            case ast.IfExp(body=left, orelse=right):
                parts = [left, right]
            case ast.BoolOp(values=values) | ast.Dict(values=values):
                parts = values
            case (
                ast.ListComp(elt=element, generators=loops)
                | ast.GeneratorExp(elt=element, generators=loops)
            ):
                targets = {ast.unparse(loop.target): loop.iter for loop in loops}
                parts = [targets.get(ast.unparse(element), element)]
            case _:
                pass
        for part in parts:
            yield from self._rows(module, known, part)

    def _model(self, module: Module, name: str) -> SqlModel | None:
        found = self.tree.resolve(module, name)
        return model_of(self.tree, found) if isinstance(found, Found) else None


def held(tree: Index, functions: Sequence[Reached]) -> Held:
    """What the names of these functions hold."""
    known = Held(tree)
    for _ in range(_PASSES):
        for here in functions:
            _follow(known, here, functions)
    return known


def _follow(known: Held, here: Reached, functions: Sequence[Reached]) -> None:
    names = known.locals.setdefault(here.name, {})
    for node in ast.walk(here.node):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                _add(names, name, known.of(here, value))
            case ast.For(target=ast.Name(id=name), iter=value):
                _add(names, name, known.of(here, value))
            case ast.Return(value=ast.expr() as value):
                _add(known.answers, here.name, known.of(here, value))
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                for callee in (other for other in functions if other.name == name):
                    _hand(known, here, node, callee)
            case _:
                pass


def _hand(known: Held, here: Reached, call: ast.Call, callee: Reached) -> None:
    """What a call gives to the parameters of a helper."""
    parameters = [arg.arg for arg in callee.node.args.args]
    if parameters[:1] in (["self"], ["cls"]):
        parameters = parameters[1:]
    given = [*zip(parameters, call.args, strict=False)]
    given += [(keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg]
    names = known.locals.setdefault(callee.name, {})
    for name, value in given:
        _add(names, name, known.of(here, value))


def _add(names: dict[str, Models], name: str, models: Models) -> None:
    if models:
        names[name] = tuple(dict.fromkeys((*names.get(name, ()), *models)))
