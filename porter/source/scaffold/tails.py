"""What a REST store method makes of its answer, said as short as people say it in bindings."""

from __future__ import annotations

import ast
import copy

from porter.core.endpoint import Catalog, Endpoint
from porter.source.mlflow.handlers import Built, Handler
from porter.source.mlflow.values import Each, Returned

_RESPONSE = "response"
CALL = "__call__"
"""Where the call stands in statements that are put together."""


def from_handler(catalog: Catalog, endpoint: Endpoint, read: Handler) -> list[ast.stmt]:
    """The call and what to make of its answer, turned round from how the handler builds it."""
    rows, values = [f"{_RESPONSE} = {CALL}"], []
    for built in read.built:
        text = _undone(catalog, endpoint, built)
        if text is not None and isinstance(built.value, Each) and len(read.built) > 1:
            rows.append(f"{built.path[0]} = {text}")
            text = built.path[0]
        values += [text] if text is not None else []
    if not values:
        return [ast.Expr(ast.Name(CALL, ast.Load()))]
    text = ", ".join(values)
    if any(isinstance(b.value, Returned) and b.value.path == ("token",) for b in read.built):
        text = f"PagedList({text})"
    return ast.parse("\n".join([*rows, f"return {text}"])).body


def _undone(catalog: Catalog, endpoint: Endpoint, built: Built) -> str | None:
    field = endpoint.response.field(built.path[0]) if built.path else None
    if field is None:
        return None
    message = catalog.message_of(field)
    if message is None:
        return f"{_RESPONSE}.{field.name}" + (" or None" if built.guarded else "")
    name = message.name
    if isinstance(built.value, Each):
        return f"[{name}.from_proto(x) for x in {_RESPONSE}.{field.name}]"
    return f"{name}.from_proto({_RESPONSE}.{field.name})"


def shortened(rows: list[ast.stmt], filled: frozenset[str]) -> list[ast.stmt]:
    """The statements with tokens in one form and locals that are read once written in place.

    `response.f if response.HasField("f") else None` becomes `response.f or None`; a response field
    that the handler never fills is None at once.
    """
    told = [_told(row, filled) for row in _folded(rows)]
    kept: list[ast.stmt] = []
    for at, row in enumerate(told):
        name = _simple(row)
        once = name is not None and _reads(told[at + 1 :], name) == 1
        if name is not None and once and not _bound(told[at + 1 :], name):
            _put(told[at + 1 :], name, row)
        else:
            kept.append(row)
    return kept


def _folded(rows: list[ast.stmt]) -> list[ast.stmt]:
    """`x = None` and `if response.f: x = response.f` as `x = response.f or None`."""
    kept: list[ast.stmt] = []
    for row in rows:
        before = kept[-1] if kept else None
        match before, row:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=None)),
                ast.If(
                    test=ast.Attribute() as test,
                    body=[ast.Assign(targets=[ast.Name(id=other)], value=value)],
                    orelse=[],
                ),
            ) if name == other and ast.unparse(test) == ast.unparse(value):
                either = ast.BoolOp(ast.Or(), [value, ast.Constant(None)])
                kept[-1] = ast.Assign([ast.Name(name, ast.Store())], either, lineno=0)
            case _:
                kept.append(row)
    return kept


def single(rows: list[ast.stmt], at: int) -> str | None:
    """The local that row `at` binds and only the next row reads, once; else None."""
    row = rows[at]
    if at + 1 >= len(rows) or not isinstance(row, ast.Assign):
        return None
    target = row.targets[0]
    if not isinstance(target, ast.Name) or target.id == _RESPONSE:
        return None
    reads = _reads(rows[at + 1 :], target.id)
    return target.id if reads == 1 and _reads(rows[at + 1 : at + 2], target.id) == 1 else None


def placed(row: ast.stmt, name: str, value: ast.expr) -> ast.stmt:
    """A copy of a row with `value` in the place of a local."""
    changed = copy.deepcopy(row)

    class Place(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return copy.deepcopy(value) if node.id == name else node

    result = Place().visit(changed)
    assert isinstance(result, ast.stmt)
    return result


def _told(row: ast.stmt, filled: frozenset[str]) -> ast.stmt:
    class Tokens(ast.NodeTransformer):
        def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
            match node:
                case ast.IfExp(
                    test=ast.Call(func=ast.Attribute(value=base, attr="HasField")),
                    body=ast.Attribute() as value,
                    orelse=ast.Constant(value=None),
                ) if ast.unparse(base) == _RESPONSE:
                    return self.visit_BoolOp(ast.BoolOp(ast.Or(), [value, node.orelse]))
                case _:
                    self.generic_visit(node)
                    return node

        def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
            match node:
                case ast.BoolOp(
                    op=ast.Or(),
                    values=[ast.Attribute(value=base, attr=name), ast.Constant(value=None)],
                ) if ast.unparse(base) == _RESPONSE and name not in filled:
                    return ast.Constant(None)
                case _:
                    return node

    told = Tokens().visit(row)
    assert isinstance(told, ast.stmt)
    return told


def _simple(row: ast.stmt) -> str | None:
    """The local that holds no more than a token."""
    match row:
        case ast.Assign(
            targets=[ast.Name(id=name)], value=ast.BoolOp(op=ast.Or()) | ast.Constant()
        ):
            return name
        case _:
            return None


def _reads(rows: list[ast.stmt], name: str) -> int:
    return sum(
        isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)
        for row in rows
        for n in ast.walk(row)
    )


def _bound(rows: list[ast.stmt], name: str) -> bool:
    """Whether a local is given another value."""
    nodes = (n for row in rows for n in ast.walk(row) if isinstance(n, ast.Name))
    return any(n.id == name and isinstance(n.ctx, ast.Store) for n in nodes)


def _put(rows: list[ast.stmt], name: str, row: ast.stmt) -> None:
    assert isinstance(row, ast.Assign)
    value = row.value

    class Place(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return value if node.id == name and isinstance(node.ctx, ast.Load) else node

    for later in rows:
        Place().visit(later)
