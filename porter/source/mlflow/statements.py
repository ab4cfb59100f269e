"""The statements of a handler read from top to bottom, helpers inlined.

`read` never gives up: a statement that it does not know is kept as something the handler does
besides, and the names it binds are forgotten.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Literal

from porter.core.endpoint import Endpoint
from porter.source.mlflow import Found, Function, Index
from porter.source.mlflow.expressions import chosen, truth, value_of
from porter.source.mlflow.reading import Reading, Refusal, Unread
from porter.source.mlflow.values import (
    NONE,
    Answering,
    Asked,
    Called,
    Const,
    Either,
    Maybe,
    Request,
    Returned,
    StoreOf,
    Unknown,
    Value,
)

_ADDERS = {"MergeFrom", "CopyFrom", "extend", "append"}
_QUIET = {"set_data", "status_code"}


def read(index: Index, endpoint: Endpoint, found: Found) -> Reading:
    """Everything a handler does. Its parameters are the fields in the URL path."""
    node = found.node
    assert isinstance(node, Function)
    reading = Reading(index, endpoint, found.module, inline=inlined)
    for arg in node.args.args:
        reading.env[arg.arg] = _path_field(endpoint, arg.arg)
    _block(reading, node.body, "")
    return reading


def inlined(reading: Reading, found: Found, node: ast.Call) -> Value:
    """The value a helper returns, its statements read as if they stood in the handler."""
    assert isinstance(found.node, Function)
    names = [arg.arg for arg in found.node.args.args]
    env = dict(reading.env) if found.node.name in reading.local else {}
    for name, default in zip(reversed(names), reversed(found.node.args.defaults), strict=False):
        env[name] = value_of(reading, default)
    for at, arg in enumerate(node.args[: len(names)]):
        env[names[at]] = value_of(reading, arg)
    for keyword in node.keywords:
        if keyword.arg:
            env[keyword.arg] = value_of(reading, keyword.value)
    inner = replace(reading, env=env, module=found.module, depth=reading.depth + 1)
    answer = _block(inner, found.node.body, "")
    return answer if answer is not None else NONE


def is_fallback(value: Value) -> bool:
    """Whether a value is one field, or another where the first is empty."""
    return isinstance(value, Either) and all(
        isinstance(part, Asked) for part in (value.first, value.second)
    )


def _path_field(endpoint: Endpoint, name: str) -> Value:
    """A parameter of the handler: the field of that name, or of the path's variable."""
    if endpoint.request.field(name):
        return Asked((name,))
    for route in endpoint.routes:
        for part in route.path.split("/"):
            variable = part.strip("{}<>").split(":")[-1]
            if part[:1] in ("{", "<") and variable.replace(".", "_").endswith(name):
                return Asked(tuple(variable.split(".")))
    return Unknown(name)


def _block(reading: Reading, body: list[ast.stmt], condition: str) -> Value | None:
    """Read statements; the value of a `return`, merged with what an early one gives."""
    early: list[tuple[ast.expr, Value]] = []
    for node in body:
        match node:
            case ast.Return(value=value):
                reading.returns += [node] if condition else []
                answer = value_of(reading, value) if value else NONE
                for test, first in reversed(early):
                    answer = chosen(reading, test, first, answer)
                _answered(reading, answer)
                return answer
            case ast.If(test=test, body=[ast.Return(value=ast.expr() as value)], orelse=[]):
                reading.returns.append(node)
                early.append((test, value_of(reading, value)))
            case ast.If():
                _if(reading, node, condition)
            case _:
                _statement(reading, node, condition)
    if len(early) == 1:
        return chosen(reading, early[0][0], early[0][1], NONE)
    return None


def _answered(reading: Reading, value: Value) -> None:
    if reading.depth == 0 and isinstance(value, Called):
        reading.whole = value


def _statement(reading: Reading, node: ast.stmt, condition: str) -> None:
    match node:
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            if node.value is not None:
                _assign(reading, target, node.value, node, condition)
        case ast.FunctionDef():
            reading.local[node.name] = node
        case ast.Expr(value=ast.Constant()) | ast.Pass() | ast.Import() | ast.ImportFrom():
            pass
        case ast.Expr(value=ast.Call() as call):
            _expression(reading, call, condition)
        case ast.Raise():
            reading.unread.append(_raised(reading, node, condition))
        case ast.Try():
            _try(reading, node, condition)
        case ast.With():
            _block(reading, node.body, condition)
        case _:
            kind: Literal["loop", "other"] = (
                "loop" if isinstance(node, ast.For | ast.While) else "other"
            )
            reading.unread.append(_unread(reading, node, kind, condition))
            _forget(reading, node)


def _assign(
    reading: Reading, target: ast.expr, value: ast.expr, node: ast.stmt, condition: str
) -> None:
    before = len(reading.calls)
    result = value_of(reading, value)
    match target:
        case ast.Name(id=name):
            reading.env[name] = result
            quiet = before != len(reading.calls) or _is_flask(value)
            if isinstance(result, Unknown) and not quiet:
                reading.unread.append(_unread(reading, node, "other", condition))
        case ast.Tuple(elts=parts):
            for at, part in enumerate(parts):
                if isinstance(part, ast.Name):
                    reading.env[part.id] = (
                        Returned(result.call, (*result.path, str(at)))
                        if isinstance(result, Returned)
                        else Unknown(part.id)
                    )
        case ast.Attribute():
            place = value_of(reading, target)
            if isinstance(place, Answering) and place.path:
                reading.built.append((place.path, result, bool(condition)))
            elif target.attr not in _QUIET:
                reading.unread.append(_unread(reading, node, "other", condition))
        case _:
            reading.unread.append(_unread(reading, node, "other", condition))


def _expression(reading: Reading, call: ast.Call, condition: str) -> None:
    if isinstance(call.func, ast.Attribute):
        base = value_of(reading, call.func.value)
        if isinstance(base, Answering) and call.func.attr in _ADDERS and call.args:
            reading.built.append((base.path, value_of(reading, call.args[0]), bool(condition)))
            return
        if call.func.attr in _QUIET:
            return
        if call.func.attr == "append" and isinstance(call.func.value, ast.Name):
            reading.env[call.func.value.id] = Unknown(call.func.value.id)
    calls, built = len(reading.calls), len(reading.built)
    value = value_of(reading, call)
    if isinstance(value, Request | StoreOf):
        return
    if calls == len(reading.calls) and built == len(reading.built):
        reading.unread.append(_unread(reading, call, "call", condition))


def _if(reading: Reading, node: ast.If, condition: str) -> None:
    test = ast.unparse(node.test)
    within = f"{_operand(condition)} and {_operand(test)}" if condition else test
    asked = truth(reading, node.test)
    calls, raised = len(reading.calls), len(reading.unread)
    built = len(reading.built)
    before = dict(reading.env)
    then = replace(reading, env=dict(before))
    _block(then, node.body, within)
    other = replace(reading, env=dict(before))
    _block(other, node.orelse, f"not ({within})")
    _merge(reading, node.test, then.env, other.env)
    for at in range(calls, len(reading.calls)):
        if asked is not None and not node.orelse:
            reading.calls[at] = replace(reading.calls[at], guard=asked)
        else:
            reading.unread.append(_unread(reading, node, "check", condition))
    quiet = calls == len(reading.calls) and built == len(reading.built)
    if quiet and raised == len(reading.unread) and not _only_binds(node):
        reading.unread.append(_unread(reading, node, "other", condition))


def _only_binds(node: ast.If) -> bool:
    return all(isinstance(n, ast.Assign | ast.AnnAssign) for n in [*node.body, *node.orelse])


def _merge(
    reading: Reading, test: ast.expr, then: dict[str, Value], other: dict[str, Value]
) -> None:
    for name in {*then, *other}:
        first, second = then.get(name), other.get(name)
        if first == second and first is not None:
            reading.env[name] = first
        elif first is None or second is None:
            reading.env[name] = first or second or Unknown(name)
        elif isinstance(second, Const) and truth(reading, test) is not None:
            reading.env[name] = Maybe(first)
        else:
            reading.env[name] = chosen(reading, test, first, second)


def _try(reading: Reading, node: ast.Try, condition: str) -> None:
    reading.returns.append(node)  # what is raised inside may be caught
    _block(reading, node.body, condition)
    reading.returns.remove(node)
    for handled in node.handlers:
        for inner in handled.body:
            if isinstance(inner, ast.Raise):
                kind = ast.unparse(handled.type) if handled.type else "Exception"
                within = f"except {kind}"
                reading.unread.append(_raised(reading, inner, within))
    _block(reading, node.orelse + node.finalbody, condition)


def raised(node: ast.Raise) -> tuple[str, ast.expr | None]:
    """The name of the MLflow error code and the text of `raise MlflowException(…)`."""
    call = node.exc if isinstance(node.exc, ast.Call) else None
    if call is None:
        return "", None
    named = {k.arg: k.value for k in call.keywords if k.arg}
    text = call.args[0] if call.args else named.get("message")
    code = named.get("error_code", call.args[1] if len(call.args) > 1 else None)
    if ast.unparse(call.func).endswith("invalid_parameter_value"):
        return "INVALID_PARAMETER_VALUE", text
    return (ast.unparse(code).rsplit(".", 1)[-1] if code else ""), text


def _raised(reading: Reading, node: ast.Raise, condition: str) -> Unread:
    code, text = raised(node)
    unread = _unread(reading, node, "raise", condition)
    refusal = None
    if text is not None and condition and not (reading.depth or reading.returns or reading.calls):
        refusal = _refusal(reading, condition, text)
    message = ast.unparse(text) if text else ""
    return replace(unread, error=code, message=message, refusal=refusal)


def _refusal(reading: Reading, condition: str, text: ast.expr) -> Refusal | None:
    if condition.startswith("except "):
        return None
    test = ast.parse(condition, mode="eval").body
    used = {n.id for part in (test, text) for n in ast.walk(part) if isinstance(n, ast.Name)}
    names = {name: value for name, value in reading.env.items() if name in used}
    return Refusal(test, text, names, reading.module)


def _operand(condition: str) -> str:
    """A condition as it stands beside an `and`."""
    if condition.startswith("except "):
        return condition
    node = ast.parse(condition, mode="eval").body
    loose = isinstance(node, ast.IfExp) or (
        isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or)
    )
    return f"({condition})" if loose else condition


def _unread(
    reading: Reading,
    node: ast.AST,
    kind: Literal["raise", "check", "call", "loop", "other"],
    condition: str,
) -> Unread:
    text = reading.module.text(node) or ast.unparse(node)
    evidence = reading.module.evidence(node)
    return Unread(kind, text, evidence, condition, before=not reading.calls)


def _forget(reading: Reading, node: ast.AST) -> None:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            reading.env[inner.id] = Unknown(inner.id)


def _is_flask(value: ast.expr) -> bool:
    """`Response(mimetype=…)`: the HTTP answer, which the Go server makes by itself."""
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "Response"
