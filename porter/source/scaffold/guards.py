"""The checks at the head of the Python store method that no validation tag makes.

Python's store refuses some requests before it opens a session, with texts that MLflow's tests
compare. People put those checks into the Go service; so does porter, where Go can say the
condition. What a custom validator of the checkout checks already (`runId`) is left to it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from porter.core.endpoint import go_camel
from porter.core.question import Evidence
from porter.core.task import Task
from porter.source.golang import parse
from porter.source.mlflow import Found, Function, index
from porter.source.mlflow.statements import raised
from porter.source.mlflow.values import fields_of
from porter.source.scaffold.arguments import Argument, method_of
from porter.source.scaffold.gocondition import FALSE, TRUE, Operand, Scope, condition, message
from porter.source.scaffold.initialisms import local, words_of
from porter.source.scaffold.signatures import Mirror

_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Guard:
    """One check: the Go condition, the error, the fields in it, and where Python makes it."""

    test: str
    code: str
    text: str
    given: tuple[str, ...]
    fields: tuple[str, ...]
    evidence: Evidence
    python: ast.expr = field(compare=False)
    scope: Scope = field(compare=False)
    """What the names in Python's condition mean."""
    operands: Mapping[str, Operand] = field(default_factory=dict, compare=False)
    """The fields in `given`, by their Go expressions."""
    regexes: tuple[tuple[str, str], ...] = ()
    packages: frozenset[str] = frozenset()
    unasked: tuple[str, ...] = ()
    """Fields in it that Python's handler leaves out, so that REST requests never meet the check."""


def guards(task: Task, found: Mirror) -> tuple[Guard, ...]:
    """The checks in Python's order; () where the store method has none at its head."""
    call = found.handler.call
    method = method_of(index(task.mlflow), call) if call else None
    if method is None or not isinstance(method.node, Function):
        return ()
    scope = Scope(index(task.mlflow), method.module, _names(task, method.node, found.arguments))
    rows = list(_head(task, scope, method.node, 0))
    asked = {name for _, value in call.arguments for name in fields_of(value)} if call else set()
    return tuple(
        replace(row, unasked=tuple(name for name in row.fields if name not in asked))
        for row in rows
        if not _tagged(task, row)
    )


def _names(task: Task, node: Function, given: tuple[Argument, ...]) -> dict[str, Operand | str]:
    """Python's parameters as request fields. One that the handler leaves out is the field of its
    name: the binding hands it on."""
    names: dict[str, Operand | str] = {}
    for parameter in [*node.args.args[1:], *node.args.kwonlyargs]:
        field = task.endpoint.request.field(parameter.arg)
        if field is not None:
            names[parameter.arg] = _operand(Argument(parameter.arg, "", "plain", field), True)
    for argument in given:
        if argument.field is None or len(argument.path) > 1 or argument.how in ("made", "missing"):
            names.pop(argument.python, None)
            for name, part in argument.parts:
                names[f"{argument.python}.{name}"] = _operand(part, False)
        elif argument.field.name != argument.python and argument.python not in names:
            same = [a for a in given if a.python == argument.python]
            name = argument.python if len(same) == 1 else f"{argument.python}.{argument.field.name}"
            names[name] = _operand(argument, argument.nullable)
        else:
            names[argument.python] = _operand(argument, argument.nullable)
    return names


def _operand(argument: Argument, nullable: bool) -> Operand:
    assert argument.field is not None
    plain = argument.field.kind == "string" and not argument.field.repeated and not nullable
    name = local(argument.field.name)
    getter = f"input.Get{go_camel(argument.field.name)}()"
    if argument.field.repeated:
        getter = f"input.{go_camel(argument.field.name)}"
    return Operand(argument.field, name if plain else getter, nullable, argument.fallback)


def _head(task: Task, scope: Scope, node: Function, depth: int) -> Iterator[Guard]:
    """The checks among the first statements of a function, helpers followed."""
    for row in node.body:
        match row:
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.If(test=test, body=[ast.Raise(exc=ast.Call()) as refusal], orelse=[]):
                code, text = raised(refusal)
                place = scope.module.evidence(refusal)
                guard = guard_of(scope, test, code, text, place) if text is not None else None
                if guard is not None:
                    yield guard
            case ast.Expr(value=ast.Call() as call):
                yield from _followed(task, scope, call, depth)
            case ast.Assign(value=ast.Call() as call) if depth == 0:
                _forget(scope, row)
            case _:
                return


def _followed(task: Task, scope: Scope, call: ast.Call, depth: int) -> Iterator[Guard]:
    """The checks of a helper that a statement calls."""
    name = ast.unparse(call.func)
    found = scope.index.resolve(scope.module, name) if "self" not in name else None
    if depth >= _DEPTH or not isinstance(found, Found) or not isinstance(found.node, Function):
        return
    if _validated(task, found.node.name):
        return
    names: dict[str, Operand | str] = {}
    parameters = [arg.arg for arg in found.node.args.args]
    given = [*zip(parameters, call.args, strict=False)]
    given += [(k.arg, k.value) for k in call.keywords if k.arg]
    for parameter, value in given:
        known = scope.names.get(ast.unparse(value))
        if known is not None:
            names[parameter] = known
        elif isinstance(value, ast.Constant):
            names[parameter] = ast.unparse(value)
    inner = replace(scope, module=found.module, names=names)
    yield from _head(task, inner, found.node, depth + 1)


def guard_of(
    scope: Scope, test: ast.expr, code: str, text: ast.expr, place: Evidence
) -> Guard | None:
    """A check as Go, or None where Go cannot say its condition or its text."""
    scope = replace(scope, regexes={}, packages=set())
    said = condition(scope, test)
    told = message(scope, text) if said is not None and said not in (TRUE, FALSE) else None
    if said is None or told is None:
        return None
    operands = {o.name: o for o in scope.names.values() if isinstance(o, Operand)}
    for name, found in tuple(operands.items()):
        if found.nullable:
            field = f"input.{go_camel(found.field.name)}"
            if f"{field} != nil" in said:
                said = said.replace(name, f"*{field}")
                told = told[0], [arg.replace(name, f"*{field}") for arg in told[1]]
                operands[f"*{field}"] = found
    used = {
        found.field.name
        for found in scope.names.values()
        if isinstance(found, Operand) and _speaks(said, found)
    }
    return Guard(
        said, code or "INTERNAL_ERROR", told[0], tuple(told[1]), tuple(sorted(used)),
        place, test, scope, operands,
        tuple(scope.regexes.items()), frozenset(scope.packages),
    )  # fmt: skip


def _speaks(said: str, found: Operand) -> bool:
    """Whether a condition is about a field, by its variable, its getter or itself."""
    names = (found.name, f"input.{go_camel(found.field.name)}")
    return any(re.search(rf"\b{re.escape(name)}(?!\w)", said) for name in names)


def _forget(scope: Scope, row: ast.Assign) -> None:
    for node in ast.walk(row):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            scope.names.pop(node.id, None)


def _validated(task: Task, name: str) -> bool:
    """Whether the checkout registers a validator of the helper's name (`_validate_run_id`)."""
    _, *noun = words_of(name)
    wanted = "".join(noun)
    return wanted in {tag.lower() for tag in _validators(task)}


def _validators(task: Task) -> list[str]:
    path = task.layout.validation_tags
    if path is None or task.tree.read(path) is None:
        return []
    file = parse(task.tree, path)
    return [
        call.args[0].strip('"')
        for function in file.functions
        if function.body
        for call in file.calls(function.body)
        if call.callee.endswith(".RegisterValidation") and call.args
    ]


def _tagged(task: Task, guard: Guard) -> bool:
    """Whether a check for emptiness is one that a tag makes: the tree's validations have it, or
    it has no text of its own."""
    path = task.layout.validations
    if len(guard.fields) != 1 or not guard.test.endswith('== ""'):
        return False
    if guard.text == f"Missing value for required parameter '{guard.fields[0]}'.":
        return True
    field = task.endpoint.request.field(guard.fields[0])
    if field is None or path is None or task.tree.read(path) is None:
        return False
    key = f"{task.endpoint.request.go_name}_{field.go_name}"
    for value in parse(task.tree, path).values:
        entry = value.literal.entry(key) if value.literal else None
        if entry is not None:
            return "notEmpty" in entry.value.split(",")
    return False
