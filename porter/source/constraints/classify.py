"""From the conditions of a `raise` to what a field must not be."""

from __future__ import annotations

from collections.abc import Iterator

from porter.core.constraint import Constraint
from porter.source.constraints import oneofs
from porter.source.constraints.formulas import Atom, cases
from porter.source.constraints.machine import Cut, Event, Gate
from porter.source.constraints.values import Ref
from porter.source.constraints.violations import (
    BLANK,
    FOLDS,
    PLAIN,
    Violation,
    values_of,
    violation,
)

Way = list[tuple[Atom, ...]]
MOST_WAYS = 64
"""How many ways to one exception are looked at."""


def ways(event: Event) -> list[Way]:
    """Every way to an exception. What happens only where somebody set an environment variable is
    left out: as the server comes, such a check rejects nothing.
    """
    return parted(event)[0]


def parted(event: Event) -> tuple[list[Way], list[Way]]:
    """The ways to an exception, and those that only an environment variable opens."""
    every = [(way, switches(way)) for way in _ways(event.path)]
    return [oneofs.unset(way) for way, off in every if not off], [way for way, off in every if off]


def switches(way: Way) -> list[str]:
    """The environment variables that a way needs to be other than they come."""
    needed = [a for level in way for a in level if a.op == "env" and a.holds != a.positive]
    return [str(a.arg).split(" ")[0] for a in needed]


def of_event(
    event: Event, along: list[Way], sure: frozenset[str] = frozenset()
) -> Iterator[Constraint]:
    """The constraints that an exception which leaves the handler stands for.

    `sure` are fields that every request which gets this far has: their presence is no condition.
    """
    for way in along:
        yield from _of_case([[a for a in level if not _given(a, sure)] for level in way], event)


def hangs(way: Way, sure: frozenset[str]) -> bool:
    """Whether the presence of one of these fields is a condition of a way."""
    return any(_given(a, sure) for level in way for a in level)


def _given(atom: Atom, sure: frozenset[str]) -> bool:
    there = atom.op == "none" if not atom.positive else atom.op in ("truthy", "present", "given")
    return there and atom.ref is not None and not atom.ref.ops and atom.ref.path in sure


def of_cut(cut: Cut) -> Iterator[Constraint]:
    """The truncation that a slice stands for, where its path says the field is longer."""
    if not isinstance(cut.ref, Ref) or cut.ref.ops:
        return
    for case in _ways(cut.path):
        size = cut.ref.then("len")
        over = [a for level in case for a in level if a.op == "le" and not a.positive]
        longer = [a for a in over if a.ref == size and a.arg == cut.limit]
        if longer:
            others = [a for level in case for a in level if a not in longer]
            conditional, certain = _surroundings(others, cut.ref.path)
            yield Constraint(cut.ref.path, "truncate", cut.limit, conditional, certain, cut.chain)


def _ways(path: tuple[Gate, ...]) -> list[Way]:
    """Every way along a path: for each gate, in order, the atoms that hold."""
    out: list[tuple[Way, frozenset[Atom]]] = [([], frozenset())]
    for gate in path:
        if gate.survived:
            continue
        inner = [(case, {a.opposite() for a in case}) for case in cases(gate.formula)]
        out = [
            ([*way, case], held.union(case))
            for way, held in out
            for case, opposite in inner
            if held.isdisjoint(opposite)
        ][:MOST_WAYS]
    return [way for way, _ in out if _possible([a for level in way for a in level])]


def _possible(atoms: list[Atom]) -> bool:
    """Whether the bounds on each number leave anything: `len(x) <= 20` and `len(x) > 30` do not."""
    equal: dict[Ref, object] = {}
    lowest: dict[Ref, float] = {}
    highest: dict[Ref, float] = {}
    for atom in atoms:
        if atom.op == "eq" and atom.positive and _single(atom.ref):
            assert atom.ref is not None
            if equal.setdefault(atom.ref, atom.arg) != atom.arg:
                return False
        if atom.op in ("le", "lt") and atom.ref is not None and isinstance(atom.arg, int | float):
            ref, bound = atom.ref, atom.arg
            if atom.positive:
                highest[ref] = min(bound, highest.get(ref, bound))
            else:
                lowest[ref] = max(bound, lowest.get(ref, bound))
    fits = all(lowest[ref] <= highest[ref] for ref in lowest.keys() & highest.keys())
    return fits and oneofs.possible(atoms)


def _single(ref: Ref | None) -> bool:
    """Whether a field is one value, and not one of the elements of something repeated."""
    return ref is not None and "." not in ref.path and not (ref.field and ref.field.repeated)


def _of_case(case: list[list[Atom]], event: Event) -> Iterator[Constraint]:
    """What one way to the exception says: of the fields in its innermost telling test."""
    everything = [a for level in case for a in level]
    innermost = next((level for level in reversed(case) if level), [])
    for strong in (True, False):
        for level in reversed(case):
            if any(a.op == "opaque" for a in level):
                break
            fields = dict.fromkeys(p for a in level for p in _subjects(a, strong))
            if strong and not (level is innermost and len(fields) == 1):
                fields = {p: None for p in fields if not _only_picks(level, p)}
            said = {
                path: _together([a for a in level if path in a.deps], everything, path, strong)
                for path in fields
            }
            gone = sum(v is not None and v.kind in ("required", "non_empty") for v in said.values())
            for path, one_of_all in said.items():
                found = one_of_all
                if gone > 1 and found is not None:
                    found = Violation("other")  # only together must they not be missing
                if found is not None:
                    others = [a for a in everything if not _own(a, path)]
                    conditional, certain = _surroundings(others, path)
                    for one in (found, *_blank(level, path, found)):
                        folded = one.kind == "one_of" and any(_folds(a, path) for a in everything)
                        yield Constraint(
                            path, one.kind, one.value, conditional, certain, event.chain,
                            folded, any(_sent(a, path) for a in everything),
                        )  # fmt: skip
            if fields:
                return


def _blank(level: list[Atom], path: str, found: Violation) -> list[Violation]:
    """Beside *required*: that a text of blanks alone is refused too."""
    stripped = any(
        a.op == "truthy" and a.ref is not None and a.ref.path == path and "strip" in a.ref.ops
        for a in level
    )
    return [Violation("non_empty", BLANK)] if stripped and found.kind == "required" else []


def _subjects(atom: Atom, strong: bool) -> list[str]:
    """The fields that an atom tells something of."""
    if not atom.deps or atom.op in ("opaque", "env") or violation(atom, strong=strong) is None:
        return []
    if atom.op == "cross":
        return sorted(atom.deps)
    return [atom.ref.path if atom.ref is not None else min(atom.deps)]


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
        if not allowed and any(a.positive and a.op == "eq" for a in level):
            return found
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
        mine = (
            atom.ref is not None and atom.ref.path == path and not set(atom.ref.ops) - PLAIN - FOLDS
        )
        if mine and not atom.positive and atom.op in ("eq", "in"):
            out += values_of(atom.arg if atom.op == "in" else (atom.arg,))
    return tuple(dict.fromkeys(out))


def _sent(atom: Atom, path: str) -> bool:
    """Whether an atom says that the field has a value of its own."""
    there = atom.op == "none" if not atom.positive else atom.op in ("truthy", "present", "given")
    return there and atom.ref is not None and not atom.ref.ops and atom.ref.path == path


def _folds(atom: Atom, path: str) -> bool:
    """Whether a comparison of the field with texts is blind to case."""
    same = atom.ref is not None and atom.ref.path == path and bool(set(atom.ref.ops) & FOLDS)
    return same and atom.op in ("eq", "in")


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
