"""Statements: branches put conditions on the path, loops run once for each kind of element."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable as Callable_

from porter.core.constraint import InferenceNote
from porter.source.constraints import assigning, evaluate, matching, objects, raising
from porter.source.constraints.formulas import FALSE, TRUE, Formula, negate
from porter.source.constraints.joins import merged, narrowed, widened
from porter.source.constraints.machine import Flow, Frame, Gate, Machine, doubt
from porter.source.constraints.truth import truth
from porter.source.constraints.values import Callable, Instance, Ref, Seq, Unknown, Value, deps
from porter.source.mlflow import imported


def block(machine: Machine, frame: Frame, body: list[ast.stmt]) -> Flow:
    """Runs statements until one of them ends the block."""
    for node in body:
        flow = statement(machine, frame, node)
        if flow != "on":
            return flow
    return "on"


def statement(machine: Machine, frame: Frame, node: ast.stmt) -> Flow:
    """Runs one statement."""
    match node:
        case ast.If():
            return _if(machine, frame, node)
        case ast.For() | ast.AsyncFor():
            return _for(machine, frame, node)
        case ast.While():
            return _while(machine, frame, node)
        case ast.Try():
            return raising.tried(machine, frame, node)
        case ast.With() | ast.AsyncWith():
            for item in node.items:
                value = evaluate.value(machine, frame, item.context_expr)
                if item.optional_vars is not None:
                    assigning.assign(machine, frame, item.optional_vars, value)
            return block(machine, frame, node.body)
        case ast.Raise():
            return raising.raised(machine, frame, node)
        case ast.Assert():
            return raising.asserted(machine, frame, node)
        case ast.Match():
            return matching.matched(machine, frame, node)
        case _:
            return _simple(machine, frame, node)


def _simple(machine: Machine, frame: Frame, node: ast.stmt) -> Flow:
    match node:
        case ast.Return():
            value = evaluate.optional(machine, frame, node.value)
            frame.returns.append((machine.since(frame.entry), value))
            return "return"
        case ast.Continue() | ast.Break():
            return "loop"
        case ast.Assign():
            value = evaluate.value(machine, frame, node.value)
            for target in node.targets:
                assigning.assign(machine, frame, target, value)
        case ast.AnnAssign(value=ast.expr()):
            assigning.assign(
                machine, frame, node.target, evaluate.optional(machine, frame, node.value)
            )
        case ast.AugAssign():
            assigning.augment(machine, frame, node)
        case ast.Expr():
            evaluate.value(machine, frame, node.value)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            scope = {**(frame.parent or {}), **frame.env}
            frame.env[node.name] = Callable(node, frame.module, scope, owner=frame.owner)
            scope[node.name] = frame.env[node.name]
        case ast.Import() | ast.ImportFrom():
            for name, (source, attribute) in imported(
                node, frame.module.name, frame.module.path
            ).items():
                frame.env[name] = evaluate.imported_name(machine, source, attribute)
        case ast.Delete() | ast.Pass() | ast.Global() | ast.Nonlocal() | ast.AnnAssign():
            pass
        case _:
            machine.note(
                "P304", f"{frame.module.path}:{node.lineno}",
                f"a {type(node).__name__} that is not followed", frame.module.evidence(node),
            )  # fmt: skip
    return "on"


def _if(machine: Machine, frame: Frame, node: ast.If) -> Flow:
    test = truth(evaluate.value(machine, frame, node.test))
    if isinstance(node.body[-1], ast.Raise):
        _unreached(machine, frame, node.test)
    return branch(
        machine,
        frame,
        test,
        lambda: block(machine, frame, node.body),
        lambda: block(machine, frame, node.orelse),
    )


def _unreached(machine: Machine, frame: Frame, test: ast.expr) -> None:
    """Says which `x is None` can never hold, as the parsed message gives a value in its place."""
    for part in test.values if isinstance(test, ast.BoolOp) else [test]:
        if isinstance(part, ast.Compare) and ast.unparse(part).endswith(" is None"):
            value = evaluate.value(machine, frame, part.left)
            path = _always_there(value)
            if path:
                place = frame.module.evidence(part)
                text = "Python raises on None here, which a parsed message never gives"
                note = InferenceNote(path, "P307", text, (*machine.chain, place))
                machine.notes.setdefault(("P307", path), note)


def _always_there(value: Value) -> str:
    """The field that a value stands for where it cannot be None, else ""."""
    if isinstance(value, Ref) and value.origin == "proto" and not value.ops:
        return value.path
    if isinstance(value, Instance) and deps(value):
        parts = [path.split(".")[:-1] for path in deps(value)]
        same = [names[0] for names in zip(*parts, strict=False) if len(set(names)) == 1]
        return ".".join(same)
    return ""


def branch(
    machine: Machine,
    frame: Frame,
    test: Formula,
    body: Callable_[[], Flow],
    orelse: Callable_[[], Flow],
) -> Flow:
    """Runs two ways, each under its condition, and joins what they leave behind."""
    if test == TRUE:
        return body()
    if test == FALSE:
        return orelse()
    path, before = machine.path, dict(frame.env)
    machine.path = (*path, Gate(test))
    frame.env = given = narrowed(before, test)
    given = dict(given)
    first = body()
    then, then_path = frame.env, machine.path
    frame.env = other = narrowed(before, negate(test))
    other = dict(other)
    machine.path = (*path, Gate(negate(test)))
    second = orelse()
    if first == "on" and second == "on":
        machine.path = path
        frame.env = merged(test, widened(then, given, before), widened(frame.env, other, before))
        return "on"
    if second == "on":
        machine.path = _after(path, machine.path, first)
        return "on"
    if first == "on":
        frame.env = then
        machine.path = _after(path, then_path, second)
        return "on"
    machine.path = path
    if first == second == "raise":
        return "raise"
    return "return" if "return" in (first, second) else "loop"


def _after(path: tuple[Gate, ...], inside: tuple[Gate, ...], other: Flow) -> tuple[Gate, ...]:
    """The path behind a branch whose other side ended: by a raise alone it binds nobody."""
    added = inside[len(path) :]
    if other == "raise" and added:
        added = (Gate(added[0].formula, survived=True), *added[1:])
    return (*path, *added)


def _for(machine: Machine, frame: Frame, node: ast.For | ast.AsyncFor) -> Flow:
    over = evaluate.value(machine, frame, node.iter)
    ended: list[Flow] = []
    returned = len(frame.returns)
    elements = objects.elements(machine, frame, over)
    again = isinstance(over, Ref | Unknown) or (isinstance(over, Seq) and not over.exact)
    for when, element in elements * (2 if again and _remembers(node) else 1):
        path, before = machine.path, dict(frame.env)
        machine.path = (*path, Gate(when)) if when != TRUE else path
        assigning.assign(machine, frame, node.target, element)
        ended.append(block(machine, frame, node.body))
        machine.path = path
        if when != TRUE:
            frame.env = merged(when, frame.env, before)
    if len(frame.returns) > returned:
        machine.path = (*machine.path, Gate(doubt(frame, node, "no round returned")))
    if ended and all(flow == "raise" for flow in ended) and isinstance(over, Unknown):
        return "on"
    return block(machine, frame, node.orelse)


@functools.lru_cache(maxsize=4096)
def _remembers(node: ast.stmt) -> bool:
    """Whether a loop asks what is in something: a second round finds what the first put there."""
    return any(
        isinstance(part, ast.Compare) and any(isinstance(op, ast.In | ast.NotIn) for op in part.ops)
        for part in ast.walk(node)
    )


def _while(machine: Machine, frame: Frame, node: ast.While) -> Flow:
    test = truth(evaluate.value(machine, frame, node.test))
    path, before = machine.path, dict(frame.env)
    if test != FALSE:
        machine.path = (*path, Gate(test)) if test != TRUE else path
        block(machine, frame, node.body)
        frame.env = merged(test, frame.env, before)
    machine.path = path
    return "on"
