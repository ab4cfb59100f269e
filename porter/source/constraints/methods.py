"""Methods of values that are no objects of the tree: of fields, strings, lists, dicts, patterns."""

from __future__ import annotations

from dataclasses import replace

from porter.source.constraints import assigning, joins, known, objects, oneofs
from porter.source.constraints.formulas import TRUE, both, negate
from porter.source.constraints.machine import Call, Machine
from porter.source.constraints.truth import atom, truth
from porter.source.constraints.values import (
    ITEM,
    NONE,
    OPAQUE,
    Bool,
    Class,
    Const,
    Dict,
    Method,
    Ref,
    Regex,
    Seq,
    Value,
    mixed,
    opaque,
    plain,
)

_STRING = frozenset({
    "strip", "lstrip", "rstrip", "lower", "upper", "casefold", "title", "encode", "decode",
    "replace", "removeprefix", "removesuffix", "capitalize", "swapcase",
})  # fmt: skip
_SAFE = _STRING | {"startswith", "endswith", "isdigit", "split", "rsplit", "join", "format", "keys",
                   "values", "items", "union", "intersection", "difference"}  # fmt: skip


def apply(machine: Machine, call: Call, method: Method) -> Value:
    """What a method gives."""
    args, named, at = call.args, call.named, call.at
    match method.target:
        case Ref() as ref:
            return _of_ref(machine, call, ref, method.name)
        case Regex(pattern) if method.name in ("match", "fullmatch", "search") and args:
            return known.matched(args[0], pattern, method.name, at)
        case Seq() as seq:
            return _of_seq(machine, call, seq, method.name)
        case Dict() as made:
            return _of_dict(machine, call, made, method.name)
        case Const() as const:
            return _of_const(call, const, method.name)
        case Class() as cls:
            return mixed(at, *args, *named.values()) if args else opaque(cls)
        case _:
            return mixed(at, method.target, *args, *named.values())


def _of_ref(machine: Machine, call: Call, ref: Ref, name: str) -> Value:
    args, at = call.args, call.at
    first = plain(args[0]) if args else ...
    if name == "HasField" and isinstance(first, str):
        field = objects.child(machine, ref, first)
        return Bool(oneofs.present(ref, field)) if field is not None else OPAQUE
    if name == "get" and isinstance(first, str):
        if ref.many:
            return replace(ref, many=False, ops=(*ref.ops, ITEM))
        if not ref.path and ref.message is not None and ref.message.field(first) is None:
            return OPAQUE
        found = objects.child(machine, ref, first)
        fallback = args[1] if len(args) > 1 else NONE
        if found is None or fallback == NONE:
            return found or mixed(at, ref)
        gone = atom("none", found)
        return joins.choice([(gone, fallback), (negate(gone), found)])
    if name in ("items", "keys", "values") and ref.many:
        key, value = objects.entry(machine, ref, "key"), objects.entry(machine, ref, "value")
        row = {"items": Seq([(TRUE, key), (TRUE, value)]), "keys": key, "values": value}[name]
        return Seq([(TRUE, row)], exact=False, filled=truth(ref))
    if name in _STRING:
        return ref.then(name)
    if name in ("startswith", "endswith") and first is not ...:
        return Bool(atom("starts" if name == "startswith" else "ends", ref, first))
    if name in ("isdigit", "isnumeric", "isdecimal"):
        return Bool(negate(atom("fails", ref, "int")))
    if name == "WhichOneof" and ref.message is not None:
        parts = [objects.child(machine, ref, f.name) for f in oneofs.members(ref.message, first)]
        return oneofs.which(ref, [part for part in parts if part is not None])
    return mixed(at, ref, *args)


def _of_seq(machine: Machine, call: Call, seq: Seq, name: str) -> Value:
    args, frame = call.args, call.frame
    when = machine.since(seq.born)
    if name in ("append", "add", "insert") and args:
        seq.items.append((when, args[-1]))
        seq.exact = seq.exact and when == TRUE
        return NONE
    if name in ("extend", "update") and args:
        seq.items += [(both((when, c)), v) for c, v in objects.elements(machine, frame, args[0])]
        seq.exact = False
        return NONE
    if name in ("copy", "sort", "reverse"):
        return seq
    return mixed(call.at, seq, *args)


def _of_dict(machine: Machine, call: Call, made: Dict, name: str) -> Value:
    args, at = call.args, call.at
    first = plain(args[0]) if args else ...
    if name in ("get", "pop", "setdefault") and args:
        if isinstance(first, str | int) and first in made.known:
            return made.known[first]
        fallback = args[1] if len(args) > 1 else NONE
        if first is not ... and not made.pairs and not made.rest:
            return fallback
        return objects.lookup(made, args[0], at, fallback)
    if name in ("items", "keys", "values"):
        rows = [(TRUE, Const(k), v) for k, v in made.known.items()] + made.pairs
        exact = not made.pairs and not made.rest
        picked = [
            (c, {"items": Seq([(TRUE, k), (TRUE, v)]), "keys": k, "values": v}[name])
            for c, k, v in rows
        ]
        return Seq(picked, exact, made.filled if not exact else None)
    if name == "update":
        for arg in args:
            assigning.spread(made, arg)
        for key, value in call.named.items():
            assigning.put(machine, made, Const(key), value)
        return NONE
    if name == "copy":
        return Dict(dict(made.known), list(made.pairs), made.rest, made.filled, made.born)
    return mixed(at, made, *args)


def _of_const(call: Call, const: Const, name: str) -> Value:
    args, named, at = call.args, call.named, call.at
    if const.env is not None and name in ("get", "get_raw", "defined", "is_set"):
        return Const(False, const.env) if name in ("defined", "is_set") else const
    given = [plain(a) for a in args]
    inner = plain(const)
    if name in _SAFE and inner is not None and ... not in given and not named:
        try:
            found = getattr(inner, name)(*given)
        except (AttributeError, TypeError, ValueError, IndexError, KeyError):
            return OPAQUE
        return Const(found if isinstance(found, str | bool | bytes) else tuple(found))
    return mixed(at, const, *args, *named.values())
