"""The keyword arguments of the request that a binding makes."""

from __future__ import annotations

import ast
import re

from porter.core.task import Task
from porter.source.checkout.neighbours import neighbours
from porter.source.mlflow import Found, Function, Index, index
from porter.source.mlflow.handlers import Handler, handler
from porter.source.mlflow.reststore import Rest
from porter.source.mlflow.values import Each, Made, fields_of
from porter.source.scaffold.arguments import ordered
from porter.source.scaffold.placement import service_file


def request_arguments(
    task: Task, read: Handler, method: Found, sent: Rest | None
) -> list[tuple[str, ast.expr]]:
    """The request's keyword arguments: the REST store's, plus path fields, less the fallbacks,
    unless its neighbours fill them."""
    given = list(sent.arguments) if sent else _from_handler(index(task.mlflow), read)
    texts = [ast.unparse(value) for _, value in given]
    kept = [
        (name, value)
        for name, value in given
        if texts.count(ast.unparse(value)) == 1
        or not _only_fallback(read, name)
        or _sibling_fills(task, name)
    ]
    names = {name for name, _ in kept}
    path = [
        (part, ast.parse(part, mode="eval").body)
        for part in _path_fields(task)
        if part not in names and task.endpoint.request.field(part)
    ]
    rows = [(name, _as_text(task, method, name, value)) for name, value in [*path, *kept]]
    assert isinstance(method.node, Function)
    order = [arg.arg for arg in method.node.args.args]
    return sorted(rows, key=lambda row: _position(order, row[1]))


def _position(order: list[str], value: ast.expr) -> int:
    """Where the first parameter that a value is made of stands in the method's signature."""
    names = [n.id for n in ast.walk(value) if isinstance(n, ast.Name) and n.id in order]
    return order.index(names[0]) if names else len(order)


def _only_fallback(read: Handler, name: str) -> bool:
    """Whether the handler reads a field only where another one is empty."""
    for call in read.calls:
        for _, value in call.arguments:
            names = fields_of(value)
            if name in names[1:]:
                return True
    return False


def _sibling_fills(task: Task, name: str) -> bool:
    """Whether a neighbour in the same service file with this fallback fills it in its binding.

    The last one decides; without one nothing is filled.
    """
    tree = index(task.mlflow)
    source = (task.tree.read(task.service.binding) if task.service.binding else None) or b""
    calls = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)]
    place = service_file(task)
    near = [n.endpoint for n in neighbours(task) if n.place.service == place]
    for sibling in reversed(near):
        read = handler(tree, task.catalog, sibling)
        if read is None or not _only_fallback(read, name):
            continue
        for call in calls:
            if isinstance(call.func, ast.Name) and call.func.id == sibling.request.name:
                return any(keyword.arg == name for keyword in call.keywords)
    return False


def _path_fields(task: Task) -> list[str]:
    found = re.findall(r"\{([\w.]+)\}|<(?:\w+:)?(\w+)>", task.endpoint.routes[0].path)
    return [(first or second).split(".")[-1] for first, second in found]


def _as_text(task: Task, method: Found, name: str, value: ast.expr) -> ast.expr:
    """`str()` round what may come as a number: ids and versions that no annotation calls text."""
    field = task.endpoint.request.field(name)
    assert isinstance(method.node, Function)
    annotated = {a.arg: a.annotation for a in method.node.args.args}
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "str" and value.args:
        inner = value.args[0]
        if isinstance(inner, ast.Name) and _is_str(annotated.get(inner.id)):
            return inner
        return value
    plain = isinstance(value, ast.Name) and not _is_str(annotated.get(value.id))
    if plain and field is not None and field.kind == "string" and name.endswith("version"):
        return ast.Call(ast.Name("str", ast.Load()), [value], [])
    return value


def _is_str(annotation: ast.expr | None) -> bool:
    return annotation is not None and ast.unparse(annotation) == "str"


def _from_handler(tree: Index, read: Handler) -> list[tuple[str, ast.expr]]:
    """Without a REST method: each field from the parameter that the handler gives it to."""
    assert read.call is not None
    found = []
    for python, value in ordered(tree, read.call):
        match value:
            case Made(_, args):
                rows = [(n, f"{python}.{a}") for a, v in args for n in fields_of(v)[:1]]
            case Each(_, _):
                rows = [(n, f"[x.to_proto() for x in {python}]") for n in fields_of(value)[:1]]
            case _:
                rows = [(name, python) for name in fields_of(value)[:1]]
        found += [(name, ast.parse(code, mode="eval").body) for name, code in rows]
    return found
