"""What `rest_store.py` does for an endpoint: the request it makes and what it makes of the answer.

The binding does the same with a call of the Go export in the place of the HTTP request.
"""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Iterator
from dataclasses import dataclass

from porter.core.endpoint import Endpoint
from porter.source.mlflow import Found, Function, Index, Module
from porter.source.mlflow.reading import StoreCall
from porter.source.scaffold.tails import CALL, shortened

REST_STORES = {
    "tracking": "mlflow.store.tracking.rest_store",
    "model_registry": "mlflow.store.model_registry.rest_store",
}
_CALL = "_call_endpoint"


@dataclass(frozen=True)
class Rest:
    """A REST store method: the request's arguments and the statements round the call.

    In `body` the call is the name `CALL` (an expression statement or an assignment to
    `response`), and the locals that only the request needed are written out in `arguments`.
    """

    module: Module
    name: str
    arguments: tuple[tuple[str, ast.expr], ...]
    body: tuple[ast.stmt, ...]


def rest(
    index: Index, endpoint: Endpoint, call: StoreCall, method: str, filled: frozenset[str]
) -> Rest | None:
    """The REST store method that sends the endpoint's request, preferring `method`; or None.

    `filled` are the response's fields that the handler fills: the others are never set.
    """
    module = index.module(REST_STORES.get(call.store, ""))
    if module is None:
        return None
    found = [m for m in _methods(index, module) if _sends(m, endpoint)]
    found.sort(key=lambda m: (m.node.name.lstrip("_") != method, m.node.name != method))  # type: ignore[union-attr]
    if not found or not isinstance(found[0].node, Function):
        return None
    return _read(found[0].module, found[0].node, endpoint, filled)


def senders(index: Index, endpoint: Endpoint, store: str) -> frozenset[str]:
    """The names of the REST store methods that send the endpoint's request, without `_`."""
    module = index.module(REST_STORES.get(store, ""))
    if module is None:
        return frozenset()
    found = (m.node for m in _methods(index, module) if _sends(m, endpoint))
    return frozenset(n.name.lstrip("_") for n in found if isinstance(n, Function))


def _methods(index: Index, module: Module) -> Iterator[Found]:
    for node in module.defined.values():
        if isinstance(node, ast.ClassDef):
            for cls in index.bases(Found(module, node)):
                assert isinstance(cls.node, ast.ClassDef)
                for inner in cls.node.body:
                    if isinstance(inner, ast.FunctionDef):
                        yield Found(cls.module, inner, cls.node)


def _sends(found: Found, endpoint: Endpoint) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == _CALL
        and node.args
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id == endpoint.request.name
        for node in ast.walk(found.node)
    )


def _read(
    module: Module, node: Function, endpoint: Endpoint, filled: frozenset[str]
) -> Rest | None:
    request = next(
        (
            inner
            for inner in ast.walk(node)
            if isinstance(inner, ast.Call)
            and isinstance(inner.func, ast.Name)
            and inner.func.id == endpoint.request.name
        ),
        None,
    )
    if request is None:
        return None
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    known: dict[str, ast.expr] = {}
    rows = _rewritten(copy.deepcopy(body), known)
    given = tuple(
        (keyword.arg, _inlined(copy.deepcopy(keyword.value), known))
        for keyword in request.keywords
        if keyword.arg
    )
    rows = shortened(_needed(rows), filled)
    if not _straight(rows) or not _bound(node, given):
        return None
    return Rest(module, node.name, given, tuple(rows))


def _straight(rows: list[ast.stmt]) -> bool:
    """Whether the call stands in no branch or loop: then the rest can be taken as it is."""
    flat = [r for row in rows for r in (row.body if isinstance(row, ast.Try) else [row])]
    direct = (r.value for r in flat if isinstance(r, ast.Assign | ast.Expr))
    return any(isinstance(v, ast.Name) and v.id == CALL for v in direct)


def _bound(node: Function, given: tuple[tuple[str, ast.expr], ...]) -> bool:
    """Whether the request is made of the method's parameters alone."""
    names = {arg.arg for arg in [*node.args.args, *node.args.kwonlyargs]}
    for _, value in given:
        inside = [n for n in ast.walk(value) if isinstance(n, ast.Name)]
        known = names | {n.id for n in inside if _stores(n)} | set(dir(builtins))
        if any(n.id.islower() and n.id not in known for n in inside):
            return False
    return True


def _stores(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def _rewritten(body: list[ast.stmt], known: dict[str, ast.expr]) -> list[ast.stmt]:
    """Statements with the call named; assignments before it are remembered in `known`."""
    rows: list[ast.stmt] = []
    answer = "response"
    for node in body:
        built = _built_list(node)
        if built is not None:
            known[built[0]] = built[1]
            rows = [r for r in rows if _target(r) != built[0]]
            continue
        if isinstance(node, ast.Try):
            node.body = _rewritten(node.body, known)
        value = getattr(node, "value", None)
        if isinstance(value, ast.Call) and _is_call(value):
            target = _target(node)
            if target:
                answer = target
                rows.append(_assign("response", ast.Name(CALL, ast.Load())))
            else:
                rows.append(ast.Expr(ast.Name(CALL, ast.Load())))
            continue
        name = _target(node)
        if name and isinstance(node, ast.Assign) and not _after(rows):
            known[name] = node.value
        rows.append(_renamed(node, answer))
    return rows


def _after(rows: list[ast.stmt]) -> bool:
    return any(isinstance(n, ast.Name) and n.id == CALL for row in rows for n in ast.walk(row))


def _needed(rows: list[ast.stmt]) -> list[ast.stmt]:
    """The rows less the assignments before the call that nothing behind it reads."""
    at = next(
        (i for i, row in enumerate(rows) if any(_is_mark(n) for n in ast.walk(row))), len(rows)
    )
    later = {n.id for row in rows[at:] for n in ast.walk(row) if isinstance(n, ast.Name)}
    kept = [row for row in rows[:at] if (_target(row) or "") in later]
    for row in rows[at:]:
        if isinstance(row, ast.Try):
            row.body = _needed(row.body)
    return kept + rows[at:]


def _is_mark(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == CALL


def _is_call(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == _CALL


def _target(node: ast.stmt) -> str | None:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return None


def _assign(name: str, value: ast.expr) -> ast.Assign:
    return ast.Assign([ast.Name(name, ast.Store())], value, lineno=0)


def _built_list(node: ast.stmt) -> tuple[str, ast.expr] | None:
    """`for key, value in d.items(): m = M(); m.key = key; …; found.append(m)` as an expression."""
    if not isinstance(node, ast.For) or len(node.body) < 2:
        return None
    first, *middle, last = node.body
    if not (
        isinstance(first, ast.Assign)
        and isinstance(first.value, ast.Call)
        and isinstance(last, ast.Expr)
        and isinstance(last.value, ast.Call)
        and isinstance(last.value.func, ast.Attribute)
        and last.value.func.attr == "append"
        and isinstance(last.value.func.value, ast.Name)
    ):
        return None
    keywords = []
    for row in middle:
        if not isinstance(row, ast.Assign) or not isinstance(row.targets[0], ast.Attribute):
            return None
        keywords.append(ast.keyword(row.targets[0].attr, _bare(row.value)))
    made = ast.Call(first.value.func, [], keywords)
    loop = ast.comprehension(node.target, node.iter, [], 0)
    items = ast.ListComp(made, [loop])
    over = _mapping(node.iter)
    return last.value.func.value.id, ast.IfExp(over, items, ast.List([], ast.Load()))


def _bare(node: ast.expr) -> ast.expr:
    """`str(value)` of a mapping that is annotated with strings says nothing."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "str" and len(node.args) == 1:
        return node.args[0]
    return node


def _mapping(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.value
    return node


def _inlined(node: ast.expr, known: dict[str, ast.expr]) -> ast.expr:
    class Inline(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.expr:
            found = known.get(name.id)
            return copy.deepcopy(found) if found is not None else name

    inlined = Inline().visit(node)
    assert isinstance(inlined, ast.expr)
    return _conditional(inlined)


def _conditional(node: ast.expr) -> ast.expr:
    """`[… for x in xs or []]` as people write it in bindings: `[… for x in xs] if xs else []`."""
    match node:
        case ast.ListComp(
            generators=[ast.comprehension(iter=ast.BoolOp(op=ast.Or(), values=[over, _]))]
        ):
            node.generators[0].iter = over
            return ast.IfExp(over, node, ast.List([], ast.Load()))
        case _:
            return node


def _renamed(node: ast.stmt, answer: str) -> ast.stmt:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id == answer:
            inner.id = "response"
    return node
