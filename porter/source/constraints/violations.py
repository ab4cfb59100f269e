"""What one test says of a field: the rule that a field breaks where the test holds."""

from __future__ import annotations

from dataclasses import dataclass

from porter.core.constraint import ConstraintKind
from porter.source.constraints.formulas import Atom
from porter.source.constraints.truth import INTEGERS
from porter.source.constraints.values import Ref

Scalar = str | int | float | tuple[str, ...] | None
BLANK = "blank"
"""The value of a *non_empty* that refuses blanks, until it is merged with what else is known."""
PLAIN = frozenset({"int", "enum", "Name", "name", "value"})
"""Functions of a field behind which a check is still one of the field itself."""
_BLANK = frozenset({"strip", "lstrip", "rstrip"})
FOLDS = frozenset({"lower", "upper", "casefold"})
"""Functions of a text that only make a check blind to its case."""
_DISTINCT = frozenset({"set", "fromkeys"})
_TYPES: dict[str, ConstraintKind] = {
    "str": "string",
    "int": "integer",
    "float": "float",
    "bool": "bool",
    "list": "array",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """What one atom says of a field: that it breaks this kind of rule."""

    kind: ConstraintKind
    value: Scalar = None


def violation(atom: Atom, *, strong: bool = True) -> Violation | None:
    """What rule a field breaks where the atom holds; `strong` leaves out mere presence."""
    if atom.op in ("pure", "cross", "unset"):
        return Violation("other")
    ref = atom.ref
    if ref is None or (atom.picks and strong):
        return None
    if "normpath" in ref.ops or atom.op == "path":
        return Violation("path_unique")
    if "urlparse" in ref.ops:
        if ref.ops[-1:] == ("scheme",) and atom.op == "in" and not atom.positive:
            return Violation("uri_scheme", values_of(atom.arg))
        return Violation("other")
    if atom.op == "truthy":
        return _untrue(atom, ref, strong)
    if atom.op in ("none", "given", "present"):
        return _absent(atom, strong)
    if ref.ops[-1:] == ("len",):
        return _length(atom, ref)
    return _compared(atom, ref, strong)


def _untrue(atom: Atom, ref: Ref, strong: bool) -> Violation | None:
    if atom.positive:
        return None if strong else Violation("other")
    if set(ref.ops) - PLAIN - _BLANK - FOLDS:
        return Violation("other")
    if ref.many:
        return Violation("non_empty")
    if ref.field is not None and ref.field.repeated:
        return Violation("other")
    if ref.kind == "bool":
        return None if strong else Violation("other")
    if ref.field is not None and ref.field.default and not ref.ops:
        return Violation("non_empty") if ref.kind == "string" else Violation("min", 1)
    return Violation("required")


def _absent(atom: Atom, strong: bool) -> Violation | None:
    gone = atom.positive == (atom.op == "none")
    if gone:
        return Violation("required")
    return None if strong else Violation("other")


def _length(atom: Atom, ref: Ref) -> Violation:
    if set(ref.ops[:-1]) - PLAIN - _BLANK - FOLDS - _DISTINCT:
        return Violation("other")
    bound = _upper(atom, whole=True)
    if bound is not None:
        return Violation("max_items" if ref.many else "max_length", bound)
    return Violation("other")


def _compared(atom: Atom, ref: Ref, strong: bool) -> Violation | None:
    folded = FOLDS if atom.op == "in" and not atom.positive else frozenset()
    folded = _BLANK if atom.op == "fails" else folded
    if set(ref.ops) - PLAIN - folded and atom.op not in ("not", "is", "dup"):
        return Violation("other")
    match atom.op:
        case "not":
            return Violation(*_marked(atom))
        case "is":
            return _typed(atom, strong)
        case "dup":
            return Violation("unique_keys") if atom.positive else None
        case "lt" | "le" if atom.positive:
            return Violation("min", _lower(atom))
        case "lt" | "le":
            return Violation("max", _upper(atom, whole=_whole(ref)))
        case _:
            return _wrong(atom)


def _wrong(atom: Atom) -> Violation:
    """A value that is not of the right form, or none of those that are allowed."""
    match atom.op, atom.positive:
        case ("fails", True) if atom.arg in ("int", "float"):
            return Violation("numeric_string")
        case ("match", False):
            return Violation("charset", str(atom.arg))
        case ("in", False):
            return Violation("one_of", values_of(atom.arg))
        case ("eq", False):
            return Violation("one_of", values_of((atom.arg,)))
        case ("eq", True) if atom.ref is not None and atom.ref.enum:
            held = [n if "Name" in atom.ref.ops else v for n, v in atom.ref.enum]
            return Violation("one_of", values_of([v for v in held if v != atom.arg]))
        case ("eq", True) if atom.arg == "":
            return Violation("non_empty")
        case _:
            return Violation("other")


def _typed(atom: Atom, strong: bool) -> Violation | None:
    """`isinstance` of the JSON as it came."""
    if atom.positive:
        return None if strong else Violation("other")
    types = atom.arg if isinstance(atom.arg, tuple) else ()
    kinds = {_TYPES.get(str(t), "other") for t in types}
    return Violation(kinds.pop() if len(kinds) == 1 else "other")


def _marked(atom: Atom) -> tuple[ConstraintKind, Scalar]:
    kind = str(atom.arg)
    return kind, "string" if kind == "item_type" else None  # type: ignore[return-value]


def _lower(atom: Atom) -> Scalar:
    """The least allowed number where `x < arg` (`lt`) or `x <= arg` (`le`) is refused."""
    assert isinstance(atom.arg, int | float)
    whole = atom.ref is not None and _whole(atom.ref)
    return atom.arg + 1 if atom.op == "le" and whole else atom.arg


def _upper(atom: Atom, *, whole: bool) -> int | float | None:
    """The greatest allowed number where `not x <= arg` or `not x < arg` is refused."""
    if atom.positive or atom.op not in ("lt", "le") or not isinstance(atom.arg, int | float):
        return None
    return atom.arg - 1 if atom.op == "lt" and whole else atom.arg


def _whole(ref: Ref) -> bool:
    return ref.field is not None and (ref.field.kind in INTEGERS or "int" in ref.ops)


def values_of(values: object) -> tuple[str, ...]:
    """Allowed values as texts; None is no value."""
    many = values if isinstance(values, tuple | list) else (values,)
    return tuple(str(v) for v in many if v is not None)
