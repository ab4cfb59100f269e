"""`raise`, `assert` and `try`: exceptions go to the handler that takes them, or out."""

from __future__ import annotations

import ast
import functools
from dataclasses import replace

from porter.source.constraints import evaluate, execute
from porter.source.constraints.formulas import FALSE, TRUE, Formula, both, either, negate
from porter.source.constraints.joins import merged
from porter.source.constraints.machine import Event, Flow, Frame, Gate, Machine, Trap, doubt
from porter.source.constraints.truth import truth
from porter.source.constraints.values import External

LOOKUPS = frozenset({"RESOURCE_DOES_NOT_EXIST", "RESOURCE_ALREADY_EXISTS", "NOT_FOUND"})
"""Error codes that speak of records, not of a request's values."""


def raised(machine: Machine, frame: Frame, node: ast.Raise) -> Flow:
    """`raise`: an exception of its own, or the one that is being handled again."""
    again = frame.handling
    bare = node.exc is None or isinstance(node.exc, ast.Name)
    if again is not None and bare:
        extra = tuple(g for g in machine.path[len(again.path) :] if not _of_exception(g))
        machine.throw(replace(again, path=(*again.path, *extra)))
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
    place = frame.module.evidence(node)
    machine.throw(Event(name, machine.path, (*chain, place), lookup=_of_records(node)))
    return "raise"


@functools.lru_cache(maxsize=4096)
def _of_records(node: ast.Raise) -> bool:
    return any(isinstance(n, ast.Name) and n.id in LOOKUPS for n in ast.walk(node))


def asserted(machine: Machine, frame: Frame, node: ast.Assert) -> Flow:
    """`assert`: an AssertionError where the test does not hold."""
    test = truth(evaluate.value(machine, frame, node.test))
    if test != TRUE:
        path = (*machine.path, Gate(negate(test)))
        chain = (*machine.chain, frame.module.evidence(node))
        machine.throw(Event("AssertionError", path, chain))
        machine.path = (*machine.path, Gate(test, survived=True))
    return "on" if test != FALSE else "raise"


def tried(machine: Machine, frame: Frame, node: ast.Try) -> Flow:
    """`try`: each handler is run once for every exception that reaches it."""
    trap = Trap(tuple(_caught(h) for h in node.handlers), [[] for _ in node.handlers])
    path, before = machine.path, dict(frame.env)
    outside, returned = machine.outside, len(frame.returns)
    machine.traps.append(trap)
    flow = execute.block(machine, frame, node.body)
    machine.traps.pop()
    if flow == "on":
        flow = execute.block(machine, frame, node.orelse)
    after, done = machine.path, frame.env
    failed = either(_when(event, path) for events in trap.caught for event in events)
    frame.returns[returned:] = [(both((c, negate(failed))), v) for c, v in frame.returns[returned:]]
    flows = [flow]
    for handler, events in zip(node.handlers, trap.caught, strict=True):
        unknown = Event(
            "Exception", (*path, Gate(doubt(frame, handler, "raised"))), machine.chain, soft=True
        )
        for event in events or ([unknown] if machine.outside > outside else []):
            frame.env = {**before, **done}
            how = _handle(machine, frame, handler, event)
            flows.append(how)
            if how == "on":
                when = _when(event, path)
                done = merged(when, frame.env, done) if flow == "on" else frame.env
    machine.path = after if flow == "on" else path
    frame.env = done
    ended = "on" if "on" in flows else flow
    last = execute.block(machine, frame, node.finalbody)
    return last if last != "on" else ended


def _when(event: Event, path: tuple[Gate, ...]) -> Formula:
    """The condition of an exception, from where its `try` stands."""
    return both(g.formula for g in event.path[len(path) :] if not g.survived)


def _handle(machine: Machine, frame: Frame, handler: ast.ExceptHandler, event: Event) -> Flow:
    path, outer, chain = machine.path, frame.handling, machine.chain
    machine.path = event.path
    frame.handling = event
    if handler.name:
        frame.env[handler.name] = External("exception")
    how = execute.block(machine, frame, handler.body)
    machine.path, frame.handling, machine.chain = path, outer, chain
    return how


def _of_exception(gate: Gate) -> bool:
    """Whether a condition in a handler asks the exception alone (`if is_retryable(e): …`)."""
    return all(atom.op == "opaque" and not atom.deps for atom in gate.formula.atoms())


def _exception_name(called: ast.expr) -> str:
    parts = ast.unparse(called).split(".")
    return next((p for p in parts if p.endswith(("Exception", "Error"))), parts[0])


def _caught(handler: ast.ExceptHandler) -> frozenset[str] | None:
    if handler.type is None:
        return None
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return frozenset(ast.unparse(t).rsplit(".", 1)[-1] for t in types)
