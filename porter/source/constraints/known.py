"""Functions from outside the tree whose meaning is known: builtins, `re`, `json`, `urllib`."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from porter.source.constraints import counting, invoke, joins, methods, objects, request
from porter.source.constraints.formulas import TRUE as ALWAYS
from porter.source.constraints.formulas import Formula, both, either, negate, pick
from porter.source.constraints.machine import Call, Machine
from porter.source.constraints.truth import atom, instance_of, truth, unknown
from porter.source.constraints.values import (
    NONE,
    OPAQUE,
    Bool,
    Choice,
    Const,
    Dict,
    External,
    Instance,
    Method,
    Ref,
    Regex,
    Seq,
    Unknown,
    Value,
    deps,
    mixed,
    opaque,
    plain,
    pure,
    tracked,
)

PURE = (
    "builtins.", "re.", "json.", "urllib.parse.", "posixpath.", "ntpath.", "os.path.", "pathlib.",
    "math.", "datetime.", "collections.", "itertools.", "ipaddress.", "unicodedata.", "base64.",
    "uuid.", "string.", "functools.", "operator.", "numbers.", "google.protobuf.", "sqlparse.",
    "shlex.", "ast.",
)  # fmt: skip
SAME = frozenset({
    "builtins.list", "builtins.tuple", "builtins.sorted", "builtins.reversed", "builtins.iter",
    "builtins.str", "builtins.dict", "copy.copy", "copy.deepcopy", "builtins.frozenset",
    "google.protobuf.json_format.MessageToDict",
})  # fmt: skip
TO_DICT = "google.protobuf.json_format.MessageToDict"
_THEN = {
    "builtins.set": "set", "posixpath.normpath": "normpath", "os.path.normpath": "normpath",
    "dict.fromkeys": "fromkeys", "builtins.dict.fromkeys": "fromkeys", "collections.Counter": "set",
    "urllib.parse.urlparse": "urlparse", "urllib.parse.urlsplit": "urlparse",
    "urllib.parse.unquote": "unquote", "urllib.parse.unquote_plus": "unquote",
    "builtins.abs": "abs",
}  # fmt: skip
PARSES = (
    "json.", "urllib.parse.", "datetime.", "ipaddress.", "base64.", "uuid.", "re.compile",
    "sqlparse.", "shlex.", "ast.", "google.protobuf.json_format.",
)  # fmt: skip
"""Functions that raise for what they cannot read."""
_MATCHERS = frozenset({"re.match", "re.fullmatch", "re.search"})


def apply(machine: Machine, call: Call, function: Value) -> Value:
    """What calling a function from outside, or a method of a value, gives."""
    many = call.first
    distributes = isinstance(function, External) and function.name.startswith(PURE)
    if isinstance(many, Choice) and distributes:
        rest = call.args[1:]
        out = [(c, apply(machine, call.on(v, *rest), function)) for c, v in many.options]
        return joins.choice(out)
    match function:
        case External(name):
            return _external(machine, call, name)
        case Method():
            return methods.apply(machine, call, function)
        case _:
            return opaque(function, *call.given)


def _external(machine: Machine, call: Call, name: str) -> Value:
    args, at = call.args, call.at
    first = args[0] if args else call.named.get("string", NONE)
    kept = _kept(name, first) if args or name in _THEN else None
    if kept is not None:
        return kept
    if name == "builtins.set":
        return first if args else Seq(exact=True, born=len(machine.path))
    if name in ("builtins.list", "builtins.dict") and not args:
        return (
            Dict({str(k): v for k, v in call.named.items()})
            if name.endswith("dict")
            else Seq(born=len(machine.path))
        )
    if name in _MATCHERS:
        pattern = plain(args[0]) if not isinstance(args[0], Regex) else args[0].pattern
        subject = args[1] if len(args) > 1 else NONE
        return matched(subject, str(pattern), name.rsplit(".", 1)[-1], at)
    if not args and request.is_own(machine, name):
        return machine.request("proto")
    if "_pb2." in name and name.endswith(".Name") and isinstance(first, Ref):
        return first.then("Name")
    if name == "re.compile" and isinstance(plain(first), str):
        return Regex(str(plain(first)))
    if name in ("os.environ.get", "os.getenv"):
        return Const(plain(args[1]) if len(args) > 1 else None, str(plain(first)))
    if name == "typing.cast" and len(args) > 1:
        return args[1]
    builtin = name.removeprefix("builtins.")
    if builtin != name:
        found = _builtin(machine, call, builtin)
        if found is not None:
            return found
    return _other(machine, call, name)


def _kept(name: str, first: Value) -> Value | None:
    """What functions give that leave a value what it is, or are remembered with it."""
    if name == TO_DICT and isinstance(first, Ref) and _any_value(first):
        return replace(first, origin="raw", optional=True)
    if name in SAME and isinstance(first, Ref | Seq | Dict | Const | Unknown):
        return _same(name, first)
    if name in _THEN and isinstance(first, Ref):
        return first.then(_THEN[name])
    if _THEN.get(name) == "fromkeys" and isinstance(first, Seq):
        return Seq(list(first.items), exact=False, filled=first.filled, born=first.born)
    return None


def _any_value(ref: Ref) -> bool:
    """Whether a field takes any JSON, so that it is None where it was not given."""
    field = ref.field
    return field is not None and not ref.ops and field.type_name == "google.protobuf.Value"


def _other(machine: Machine, call: Call, name: str) -> Value:
    args, at = call.given, call.at
    if not any(tracked(v) for v in args):
        machine.outside += 1
        return opaque(*args)
    found = mixed(at, *args)
    if not name.startswith(PURE):
        machine.outside += 1
        return opaque(*args)
    failing: Formula = unknown(Unknown(found.deps, found.pure, f"{at} fails"))
    ref = args[0]
    if name in ("json.loads", "builtins.int", "builtins.float") and isinstance(ref, Ref):
        if name != "json.loads" and ref.kind not in ("string", ""):
            return ref.then("int")
        failing = atom("fails", ref, name.rsplit(".", 1)[-1])
        machine.may_raise("JSONDecodeError" if name == "json.loads" else "ValueError",
                          call.frame.module, call.node, failing, sure=True)  # fmt: skip
        return found if name == "json.loads" else ref.then("int")
    if name.startswith(PARSES):
        machine.may_raise("ValueError", call.frame.module, call.node, failing)
    return found


def _same(name: str, value: Value) -> Value:
    if isinstance(value, Const) and name == "builtins.str":
        return Const(str(plain(value)), value.env)
    if (
        isinstance(value, Const)
        and isinstance(plain(value), tuple | list)
        and name == "builtins.sorted"
    ):
        # `plain` gives object: that it is a sequence was asked above.
        return Const(tuple(sorted(plain(value), key=repr)))  # type: ignore[call-overload]
    if isinstance(value, Seq) and name == "builtins.dict":
        return counting.of_rows(value)
    if isinstance(value, Seq):
        return Seq(list(value.items), value.exact, value.filled, value.born)
    return value


def matched(subject: Value, pattern: str, how: str, at: str) -> Value:
    """A regex match of a value."""
    match subject:
        case Choice(options):
            inner = [(c, matched(v, pattern, how, at)) for c, v in options]
            return Bool(pick((c, truth(v)) for c, v in inner), nullable=True)
        case Ref():
            anchored = (
                pattern
                if how != "fullmatch"
                else f"^{pattern}$".replace("^^", "^").replace("$$", "$")
            )
            return Bool(atom("match", subject, anchored), nullable=True)
        case Const(str() as text):
            try:
                return Bool(truth(Const(bool(getattr(re, how)(pattern, text)))), nullable=True)
            except re.error:
                return OPAQUE
        case _:
            return Bool(truth(mixed(at, subject)), nullable=True)


def _builtin(machine: Machine, call: Call, name: str) -> Value | None:
    first, args, at, node = call.first, call.args, call.at, call.node
    match name:
        case "len":
            return counting.length(first, at)
        case "bool":
            return Bool(truth(first))
        case "isinstance" if isinstance(node, ast.Call) and len(node.args) == 2:
            return Bool(_isinstance(machine, first, node.args[1], at))
        case "getattr" if len(args) > 2 and first == request.PLUGIN:
            return args[2]
        case "getattr" if len(args) > 1 and isinstance(plain(args[1]), str):
            return objects.attribute(machine, first, str(plain(args[1])))
        case "hasattr" if len(args) > 1:
            return _hasattr(machine, first, str(plain(args[1])), at)
        case "int" | "float" if isinstance(plain(first), int | float | str):
            return counting.number(name, plain(first))
        case "sum" if isinstance(numbers := plain(first), tuple):
            return counting.total(numbers)
        case "sum" | "max" | "min" if isinstance(first, Seq) and pure(first) and deps(first):
            return Unknown(request.gathered(machine, deps(first)), True, at)
        case "enumerate" | "zip" | "any" | "all" | "map" if args:
            return _through(machine, call, name)
        case _:
            return None


def _through(machine: Machine, call: Call, name: str) -> Value | None:
    """The builtins that go through the elements of their argument."""
    first, frame = call.first, call.frame
    rows = objects.elements(machine, frame, first)
    match name:
        case "enumerate":
            numbered = [(c, Seq([(ALWAYS, OPAQUE), (ALWAYS, v)])) for c, v in rows]
            return Seq([*numbered], exact=False, filled=truth(first))
        case "zip":
            parts = [objects.elements(machine, frame, a)[:1] for a in call.args]
            row = Seq([(ALWAYS, p[0][1] if p else OPAQUE) for p in parts])
            return Seq([(ALWAYS, row)], exact=False)
        case "any":
            return Bool(either(both((c, truth(v))) for c, v in rows))
        case "all":
            return Bool(negate(either(both((c, negate(truth(v)))) for c, v in rows)))
        case "map" if len(call.args) > 1:
            many = call.args[1]
            each = objects.elements(machine, frame, many)
            made = [(c, invoke.apply(machine, Call(frame, call.node, [v]), first)) for c, v in each]
            return Seq(made, exact=False, filled=truth(many))
        case _:
            return None


def _isinstance(machine: Machine, value: Value, types: ast.expr, at: str) -> Formula:
    words = re.findall(r"[A-Za-z_][\w.]*", ast.unparse(types))
    names = frozenset("NoneType" if w in ("None", "type") else w.rsplit(".", 1)[-1] for w in words)
    if isinstance(value, Instance):
        mine = {
            c.node.name for c in machine.index.bases(value.cls) if isinstance(c.node, ast.ClassDef)
        }
        return truth(Const(bool(mine & names)))
    if isinstance(value, Choice):
        return pick((c, _isinstance(machine, v, types, at)) for c, v in value.options)
    return instance_of(value, names, at)


def _hasattr(machine: Machine, value: Value, name: str, at: str) -> Value:
    match value:
        case Ref() if value.message is not None and not value.ops:
            return Const(value.message.field(name) is not None)
        case Instance():
            return Const(name in value.attrs or machine.index.member(value.cls, name) is not None)
        case _:
            return mixed(at, value)
