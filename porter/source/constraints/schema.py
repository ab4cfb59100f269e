"""How a request is read: the schema of `_get_request_message`, and what else hands over fields.

The validators of a schema see the JSON as it came: an absent field is None. A type validator runs
only where the proto parser refused the JSON, which it does for the types it names, so it rejects
what it says. A schema entry without a required marker runs only on a field that is there.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from porter.source.constraints import invoke, objects
from porter.source.constraints.formulas import TRUE, Atom
from porter.source.constraints.machine import Event, Frame, Gate, Machine, Trap
from porter.source.constraints.truth import atom
from porter.source.constraints.values import (
    NONE,
    OPAQUE,
    Callable,
    Choice,
    Dict,
    Instance,
    Ref,
    Seq,
    Value,
)
from porter.source.mlflow import REGISTRY_STORE, TRACKING_STORE, Found

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


def reader(
    machine: Machine,
    frame: Frame,
    node: ast.AST,
    function: Callable,
    args: list[Value],
    named: dict[str, Value],
) -> Value | None:
    """What a function that reads the request, or that hands out a store, answers; else None."""
    name = getattr(function.node, "name", "")
    if name in STORES:
        return _store(machine, *STORES[name])
    if name in RAW:
        return machine.request("raw")
    if name == CHECKER and len(args) > 1 and isinstance(args[0], Ref) and isinstance(args[1], Dict):
        _check(machine, frame, args[1], args[0])
        return NONE
    if name in READERS:
        schema = named.get("schema") or (args[2] if len(args) > 2 else None)
        for one in schema.options if isinstance(schema, Choice) else ((TRUE, schema),):
            if isinstance(one[1], Dict):
                _check(machine, frame, one[1], machine.request("raw"))
            elif one[1] is not None:
                machine.note(
                    "P305", name, "a schema that is not a dict", frame.module.evidence(node)
                )
        return machine.request("proto" if name == "_get_request_message" else "raw")
    if name in MARKERS and args and isinstance(args[0], Ref):
        _marker(machine, frame, node, function, args[0], MARKERS[name])
        return NONE
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
        field = objects.child(machine, whole, str(key))
        if field is None:
            machine.note("P306", str(key), f"the schema names {key}, which is no field",
                         *_places(schema, key))  # fmt: skip
            continue
        functions = [v for _, v in validators.items] if isinstance(validators, Seq) else []
        names = {getattr(f.node, "name", "") for f in functions if isinstance(f, Callable)}
        absent = REQUIRED in names
        seen = replace(field, optional=True)
        machine.chain = (*chain, *_places(schema, key))
        gates = () if absent else (Gate(Atom("given", seen, deps=frozenset((seen.path,)))),)
        for function in functions:
            with machine.under(*gates):
                _run(machine, frame, schema, key, function, seen)
    machine.chain = chain


def _run(
    machine: Machine, frame: Frame, schema: Dict, key: object, function: Value, seen: Ref
) -> None:
    """One validator of the schema; an AssertionError of it becomes an answer."""
    if not isinstance(function, Callable):
        machine.note("P305", f"{key}", f"a validator of {key} that is no function",
                     *_places(schema, key))  # fmt: skip
        return
    traps, machine.traps = machine.traps, [Trap((frozenset({"AssertionError"}),), [[]])]
    node = function.node
    invoke.apply(machine, frame, node, function, [seen], {})
    caught = machine.traps[0].caught[0]
    machine.traps = traps
    for event in caught:
        machine.throw(Event("MlflowException", event.path, event.chain))


def _marker(
    machine: Machine, frame: Frame, node: ast.AST, function: Callable, ref: Ref, kind: str
) -> None:
    """A marker's check, as an atom of its own (`is` with the kind's name)."""
    test = atom("none", ref) if kind == "required" else atom("not", ref, kind)
    if kind == "required" and not ref.optional:
        from porter.source.constraints.formulas import negate
        from porter.source.constraints.truth import truth

        path = (*machine.path, Gate(negate(truth(ref))))
    else:
        path = (*machine.path, Gate(test))
    called = node is not function.node
    chain = (*machine.chain, frame.module.evidence(node)) if called else machine.chain
    machine.throw(Event("AssertionError", path, chain))


def _places(schema: Dict, key: object) -> tuple:  # type: ignore[type-arg]
    place = schema.places.get(key)
    return (place,) if place is not None else ()
