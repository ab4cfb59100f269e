"""Statements: branches put conditions on the path, loops run once for each kind of element."""

from __future__ import annotations

import ast
from typing import Literal

from porter.core.constraint import InferenceNote
from porter.source.constraints import evaluate, objects
from porter.source.constraints.formulas import FALSE, TRUE, Atom, Formula, either, negate
from porter.source.constraints.machine import Event, Frame, Gate, Machine, Trap
from porter.source.constraints.truth import truth
from porter.source.constraints.values import (
    OPAQUE,
    Callable,
    Choice,
    External,
    Instance,
    Ref,
    Unknown,
    Value,
    deps,
    opaque,
)
from porter.source.mlflow import imported

Flow = Literal["on", "raise", "return", "loop"]
"""How a block ends: it goes on, raises, returns, or leaves the round of its loop."""


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
            return _try(machine, frame, node)
        case ast.With() | ast.AsyncWith():
            for item in node.items:
                value = evaluate.value(machine, frame, item.context_expr)
                if item.optional_vars is not None:
                    objects.assign(machine, frame, item.optional_vars, value)
            return block(machine, frame, node.body)
        case ast.Raise():
            return _raise(machine, frame, node)
        case ast.Assert():
            return _assert(machine, frame, node)
        case ast.Match():
            return _match(machine, frame, node)
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
                objects.assign(machine, frame, target, value)
        case ast.AnnAssign(value=ast.expr()):
            objects.assign(
                machine, frame, node.target, evaluate.optional(machine, frame, node.value)
            )
        case ast.AugAssign():
            objects.augment(machine, frame, node)
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
    return _branch(machine, frame, test, node.body, node.orelse)


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


def _branch(
    machine: Machine, frame: Frame, test: Formula, body: list[ast.stmt], orelse: list[ast.stmt]
) -> Flow:
    if test == TRUE:
        return block(machine, frame, body)
    if test == FALSE:
        return block(machine, frame, orelse)
    path, before = machine.path, dict(frame.env)
    machine.path = (*path, Gate(test))
    first = block(machine, frame, body)
    then, then_path = frame.env, machine.path
    frame.env = dict(before)
    machine.path = (*path, Gate(negate(test)))
    second = block(machine, frame, orelse)
    if first == "on" and second == "on":
        machine.path = path
        frame.env = merged(test, then, frame.env)
        return "on"
    if second == "on":
        machine.path = _after(path, machine.path, first)
        return "on"
    if first == "on":
        frame.env = then
        machine.path = _after(path, then_path, second)
        return "on"
    machine.path = path
    return (
        "raise"
        if first == second == "raise"
        else "return"
        if "return" in (first, second)
        else "loop"
    )


def _after(path: tuple[Gate, ...], inside: tuple[Gate, ...], other: Flow) -> tuple[Gate, ...]:
    """The path behind a branch whose other side ended: by a raise alone it binds nobody."""
    added = inside[len(path) :]
    if other == "raise" and added:
        added = (Gate(added[0].formula, survived=True), *added[1:])
    return (*path, *added)


def merged(test: Formula, then: dict[str, Value], other: dict[str, Value]) -> dict[str, Value]:
    """The names after a branch: what both sides agree on, else a choice."""
    out = dict(other)
    for name, value in then.items():
        if name not in other:
            out[name] = value
        elif other[name] is not value and other[name] != value:
            out[name] = choice([(test, value), (negate(test), other[name])])
    return out


def choice(options: list[tuple[Formula, Value]]) -> Value:
    """A choice, flat and without what cannot be; unknowns and too many options become one."""
    flat: list[tuple[Formula, Value]] = []
    for formula, value in options:
        inner = value.options if isinstance(value, Choice) else ((TRUE, value),)
        for more, one in inner:
            from porter.source.constraints.formulas import both

            when = both((formula, more))
            if when != FALSE:
                flat.append((when, one))
    if not flat:
        return OPAQUE
    if all(value == flat[0][1] for _, value in flat):
        return flat[0][1]
    if len(flat) > 8 or sum(len(list(f.atoms())) for f, _ in flat) > 60:
        return opaque(*(v for _, v in flat))
    return Choice(tuple(flat))


def _for(machine: Machine, frame: Frame, node: ast.For | ast.AsyncFor) -> Flow:
    over = evaluate.value(machine, frame, node.iter)
    ended: list[Flow] = []
    returned = len(frame.returns)
    for when, element in objects.elements(machine, frame, over):
        path, before = machine.path, dict(frame.env)
        machine.path = (*path, Gate(when)) if when != TRUE else path
        objects.assign(machine, frame, node.target, element)
        ended.append(block(machine, frame, node.body))
        machine.path = path
        if when != TRUE:
            frame.env = merged(when, frame.env, before)
    if len(frame.returns) > returned:
        machine.path = (*machine.path, Gate(_some(frame, node, "no round returned")))
    if ended and all(flow == "raise" for flow in ended) and isinstance(over, Unknown):
        return "on"
    return block(machine, frame, node.orelse)


def _while(machine: Machine, frame: Frame, node: ast.While) -> Flow:
    test = truth(evaluate.value(machine, frame, node.test))
    path, before = machine.path, dict(frame.env)
    if test != FALSE:
        machine.path = (*path, Gate(test)) if test != TRUE else path
        block(machine, frame, node.body)
        frame.env = merged(test, frame.env, before)
    machine.path = path
    return "on"


def _raise(machine: Machine, frame: Frame, node: ast.Raise) -> Flow:
    again = frame.handling
    bare = node.exc is None or isinstance(node.exc, ast.Name)
    if again is not None and bare:
        extra = tuple(g for g in machine.path[len(again.path) :] if not _of_exception(g))
        machine.throw(Event(again.name, (*again.path, *extra), again.chain, again.soft))
        return "raise"
    name = "MlflowException"
    if node.exc is not None:
        called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        name = _exception_name(called)
        if isinstance(node.exc, ast.Call) and name not in ("MlflowException",):
            evaluate.value(machine, frame, node.exc)
    chain = machine.chain
    if again is not None:
        chain = again.chain
    machine.throw(Event(name, machine.path, (*chain, frame.module.evidence(node))))
    return "raise"


def _of_exception(gate: Gate) -> bool:
    """Whether a condition in a handler asks the exception alone (`if not is_retryable(e): raise`)."""
    return all(atom.op == "opaque" and not atom.deps for atom in gate.formula.atoms())


def _exception_name(called: ast.expr) -> str:
    parts = ast.unparse(called).split(".")
    return next((p for p in parts if p.endswith(("Exception", "Error"))), parts[0])


def _assert(machine: Machine, frame: Frame, node: ast.Assert) -> Flow:
    test = truth(evaluate.value(machine, frame, node.test))
    if test != TRUE:
        path = (*machine.path, Gate(negate(test)))
        chain = (*machine.chain, frame.module.evidence(node))
        machine.throw(Event("AssertionError", path, chain))
        machine.path = (*machine.path, Gate(test, survived=True))
    return "on" if test != FALSE else "raise"


def _try(machine: Machine, frame: Frame, node: ast.Try) -> Flow:
    trap = Trap(tuple(_caught(h) for h in node.handlers), [[] for _ in node.handlers])
    path, before = machine.path, dict(frame.env)
    machine.traps.append(trap)
    flow = block(machine, frame, node.body)
    machine.traps.pop()
    if flow == "on":
        flow = block(machine, frame, node.orelse)
    after, done = machine.path, frame.env
    flows = [flow]
    for handler, events in zip(node.handlers, trap.caught, strict=True):
        unknown = Event("Exception", (*path, Gate(_some(frame, handler, "raised"))), machine.chain, soft=True)
        for event in events or [unknown]:
            frame.env = {**before, **done}
            how = _handle(machine, frame, handler, event)
            flows.append(how)
            if how == "on":
                when = either([g.formula for g in event.path[len(path) :]][-1:] or [TRUE])
                done = merged(when, frame.env, done) if flow == "on" else frame.env
    machine.path = after if flow == "on" else path
    frame.env = done
    ended = "on" if "on" in flows else flow
    last = block(machine, frame, node.finalbody)
    return last if last != "on" else ended


def _handle(machine: Machine, frame: Frame, handler: ast.ExceptHandler, event: Event) -> Flow:
    path, outer, chain = machine.path, frame.handling, machine.chain
    machine.path = event.path
    frame.handling = event
    if handler.name:
        frame.env[handler.name] = External("exception")
    how = block(machine, frame, handler.body)
    machine.path, frame.handling, machine.chain = path, outer, chain
    return how


def _some(frame: Frame, node: ast.AST, what: str) -> Atom:
    return Atom("opaque", arg=f"{frame.module.path}:{getattr(node, 'lineno', 0)} {what}")


def _caught(handler: ast.ExceptHandler) -> frozenset[str] | None:
    if handler.type is None:
        return None
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return frozenset(ast.unparse(t).rsplit(".", 1)[-1] for t in types)


def _match(machine: Machine, frame: Frame, node: ast.Match) -> Flow:
    subject = evaluate.value(machine, frame, node.subject)
    rest: Formula = TRUE
    return _cases(machine, frame, subject, node, 0, rest)


def _cases(
    machine: Machine, frame: Frame, subject: Value, node: ast.Match, at: int, rest: Formula
) -> Flow:
    if at >= len(node.cases):
        return "on"
    case = node.cases[at]
    place = f"{frame.module.path}:{case.pattern.lineno}"
    test = objects.matches(machine, frame, subject, case.pattern, place)
    if case.guard is not None:
        from porter.source.constraints.formulas import both

        test = both((test, truth(evaluate.value(machine, frame, case.guard))))
    if test == TRUE:
        return block(machine, frame, case.body)
    if test == FALSE:
        return _cases(machine, frame, subject, node, at + 1, rest)
    path, before = machine.path, dict(frame.env)
    machine.path = (*path, Gate(test))
    first = block(machine, frame, case.body)
    then, then_path = frame.env, machine.path
    frame.env = dict(before)
    machine.path = (*path, Gate(negate(test)))
    second = _cases(machine, frame, subject, node, at + 1, rest)
    if first == "on" and second == "on":
        machine.path = path
        frame.env = merged(test, then, frame.env)
        return "on"
    if second == "on":
        machine.path = _after(path, machine.path, first)
        return "on"
    if first == "on":
        frame.env = then
        machine.path = _after(path, then_path, second)
        return "on"
    machine.path = path
    return "raise" if first == second == "raise" else "return"
