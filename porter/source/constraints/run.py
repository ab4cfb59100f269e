"""One run: from an endpoint to its constraints and notes, and which endpoints there are."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from porter.core.constraint import Constraint, Inference, InferenceNote
from porter.core.endpoint import Catalog, Endpoint
from porter.errors import SourceError
from porter.source.constraints import classify, decorators, execute, invoke, merge, objects
from porter.source.constraints.machine import Call, Event, Frame, Machine
from porter.source.constraints.values import OPAQUE, Callable, Ref, Value
from porter.source.mlflow import HANDLERS, Found, Function, Index
from porter.source.mlflow.serving import table

_KNOWN: WeakKeyDictionary[Index, dict[str, Inference]] = WeakKeyDictionary()
_PART = re.compile(r"\{([\w.]+)\}")


@dataclass(frozen=True)
class Refusal:
    """An exception that leaves the handler, and every way to it: for each gate, what holds."""

    event: Event
    ways: tuple[classify.Way, ...]


def served(index: Index, catalog: Catalog) -> tuple[Endpoint, ...]:
    """Every endpoint that this MLflow's handlers serve, in the proto's order."""
    own = handlers(index)
    return tuple(e for e in catalog.endpoints if _key(e) in own)


def handlers(index: Index) -> Mapping[tuple[str, str], str]:
    """The handler's name by the module and name of the request message."""
    module = index.module(HANDLERS)
    if module is None:
        return {}
    out: dict[tuple[str, str], str] = {}
    for local, handler in table(module).items():
        source, name = module.imports.get(local, ("", local))
        out[source, name or local] = handler
    return out


def infer_constraints(index: Index, catalog: Catalog, endpoint: Endpoint) -> Inference:
    """All that Python demands of an endpoint's request. Code it cannot read becomes notes."""
    known = _KNOWN.setdefault(index, {})
    if endpoint.id not in known:
        known[endpoint.id] = _inferred(index, catalog, endpoint)
    return known[endpoint.id]


def refusals(index: Index, catalog: Catalog, endpoint: Endpoint) -> tuple[Refusal, ...]:
    """Every exception that leaves the endpoint's handler, with the tests that lead to it."""
    machine = _run(index, catalog, endpoint)
    return tuple(Refusal(e, tuple(classify.ways(e))) for e in machine.raised)


def _run(index: Index, catalog: Catalog, endpoint: Endpoint) -> Machine:
    machine = Machine(index, catalog, endpoint)
    try:
        _start(machine, endpoint)
    except (SourceError, RecursionError) as error:
        text = error.message if isinstance(error, SourceError) else "code too deep to follow"
        machine.note("P302", "", text)
    except Exception as error:
        machine.note("P309", "", f"a bug in porter stopped the reading: {error!r}", *machine.chain)
    return machine


def _inferred(index: Index, catalog: Catalog, endpoint: Endpoint) -> Inference:
    machine = _run(index, catalog, endpoint)
    split = [(event, *classify.parted(event)) for event in machine.raised]
    along = [(event, way) for event, ways, _ in split for way in ways]
    first = [(event, way, list(classify.of_event(event, [way]))) for event, way in along]
    sure = frozenset(
        c.field
        for _, _, ones in first
        for c in ones
        if c.kind == "required" and c.certain and not c.conditional
    )
    found: list[Constraint] = []
    for event, way, ones in first:
        again = classify.hangs(way, sure)
        found += classify.of_event(event, [way], sure) if again else ones
    _note_switched_off(machine, [(event, way) for event, _, off in split for way in off], found)
    for cut in machine.cuts:
        found += classify.of_cut(cut)
    for one in found:
        if not one.field:
            machine.note("P310", "", "Python checks the request as a whole", *one.evidence)
    found = [one for one in found if one.field]
    return Inference(
        endpoint.id,
        endpoint.request.name,
        merge.merged(found, endpoint, catalog),
        tuple(machine.notes.values()),
    )


def _note_switched_off(
    machine: Machine, off: list[tuple[Event, classify.Way]], found: list[Constraint]
) -> None:
    """Says what Python checks only where an environment variable is set."""
    known = {(one.field, one.kind, one.value) for one in found}
    for event, way in off:
        for one in classify.of_event(event, [way]):
            if one.field and (one.field, one.kind, one.value) not in known:
                names = " and ".join(dict.fromkeys(classify.switches(way)))
                text = f"checked ({one.kind}) only where {names} is not what it comes as"
                note = InferenceNote(one.field, "P315", text, one.evidence)
                machine.notes.setdefault(("P315", one.field + text), note)


def _key(endpoint: Endpoint) -> tuple[str, str]:
    return endpoint.request.module, endpoint.request.name


def _start(machine: Machine, endpoint: Endpoint) -> None:
    module = machine.index.module(HANDLERS)
    name = handlers(machine.index).get(_key(endpoint))
    found = machine.index.resolve(module, name) if module is not None and name else None
    if not isinstance(found, Found) or not isinstance(found.node, Function):
        machine.note("P301", "", f"no handler serves {endpoint.request.name}")
        return
    machine.chain = ()
    handler = Callable(found.node, found.module)
    given = _parameters(machine, found.node, endpoint)
    around = decorators.around(machine, handler)
    if around is not None:
        machine.chains[found.node] = ()
        invoke.run(machine, Call(Frame(found.module, {}), found.node, [], given), around)
        if machine.entered:
            return
    machine.chain = ()
    machine.active.append(found.node)
    execute.block(machine, Frame(found.module, given), found.node.body)


def _parameters(
    machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef, endpoint: Endpoint
) -> dict[str, Value]:
    """The handler's parameters: parts of the URL, which are strings that are not empty."""
    parts = {
        p.rsplit(".", 1)[-1]: p for route in endpoint.routes for p in _PART.findall(route.path)
    }
    out: dict[str, Value] = {}
    for arg in (*node.args.args, *node.args.kwonlyargs):
        path = parts.get(arg.arg, arg.arg)
        ref: Ref | None = machine.request("url")
        for part in path.split("."):
            ref = objects.child(machine, ref, part) if ref is not None else None
        out[arg.arg] = Ref(path, "url", field=ref.field) if ref is not None else OPAQUE
    return out
