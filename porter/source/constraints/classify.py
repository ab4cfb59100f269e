"""From the conditions of a `raise` to what a field must not be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from porter.core.constraint import Constraint, ConstraintKind
from porter.source.constraints.formulas import Atom, cases
from porter.source.constraints.machine import Cut, Event, Gate
from porter.source.constraints.truth import INTEGERS
from porter.source.constraints.values import Ref

Scalar = str | int | float | tuple[str, ...] | None
_PLAIN = frozenset({"int", "enum", "Name", "name", "value"})
"""Functions of a field behind which a check is still one of the field itself."""
_BLANK = frozenset({"strip", "lstrip", "rstrip"})
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


def of_event(event: Event, sure: frozenset[str] = frozenset()) -> Iterator[Constraint]:
    """The constraints that an exception which leaves the handler stands for.

    `sure` are fields that every request which gets this far has: their presence is no condition.
    What happens only where somebody set an environment variable is left out: as the server comes,
    such a check rejects nothing.
    """
    gates = [g for g in event.path if not g.survived]
    for case in _cases(gates):
        if any(a.op == "env" and a.holds != a.positive for level in case for a in level):
            continue
        yield from _of_case([[a for a in level if not _given(a, sure)] for level in case], event)


def _given(atom: Atom, sure: frozenset[str]) -> bool:
    there = atom.op == "none" if not atom.positive else atom.op in ("truthy", "present", "given")
    return there and atom.ref is not None and not atom.ref.ops and atom.ref.path in sure


def of_cut(cut: Cut) -> Iterator[Constraint]:
    """The truncation that a slice stands for, where its path says the field is longer."""
    if not isinstance(cut.ref, Ref) or cut.ref.ops:
        return
    for case in _cases([g for g in cut.path if not g.survived]):
        size = cut.ref.then("len")
        over = [a for level in case for a in level if a.op == "le" and not a.positive]
        longer = [a for a in over if a.ref == size and a.arg == cut.limit]
        if longer:
            others = [a for level in case for a in level if a not in longer]
            conditional, certain = _surroundings(others, cut.ref.path)
            yield Constraint(cut.ref.path, "truncate", cut.limit, conditional, certain, cut.chain)


def _cases(gates: list[Gate]) -> list[list[tuple[Atom, ...]]]:
    """Every way through the gates: for each gate, in order, the atoms that hold."""
    out: list[list[tuple[Atom, ...]]] = [[]]
    for gate in gates:
        inner = cases(gate.formula)
        out = [[*done, case] for done in out for case in inner if not _denied(done, case)][:64]
    return [case for case in out if _possible([a for level in case for a in level])]


def _possible(atoms: list[Atom]) -> bool:
    """Whether the bounds on each number leave anything: `len(x) <= 20` and `len(x) > 30` do not."""
    lowest: dict[Ref, float] = {}
    highest: dict[Ref, float] = {}
    for atom in atoms:
        if atom.op in ("le", "lt") and atom.ref is not None and isinstance(atom.arg, int | float):
            ref, bound = atom.ref, atom.arg
            if atom.positive:
                highest[ref] = min(bound, highest.get(ref, bound))
            else:
                lowest[ref] = max(bound, lowest.get(ref, bound))
    return all(lowest[ref] <= highest[ref] for ref in lowest.keys() & highest.keys())


def _denied(done: list[tuple[Atom, ...]], case: tuple[Atom, ...]) -> bool:
    opposite = {a.opposite() for a in case}
    return any(a in opposite for level in done for a in level)


def _of_case(case: list[list[Atom]], event: Event) -> Iterator[Constraint]:
    """What one way to the exception says: of the fields in its innermost telling test."""
    everything = [a for level in case for a in level]
    innermost = next((level for level in reversed(case) if level), [])
    for strong in (True, False):
        for level in reversed(case):
            if any(a.op == "opaque" for a in level):
                break
            fields = dict.fromkeys(p for a in level if (p := _subject(a, strong)))
            if strong and not (level is innermost and len(fields) == 1):
                fields = {p: None for p in fields if not _only_picks(level, p)}
            for path in fields:
                found = _together([a for a in level if path in a.deps], everything, path, strong)
                if found is not None:
                    others = [a for a in everything if not _own(a, path)]
                    conditional, certain = _surroundings(others, path)
                    yield Constraint(
                        path, found.kind, found.value, conditional, certain, event.chain
                    )
            if fields:
                return


def _subject(atom: Atom, strong: bool) -> str:
    """The field that an atom tells something of, "" where it tells of none."""
    if not atom.deps or atom.op in ("opaque", "env") or violation(atom, strong=strong) is None:
        return ""
    return atom.ref.path if atom.ref is not None else min(atom.deps)


def _only_picks(level: list[Atom], path: str) -> bool:
    """Whether a test only says that a field has, or has not, one of some values.

    With other fields beside or below it, it says when they are checked.
    """
    mine = [v for a in level if path in a.deps and (v := violation(a)) is not None]
    return {v.kind for v in mine} == {"one_of"}


def _own(atom: Atom, path: str) -> bool:
    """Whether an atom speaks of the field itself, or only says that what holds it is there."""
    if atom.deps == {path} and atom.op != "opaque":
        return True
    above = bool(atom.deps) and all(path.startswith(f"{d}.") for d in atom.deps)
    return above and (atom.op in ("given", "present") or (atom.op == "truthy" and atom.positive))


def _together(
    level: list[Atom], everything: list[Atom], path: str, strong: bool
) -> Violation | None:
    """What the atoms of one test say of one field, all of them taken together."""
    mine = [v for a in level if (v := violation(a, strong=strong)) is not None]
    if len({(v.kind, v.value) for v in mine}) > 1 and {v.kind for v in mine} != {"one_of"}:
        return Violation("other")
    found = mine[0]
    if found.kind == "one_of":
        allowed = _allowed(everything, path)
        return Violation("one_of", allowed) if allowed else Violation("other")
    full = any(_not_zero(a, path) for a in everything)
    if full and found.kind in ("min", "required"):
        zero = found.kind == "min" and found.value == 1
        return Violation("min", 0) if zero else found if found.kind == "min" else Violation("other")
    there = any(a.ref is not None and a.ref.path == path and _says_present(a) for a in everything)
    if found.kind == "required" and there:
        explicit = any(a.op == "none" for a in level)
        return None if explicit else Violation("non_empty")
    return found


def _not_zero(atom: Atom, path: str) -> bool:
    """Whether 0 counts as nothing before the check is reached (`x or None`)."""
    mine = atom.ref is not None and atom.ref.path == path and not atom.ref.ops
    return mine and atom.op == "truthy" and atom.positive


def _allowed(everything: list[Atom], path: str) -> tuple[str, ...]:
    """All values that the tests on the way let through: `if x == A … elif x == B … else raise`."""
    out: list[str] = []
    for atom in everything:
        mine = atom.ref is not None and atom.ref.path == path and not set(atom.ref.ops) - _PLAIN
        if mine and not atom.positive and atom.op in ("eq", "in"):
            out += _values(atom.arg if atom.op == "in" else (atom.arg,))
    return tuple(dict.fromkeys(out))


def _says_present(atom: Atom) -> bool:
    if atom.ref is None or atom.ref.ops:
        return False
    return (atom.op in ("present", "given") and atom.positive) or (
        atom.op == "none" and not atom.positive
    )


def _surroundings(others: list[Atom], path: str) -> tuple[bool, bool]:
    """(conditional, certain) for a check of `path` under these other atoms."""
    conditional = any(
        a.op == "env" or a.env is not None or (a.op != "opaque" and a.deps - {path}) for a in others
    )
    certain = not any(a.op == "opaque" for a in others) and not any(
        a.deps - {path} for a in others if a.op != "env"
    )
    return conditional, certain


def violation(atom: Atom, *, strong: bool = True) -> Violation | None:
    """What rule a field breaks where the atom holds; `strong` leaves out mere presence."""
    if atom.op == "pure":
        return Violation("other")
    ref = atom.ref
    if ref is None or (atom.picks and strong):
        return None
    if "normpath" in ref.ops or atom.op == "path":
        return Violation("path_unique")
    if "urlparse" in ref.ops:
        if ref.ops[-1:] == ("scheme",) and atom.op == "in" and not atom.positive:
            return Violation("uri_scheme", _values(atom.arg))
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
    if set(ref.ops) - _PLAIN - _BLANK:
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
    if set(ref.ops[:-1]) - _PLAIN - _BLANK:
        return Violation("other")
    bound = _upper(atom, whole=True)
    if bound is not None:
        return Violation("max_items" if ref.many else "max_length", bound)
    return Violation("other")


def _compared(atom: Atom, ref: Ref, strong: bool) -> Violation | None:
    if set(ref.ops) - _PLAIN and atom.op not in ("not", "is", "dup"):
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
            return Violation("one_of", _values(atom.arg))
        case ("eq", False):
            return Violation("one_of", _values((atom.arg,)))
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


def _values(values: object) -> tuple[str, ...]:
    many = values if isinstance(values, tuple | list) else (values,)
    return tuple(str(v) for v in many if v is not None)
