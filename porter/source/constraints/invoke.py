"""Calls: arguments are bound to parameters, and the function is run where it may check a field."""

from __future__ import annotations

import ast
from dataclasses import replace

from porter.source.constraints import (
    classes,
    decorators,
    evaluate,
    execute,
    joins,
    known,
    objects,
    schema,
)
from porter.source.constraints.formulas import FALSE, TRUE, Formula
from porter.source.constraints.machine import DEPTH, Call, Frame, Gate, Machine
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


def called(machine: Machine, frame: Frame, node: ast.Call) -> Value:
    """The value of a call."""
    if isinstance(node.func, ast.Name) and node.func.id == "super" and frame.owner is not None:
        me = next(iter(frame.env.values()), OPAQUE)
        return Super(me, frame.owner)
    function = evaluate.value(machine, frame, node.func)
    args, named = arguments(machine, frame, node)
    return apply(machine, Call(frame, node, args, named), function)


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


def apply(machine: Machine, call: Call, function: Value) -> Value:
    """What calling a value gives."""
    match function:
        case Callable() | External() if read := schema.reader(machine, call, function):
            return read
        case Callable():
            return run(machine, call, function)
        case Class():
            return objects.construct(machine, call, function)
        case Method(target=Super() as above, name="__init__"):
            return classes.beyond(machine, call, above)
        case External() | Method() | Regex():
            return known.apply(machine, call, function)
        case Choice(options):
            out: list[tuple[Formula, Value]] = []
            for when, one in options:
                with machine.under(Gate(when)):
                    out.append((when, apply(machine, call, one)))
            return joins.choice(out)
        case Instance():
            method = objects.attribute(machine, function, "__call__")
            if isinstance(method, Callable):
                return run(machine, call, method)
            return opaque(function, *call.given)
        case Unknown(pure=True):
            return mixed(call.at, function, *call.given)
        case _:
            machine.outside += 1
            return opaque(function, *call.given)


def run(machine: Machine, call: Call, function: Callable) -> Value:
    """Runs a function of the tree, unless it cannot check a field or would never end."""
    given = [*call.given, *([function.bound] if function.bound is not None else [])]
    follows = function.closure is not None or any(tracked(v) for v in given)
    if follows and _says_no_more(machine, given):
        return mixed(call.at, *given)
    if not follows and not _small(function.node):
        machine.outside += 1
        return opaque(*given)
    if len(machine.active) >= DEPTH:
        place = function.module.evidence(function.node)
        machine.note("P303", function.module.path, "calls too deep to follow", place)
    if function.node in machine.active or len(machine.active) >= DEPTH:
        return opaque(*given)
    key = _key(machine, call, function)
    if key is not None and key in machine.done:
        before, result = machine.done[key]
        if before <= set(machine.path):
            return result
    path, chain = machine.path, machine.chain
    result = entered(machine, call, function)
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


def _key(machine: Machine, call: Call, function: Callable) -> object:
    """What a call is remembered by: the same function on the same values says the same again.

    Within another `try` it may be heard by others, so that counts too.
    """
    plain = all(isinstance(v, Ref | Const | Unknown | Choice | Class) for v in call.given)
    if function.closure is not None or not plain:
        return None
    bound = function.bound
    if isinstance(bound, Instance) and bound.attrs:
        return None
    traps = tuple(id(trap) for trap in machine.traps)
    owner = bound.cls.node if isinstance(bound, Instance) else bound
    key = (function.node, owner, tuple(call.args), tuple(call.named.items()), traps)
    try:
        hash(key)
    except TypeError:
        return None
    return key


def entered(machine: Machine, call: Call, function: Callable) -> Value:
    """Runs the body of a function, or what its decorators made of it."""
    outer = decorators.around(machine, function)
    if outer is None:
        return _run(machine, call, function)
    before = machine.entered
    chain = machine.chain
    machine.chains[function.node] = (*chain, call.frame.module.evidence(call.node))
    result = _run(machine, call, outer)
    if machine.entered == before:  # the wrapper was not understood as far as its function
        machine.chain = chain
        return _run(machine, call, replace(function, bare=True))
    return result


def _run(machine: Machine, call: Call, function: Callable) -> Value:
    machine.entered += function.bare
    inner = Frame(function.module, {}, function.closure, function.owner, len(machine.path))
    bind(machine, inner, function, call)
    machine.active.append(function.node)
    if function.bare:
        machine.chain = machine.chains.get(function.node, machine.chain)
    else:
        machine.chain = (*machine.chain, call.frame.module.evidence(call.node))
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
    return joins.choice([(c, v) for c, v in frame.returns if c != FALSE])


def _small(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    return isinstance(node, ast.Lambda) or len(node.body) <= SMALL


def bind(machine: Machine, inner: Frame, function: Callable, call: Call) -> None:
    """Puts the arguments under the names of the parameters, defaults where there are none."""
    spec, named = function.node.args, call.named
    names = [a.arg for a in (*spec.posonlyargs, *spec.args)]
    bound = [function.bound] if function.bound is not None else []
    given = [*bound, *call.args]
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
        inner.env[spec.vararg.arg] = Seq([(TRUE, v) for v in given[len(names) :]])
    if spec.kwarg is not None:
        taken = {*names, *(a.arg for a in spec.kwonlyargs)}
        inner.env[spec.kwarg.arg] = Dict({k: v for k, v in named.items() if k not in taken})


def _given(machine: Machine, scope: Frame, found: Value | None, default: ast.expr | None) -> Value:
    """An argument; where it may be missing, the parameter's default in its place."""
    if found is None or found == MISSING:
        return evaluate.value(machine, scope, default) if default is not None else OPAQUE
    if isinstance(found, Choice) and any(v == MISSING for _, v in found.options):
        instead = evaluate.value(machine, scope, default) if default is not None else OPAQUE
        return joins.choice([(c, instead if v == MISSING else v) for c, v in found.options])
    return found
