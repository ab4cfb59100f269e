"""Calls: arguments are bound to parameters, and the function is run where it may check a field."""

from __future__ import annotations

import ast

from porter.source.constraints import evaluate, execute, known, objects, schema
from porter.source.constraints.formulas import FALSE, TRUE, Formula
from porter.source.constraints.machine import DEPTH, Frame, Gate, Machine
from porter.source.constraints.values import (
    MISSING,
    NONE,
    OPAQUE,
    Callable,
    Choice,
    Class,
    Const,
    Dict,
    External,
    Instance,
    Method,
    Ref,
    Regex,
    Seq,
    Super,
    Unknown,
    Value,
    mixed,
    opaque,
    tracked,
)

SMALL = 8
"""A function that is handed no field is still run where its body has so few statements."""
Arguments = tuple[list[Value], dict[str, Value]]


def call(machine: Machine, frame: Frame, node: ast.Call) -> Value:
    """The value of a call."""
    if isinstance(node.func, ast.Name) and node.func.id == "super" and frame.owner is not None:
        me = next(iter(frame.env.values()), OPAQUE)
        return Super(me, frame.owner)
    function = evaluate.value(machine, frame, node.func)
    args, named = arguments(machine, frame, node)
    return apply(machine, frame, node, function, args, named)


def arguments(machine: Machine, frame: Frame, node: ast.Call) -> Arguments:
    """The arguments of a call, `*` and `**` spread as far as they are known."""
    args: list[Value] = []
    for arg in node.args:
        if isinstance(arg, ast.Starred):
            spread = evaluate.value(machine, frame, arg.value)
            args += [v for _, v in objects.elements(machine, frame, spread)]
        else:
            args.append(evaluate.value(machine, frame, arg))
    named: dict[str, Value] = {}
    for keyword in node.keywords:
        found = evaluate.value(machine, frame, keyword.value)
        if keyword.arg is not None:
            named[keyword.arg] = found
        elif isinstance(found, Dict):
            named.update({str(k): v for k, v in found.known.items()})
    return args, named


def apply(
    machine: Machine,
    frame: Frame,
    node: ast.AST,
    function: Value,
    args: list[Value],
    named: dict[str, Value],
) -> Value:
    """What calling a value gives."""
    match function:
        case Callable():
            special = schema.reader(machine, frame, node, function, args, named)
            return (
                special if special is not None else run(machine, frame, node, function, args, named)
            )
        case Class():
            return objects.construct(machine, frame, node, function, args, named)
        case External() | Method() | Regex():
            return known.apply(machine, frame, node, function, args, named)
        case Choice(options):
            out: list[tuple[Formula, Value]] = []
            for when, one in options:
                with machine.under(Gate(when)):
                    out.append((when, apply(machine, frame, node, one, args, named)))
            return execute.choice(out)
        case Instance():
            method = objects.attribute(machine, function, "__call__")
            if isinstance(method, Callable):
                return run(machine, frame, node, method, args, named)
            return opaque(function, *args, *named.values())
        case Unknown(pure=True):
            return mixed(evaluate.place(frame, node), function, *args, *named.values())
        case _:
            return opaque(function, *args, *named.values())


def run(
    machine: Machine,
    frame: Frame,
    node: ast.AST,
    function: Callable,
    args: list[Value],
    named: dict[str, Value],
) -> Value:
    """Runs a function of the tree, unless it cannot check a field or would never end."""
    given = [*args, *named.values(), *([function.bound] if function.bound is not None else [])]
    follows = function.closure is not None or any(tracked(v) for v in given)
    if follows and _says_no_more(machine, given):
        return mixed(evaluate.place(frame, node), *given)
    if not follows and not _small(function.node):
        return opaque(*given)
    if function.node in machine.active or len(machine.active) >= DEPTH:
        if len(machine.active) >= DEPTH:
            machine.note("P303", function.module.path, "calls too deep to follow",
                         function.module.evidence(function.node))  # fmt: skip
        return opaque(*given)
    key = _key(function, args, named)
    if key is not None and key in machine.done:
        before, result = machine.done[key]
        if before <= set(machine.path):
            return result
    path, chain = machine.path, machine.chain
    result = _run(machine, frame, node, function, args, named)
    machine.path, machine.chain = path, chain
    if key is not None:
        machine.done[key] = frozenset(g for g in path if not g.survived), result
    return result


def _says_no_more(machine: Machine, given: list[Value]) -> bool:
    """Whether nothing is handed over but what was made of fields that are known to be refused."""
    return all(
        (isinstance(v, Unknown) and v.deps <= machine.refused) or isinstance(v, Const | Class)
        for v in given
    ) and any(isinstance(v, Unknown) and v.deps for v in given)


def _key(function: Callable, args: list[Value], named: dict[str, Value]) -> object:
    """What a call is remembered by: the same function on the same values says the same again."""
    given = (*args, *named.values())
    fixed = all(isinstance(v, Ref | Const | Unknown | Choice | Class | Instance) for v in given)
    if function.closure is not None or not fixed or any(isinstance(v, Instance) for v in given):
        return None
    if isinstance(function.bound, Instance) and function.bound.attrs:
        return None
    bound = function.bound.cls.node if isinstance(function.bound, Instance) else function.bound
    try:
        key = (function.node, bound, tuple(args), tuple(named.items()))
        hash(key)
    except TypeError:
        return None
    return key


def _run(
    machine: Machine,
    frame: Frame,
    node: ast.AST,
    function: Callable,
    args: list[Value],
    named: dict[str, Value],
) -> Value:
    inner = Frame(function.module, {}, function.closure, function.owner, len(machine.path))
    bind(machine, inner, function, args, named)
    chain = machine.chain
    machine.active.append(function.node)
    machine.chain = (*chain, frame.module.evidence(node))
    if isinstance(function.node, ast.Lambda):
        result = evaluate.value(machine, inner, function.node.body)
    else:
        result = _body(machine, inner, function.node)
    machine.active.pop()
    return result


def _body(machine: Machine, frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Value:
    flow = execute.block(machine, frame, node.body)
    if frame.yields:
        return Seq(list(frame.yields), exact=False)
    if flow == "on":
        frame.returns.append((machine.since(frame.entry), NONE))
    if not frame.returns:
        return OPAQUE
    return execute.choice([(c, v) for c, v in frame.returns if c != FALSE])


def _small(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    return isinstance(node, ast.Lambda) or len(node.body) <= SMALL


def bind(
    machine: Machine, inner: Frame, function: Callable, args: list[Value], named: dict[str, Value]
) -> None:
    """Puts the arguments under the names of the parameters, defaults where there are none."""
    spec = function.node.args
    names = [a.arg for a in (*spec.posonlyargs, *spec.args)]
    given = [function.bound, *args] if function.bound is not None else list(args)
    scope = Frame(function.module, {}, function.closure, function.owner)
    first = len(names) - len(spec.defaults)
    for number, parameter in enumerate(names):
        default = spec.defaults[number - first] if number >= first else None
        if number < len(given):
            inner.env[parameter] = given[number]
        else:
            inner.env[parameter] = _given(machine, scope, named.get(parameter), default)
    for argument, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        inner.env[argument.arg] = _given(machine, scope, named.get(argument.arg), default)
    if spec.vararg is not None:
        rest = given[len(names) :]
        inner.env[spec.vararg.arg] = Seq([(TRUE, v) for v in rest])
    if spec.kwarg is not None:
        taken = {*names, *(a.arg for a in spec.kwonlyargs)}
        more: dict[object, Value] = {k: v for k, v in named.items() if k not in taken}
        inner.env[spec.kwarg.arg] = Dict(more)


def _given(machine: Machine, scope: Frame, found: Value | None, default: ast.expr | None) -> Value:
    """An argument; where it may be missing, the parameter's default in its place."""
    if found is None or found == MISSING:
        return evaluate.value(machine, scope, default) if default is not None else OPAQUE
    if isinstance(found, Choice) and any(v == MISSING for _, v in found.options):
        instead = evaluate.value(machine, scope, default) if default is not None else OPAQUE
        return execute.choice([(c, instead if v == MISSING else v) for c, v in found.options])
    return found
