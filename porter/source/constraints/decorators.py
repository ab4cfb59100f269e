"""Decorators of the tree that check something: what they make of a function is run in its place."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from porter.source.constraints import evaluate, invoke
from porter.source.constraints.machine import Call, Frame, Machine
from porter.source.constraints.values import Callable, External
from porter.source.mlflow import Found, Function, Index, Module

_KNOWN = (
    "builtins.",
    "functools.",
    "contextlib.",
    "abc.",
    "typing.",
    "dataclasses.",
    "sqlalchemy.",
)
"""Where decorators come from that check no argument."""
_CHECKS = re.compile(r"_?(assert|check|ensure|reject|require|validate)(_|$)")


def around(machine: Machine, function: Callable) -> Callable | None:
    """The function as its decorators leave it; None where none of them checks anything."""
    node = function.node
    if function.bare or isinstance(node, ast.Lambda) or not node.decorator_list:
        return None
    here = Frame(function.module, {})
    made: Callable | None = None
    for decorator in _telling(machine, function, node.decorator_list):
        path, chain = machine.path, machine.chain
        inner = made or replace(function, bound=None, bare=True)
        value = evaluate.value(machine, here, decorator)
        call = Call(here, decorator, [inner])
        out = invoke.run(machine, call, value) if isinstance(value, Callable) else None
        machine.path, machine.chain = path, chain
        if isinstance(out, Callable) and out.node not in machine.active:
            made = out
        else:
            _unread(machine, function, decorator)
    return replace(made, bound=function.bound) if made is not None else None


def _telling(
    machine: Machine, function: Callable, decorators: list[ast.expr]
) -> tuple[ast.expr, ...]:
    """The decorators that check something, innermost first; says which ones stand elsewhere."""
    node = function.node
    if node not in machine.decorated:
        kept = []
        for decorator in reversed(decorators):
            found = _found(machine, function.module, decorator)
            if _checks(found):
                kept.append(decorator)
            elif isinstance(found, External) and not found.name.startswith(_KNOWN):
                _unread(machine, function, decorator)
        machine.decorated[node] = tuple(kept)
    return machine.decorated[node]


def _unread(machine: Machine, function: Callable, decorator: ast.expr) -> None:
    text = f"the decorator {ast.unparse(decorator)} is not read: what it checks is not known"
    machine.note("P314", "", text, function.module.evidence(decorator))


def _found(machine: Machine, module: Module, decorator: ast.expr) -> Found | External | None:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    names = ast.unparse(called).split(".")
    index: Index = machine.index
    found = index.resolve(module, names[0])
    for name in names[1:]:
        found = index.resolve(found, name) if isinstance(found, Module) else None
    if isinstance(found, Found):
        return found
    source, attribute = module.imports.get(names[0], ("builtins", names[0]))
    own = len(names) > 1 and names[0] in module.defined
    dotted = ".".join([source, *([attribute] if attribute else []), *names[1:]])
    return None if own or isinstance(found, Module) else External(dotted)


def _checks(found: Found | External | None) -> bool:
    """Whether a decorator raises by itself, or calls what is named as a check."""
    if not isinstance(found, Found) or not isinstance(found.node, Function):
        return False
    return any(
        isinstance(part, ast.Raise | ast.Assert)
        or (isinstance(part, ast.Call) and _CHECKS.match(ast.unparse(part.func).split(".")[-1]))
        for inner in ast.walk(found.node)
        if isinstance(inner, Function) and inner is not found.node
        for part in ast.walk(inner)
    )
