"""The Python method that lets a store call its Go export, put together from MLflow's own stores."""

from __future__ import annotations

import ast
import builtins
import copy
import re
from dataclasses import dataclass

from porter.core.task import Task
from porter.core.view import View
from porter.source.mlflow import HANDLERS, Found, Function, Module, index
from porter.source.mlflow.handlers import Handler, handler
from porter.source.mlflow.pyentities import entity_package
from porter.source.mlflow.reststore import Rest, rest
from porter.source.scaffold import pyformat
from porter.source.scaffold.annotations import annotated
from porter.source.scaffold.arguments import method_of
from porter.source.scaffold.bindingrequest import request_arguments
from porter.source.scaffold.corrections import corrected
from porter.source.scaffold.lost import lost_fields
from porter.source.scaffold.ownership import borrowed
from porter.source.scaffold.tails import CALL, from_handler, placed, single

INDENT = 4


@dataclass(frozen=True, slots=True)
class Binding:
    """A binding method: its text (indented for the class) and what it must import, by module."""

    name: str
    text: str
    imports: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


def export(task: Task) -> str:
    """The FFI export of the endpoint: the Go service's name and the method's."""
    return f"{task.service.go_name}{task.endpoint.method}"


def method_name(task: Task) -> str | None:
    """The SqlAlchemyStore method that the endpoint's handler calls, or None where none is."""
    found = _python(task)
    return found[1].node.name if found else None  # type: ignore[union-attr]


def method_names(task: Task) -> tuple[str, ...]:
    """The names under which the endpoint may be bound: the method's, and those of the methods of
    its own that it hands the work on to (`search_runs` to `_search_runs`)."""
    found = _python(task)
    if found is None:
        return ()
    node = found[1].node
    assert isinstance(node, Function)
    inner = [
        n.func.attr
        for n in ast.walk(node)
        if isinstance(n, ast.Call)
        and isinstance(n.func, ast.Attribute)
        and ast.unparse(n.func.value) == "self"
    ]
    return (node.name, *inner)


def binding(task: Task) -> Binding | None:
    """The method for the endpoint, or None where no SqlAlchemyStore method answers it."""
    found = _python(task)
    if found is None:
        return None
    read, method = found
    call = read.call
    assert call is not None and isinstance(method.node, Function)
    tree = index(task.mlflow)
    filled = frozenset(built.path[0] for built in read.built if built.path)
    sent = rest(tree, task.endpoint, call, method.node.name, filled)
    notes: list[str] = []
    if sent is None:
        notes.append(f"rest_store.py sends no {task.endpoint.request.name}: read from the handler")
    arguments = request_arguments(task, read, method, sent)
    node = _definition(task, read, method, arguments, sent)
    width = line_length(task.tree)
    node.body = _inlined(node.body, width)
    lines = pyformat.statement(node, INDENT, width)
    notes += [
        f'{name}.{lost}: Go always sets it, so that "" comes back where Python\'s store gives None'
        for built in read.built
        for name in built.path[:1]
        for lost in lost_fields(task, name)
        if f".{lost} = None" not in ast.unparse(node)
    ]
    wanted = _imports(task, node, method, sent)
    return Binding(method.node.name, "\n".join(lines), wanted, tuple(notes))


def line_length(tree: View) -> int:
    """The line length that the checkout's ruff is set to; 88 where it says nothing."""
    for path in ("ruff.toml", ".ruff.toml", "pyproject.toml"):
        found = re.search(rb"^line-length\s*=\s*(\d+)", tree.read(path) or b"", re.MULTILINE)
        if found:
            return int(found[1])
    return 88


def _python(task: Task) -> tuple[Handler, Found] | None:
    tree = index(task.mlflow)
    read = handler(tree, task.catalog, task.endpoint)
    if read is None or read.call is None:
        return None
    if borrowed(tree, task.catalog, task.endpoint, read) is not None:
        return None
    method = method_of(tree, read.call)
    return (read, method) if method is not None else None


def _definition(
    task: Task,
    read: Handler,
    method: Found,
    arguments: list[tuple[str, ast.expr]],
    sent: Rest | None,
) -> ast.FunctionDef:
    assert isinstance(method.node, Function)
    request = ast.Call(
        ast.Name(task.endpoint.request.name, ast.Load()),
        [],
        [ast.keyword(name, value) for name, value in arguments],
    )
    call = ast.parse(
        f"self.service.call_endpoint(get_lib().{export(task)}, request)", mode="eval"
    ).body
    tail = list(sent.body) if sent else from_handler(task.catalog, task.endpoint, read)
    rows = corrected(task, [_called(row, call) for row in copy.deepcopy(tail)])
    made = ast.Assign([ast.Name("request", ast.Store())], request, lineno=0)
    taken = annotated(task.tree, method.node)
    node = ast.FunctionDef(method.node.name, taken.args, [made, *rows], [], taken.returns, lineno=0)
    head = method.module.text(method.node).split(":\n", 1)[0]
    node.exploded = re.search(r",\s*\n\s*\)", head) is not None  # type: ignore[attr-defined]
    return node


def _called(row: ast.stmt, call: ast.expr) -> ast.stmt:
    class Place(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.expr:
            return call if name.id == CALL else name

    placed = Place().visit(row)
    assert isinstance(placed, ast.stmt)
    return placed


def _inlined(rows: list[ast.stmt], width: int) -> list[ast.stmt]:
    """A local that only the next statement reads is written there, where the line still fits."""
    kept = list(rows)
    at = 1
    while at < len(kept):
        name, row = single(kept, at), kept[at]
        if name is not None and isinstance(row, ast.Assign):
            joined = placed(kept[at + 1], name, row.value)
            if len(pyformat.statement(joined, 2 * INDENT, width)) == 1:
                kept[at : at + 2] = [joined]
                continue
        at += 1
    return kept


def _imports(
    task: Task, node: ast.FunctionDef, method: Found, sent: Rest | None
) -> tuple[tuple[str, str], ...]:
    """What the method's names need, by the module MLflow's own stores import them from."""
    bound = {a.arg for a in [*node.args.args, *node.args.kwonlyargs]} | set(dir(builtins))
    bound |= {
        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    bound |= {"self", "get_lib"}
    bound |= {h.name for h in ast.walk(node) if isinstance(h, ast.ExceptHandler) and h.name}
    used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} - bound
    request = task.endpoint.request
    found = []
    handlers = index(task.mlflow).module(HANDLERS)
    modules = [m for m in (sent.module if sent else None, method.module, handlers) if m]
    for name in sorted(used):
        if name == request.name:
            found.append((request.module, name))
            continue
        origin = next((o for m in modules if (o := _origin(m, name))), None)
        origin = origin or entity_package(index(task.mlflow), name)
        if origin is not None:
            found.append((origin, name))
    return tuple(found)


def _origin(module: Module, name: str) -> str | None:
    if name in module.imports and module.imports[name][1] is not None:
        return module.imports[name][0]
    return module.name if name in module.defined else None
