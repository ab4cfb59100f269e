"""How a request is read: the schema of `_get_request_message`, and what else hands over fields.

The validators of a schema see the JSON as it came: an absent field is None. A type validator runs
only where the proto parser refused the JSON, which it does for the types it names, so it rejects
what it says. A schema entry without a required marker runs only on a field that is there.
"""

from __future__ import annotations

import ast
import functools
from dataclasses import replace

from porter.core.constraint import InferenceNote
from porter.core.question import Evidence
from porter.source.constraints import invoke, objects
from porter.source.constraints.formulas import TRUE, Atom, Formula, negate
from porter.source.constraints.machine import Call, Event, Frame, Gate, Machine, Trap
from porter.source.constraints.truth import atom, truth
from porter.source.constraints.values import (
    NONE,
    OPAQUE,
    Callable,
    Choice,
    Dict,
    External,
    Instance,
    Ref,
    Seq,
    Value,
)
from porter.source.mlflow import HANDLERS, REGISTRY_STORE, TRACKING_STORE, Found, Module

READERS = frozenset({"_get_request_message", "_get_validated_flask_request_json"})
CHECKER = "_validate_request_json_with_schema"
RAW = frozenset({"_get_request_json", "_get_normalized_request_json"})
STORES = {
    "_get_tracking_store": (TRACKING_STORE, "SqlAlchemyStore"),
    "_get_model_registry_store": (REGISTRY_STORE, "SqlAlchemyStore"),
    "_get_job_store": ("mlflow.store.jobs.sqlalchemy_store", "SqlAlchemyJobStore"),
}
"""What the handlers' own functions answer; the SQL stores are what is ported."""
REQUIRED = "_assert_required"
MARKERS = {
    REQUIRED: "required",
    "_assert_string": "string",
    "_assert_intlike": "integer",
    "_assert_bool": "bool",
    "_assert_floatlike": "float",
    "_assert_array": "array",
    "_assert_item_type_string": "item_type",
    "_assert_map_key_present": "map_keys",
}
"""Validators that a schema uses as markers: what each means cannot be read from its `assert`."""


def reader(machine: Machine, call: Call, function: Callable | External) -> Value | None:
    """What a function that reads the request, or that hands out a store, answers; else None."""
    args, named = call.args, call.named
    name = _name(function)
    if name in STORES:
        return _store(machine, *STORES[name])
    if name in RAW:
        return machine.request("raw")
    if name == CHECKER and len(args) > 1 and isinstance(args[0], Ref) and isinstance(args[1], Dict):
        _check(machine, call.frame, args[1], args[0])
        return NONE
    if name in READERS:
        schema = named.get("schema") or (args[2] if len(args) > 2 else None)
        for one in schema.options if isinstance(schema, Choice) else ((TRUE, schema),):
            if isinstance(one[1], Dict):
                _check(machine, call.frame, one[1], machine.request("raw"))
            elif one[1] is not None:
                machine.note(
                    "P305",
                    name,
                    "a schema that is not a dict",
                    call.frame.module.evidence(call.node),
                )
        if name == "_get_request_message":
            _by_query(machine, call)
        return machine.request("proto" if name == "_get_request_message" else "raw")
    if name in MARKERS and args and isinstance(args[0], Ref):
        _marker(machine, call, function, args[0])
        return NONE
    return None


def _by_query(machine: Machine, call: Call) -> None:
    """Newer parsers refuse a truth in the query string that is neither true nor false."""
    module = machine.index.module(HANDLERS)
    place = refuses_truths(module)
    routes = machine.endpoint.routes
    if module is None or place is None or any(route.method != "GET" for route in routes):
        return
    for field in machine.endpoint.request.fields:
        seen = objects.child(machine, machine.request("raw"), field.name)
        if seen is not None and field.kind == "bool" and not field.repeated:
            gate = Gate(atom("not", seen, "bool"))
            chain = (*machine.chain, call.frame.module.evidence(call.node), module.evidence(place))
            machine.throw(Event("MlflowException", (*machine.path, gate), chain))


@functools.lru_cache(maxsize=8)
def refuses_truths(module: Module | None) -> ast.Raise | None:
    """The `raise` under a test for a bool field in the request parser, or None."""
    reader = module.defined.get("_get_request_message") if module is not None else None
    for node in ast.walk(reader) if reader is not None else ():
        if isinstance(node, ast.If) and "TYPE_BOOL" in ast.unparse(node.test):
            return next((n for n in ast.walk(node) if isinstance(n, ast.Raise)), None)
    return None


def _store(machine: Machine, module: str, cls: str) -> Value:
    loaded = machine.index.module(module)
    found = loaded.defined.get(cls) if loaded is not None else None
    if loaded is None or not isinstance(found, ast.ClassDef):
        machine.note("P302", module, f"{module} is not there: its checks are missing")
        return OPAQUE
    return Instance(Found(loaded, found))


def _check(machine: Machine, frame: Frame, schema: Dict, whole: Ref) -> None:
    """Every validator on its field of `whole`, the JSON or an object in it."""
    chain = machine.chain
    for key, validators in schema.known.items():
        places = _places(schema, key)
        field = objects.child(machine, whole, str(key))
        if field is None:
            machine.note("P306", "", f"the schema names {key}, which is no field", *places)
            continue
        functions = [v for _, v in validators.items] if isinstance(validators, Seq) else []
        absent = REQUIRED in {_name(function) for function in functions}
        if absent:
            _substitute(machine, whole, str(key), places)
        seen = replace(field, optional=True)
        machine.chain = (*chain, *places)
        gates = () if absent else (Gate(Atom("given", seen, deps=frozenset((seen.path,)))),)
        for function in functions:
            with machine.under(*gates):
                _run(machine, frame, function, seen)
    machine.chain = chain


def _substitute(machine: Machine, whole: Ref, key: str, places: tuple[Evidence, ...]) -> None:
    """Says which older field the request parser takes where this one is missing."""
    for other in substitutes(machine.index.module(HANDLERS)).get(key, ()):
        if objects.child(machine, whole, other) is not None:
            text = f"Python takes {other} where {key} is missing"
            note = InferenceNote(key, "P308", text, places)
            machine.notes.setdefault(("P308", key), note)


@functools.lru_cache(maxsize=8)
def substitutes(module: Module | None) -> dict[str, tuple[str, ...]]:
    """The older names that the request parser knows: `if key == "a" … and "b" in request_json`."""
    out: dict[str, tuple[str, ...]] = {}
    readers = [module.defined.get(name) for name in (*READERS, CHECKER)] if module else []
    for node in (n for r in readers if r is not None for n in ast.walk(r)):
        if isinstance(node, ast.If) and isinstance(node.test, ast.BoolOp):
            tests = [t for t in node.test.values if isinstance(t, ast.Compare)]
            keys = [_text(t.comparators[0]) for t in tests if isinstance(t.ops[0], ast.Eq)]
            others = [_text(t.left) for t in tests if isinstance(t.ops[0], ast.In)]
            if keys and keys[0] and others and others[0]:
                out[keys[0]] = (*out.get(keys[0], ()), others[0])
    return out


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _run(machine: Machine, frame: Frame, function: Value, seen: Ref) -> None:
    """One validator of the schema; an AssertionError of it becomes an answer."""
    if isinstance(function, External) and _name(function) in MARKERS:
        # A partial tree: what a marker means does not hang on its source.
        machine.throw(_marked(machine, MARKERS[_name(function)], seen, machine.chain))
        return
    if not isinstance(function, Callable):
        text = f"a validator of {seen.path} that is no function"
        machine.note("P305", "", text, *machine.chain[-1:])
        return
    traps, machine.traps = machine.traps, [Trap((frozenset({"AssertionError"}),), [[]])]
    invoke.apply(machine, Call(frame, function.node, [seen]), function)
    caught = machine.traps[0].caught[0]
    machine.traps = traps
    for event in caught:
        machine.throw(Event("MlflowException", event.path, event.chain))


def _marker(machine: Machine, call: Call, function: Callable | External, ref: Ref) -> None:
    """A marker that is called: in the schema, or by a validator of it."""
    called = not isinstance(function, Callable) or call.node is not function.node
    chain = (*machine.chain, call.frame.module.evidence(call.node)) if called else machine.chain
    event = _marked(machine, MARKERS[_name(function)], ref, chain)
    machine.throw(Event("AssertionError", event.path, chain))


def _marked(machine: Machine, kind: str, ref: Ref, chain: tuple[Evidence, ...]) -> Event:
    """What a marker refuses, as an atom of its own (`not` with the kind's name)."""
    test: Formula = atom("none", ref) if kind == "required" else atom("not", ref, kind)
    if kind == "required" and not ref.optional:
        test = negate(truth(ref))
    return Event("MlflowException", (*machine.path, Gate(test)), chain)


def _name(function: Value) -> str:
    match function:
        case Callable():
            return str(getattr(function.node, "name", ""))
        case External(dotted):
            return dotted.rsplit(".", 1)[-1]
        case _:
            return ""


def _places(schema: Dict, key: object) -> tuple[Evidence, ...]:
    place = schema.places.get(key)
    return (place,) if place is not None else ()
