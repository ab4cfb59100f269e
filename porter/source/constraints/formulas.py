"""Conditions over request fields: atoms, and, or. Negation is pushed down to the atoms, so that the
conditions of a `raise` can be taken apart into what each field must not be.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from porter.source.constraints.values import Ref

MOST = 24
"""How many disjuncts are looked at; a condition with more is cut off."""
LARGEST = 20
"""A condition of more atoms is kept as one atom that only knows its fields."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One test of a value. `op` is one of

    none, truthy, present, eq, in, lt, le, match, is, dup, fails, starts, ends, has: of a field;
    unset: of a message of which no member of a oneof is set;
    env: of an environment variable (`arg` its name; `holds`: whether it is so by default);
    cross: of two fields together;
    pure: of something made of the fields `deps` alone; opaque: of something else.
    """

    op: str
    ref: Ref | None = None
    arg: object = None
    positive: bool = True
    deps: frozenset[str] = frozenset()
    holds: bool = False
    env: str | None = field(default=None, compare=False)
    picks: bool = field(default=False, compare=False)
    """Whether it only says which of several values is meant."""
    hashed: list[int] = field(default_factory=list, compare=False, repr=False)
    other: list[Atom] = field(default_factory=list, compare=False, repr=False)
    """What was worked out before: its hash, and the opposite."""

    def __hash__(self) -> int:
        if not self.hashed:
            parts = (self.op, self.ref, self.arg, self.positive, self.deps, self.holds)
            self.hashed.append(hash(parts))
        return self.hashed[0]

    @property
    def size(self) -> int:
        """One."""
        return 1

    def atoms(self) -> Iterator[Atom]:
        """The atom itself."""
        yield self

    def opposite(self) -> Atom:
        """The same test with the other outcome."""
        if not self.other:
            found = Atom(
                self.op, self.ref, self.arg, not self.positive, self.deps, self.holds, self.env,
                self.picks,
            )  # fmt: skip
            found.other.append(self)
            self.other.append(found)
        return self.other[0]


@dataclass(frozen=True, slots=True)
class Known:
    """True or false, whatever the request."""

    value: bool

    @property
    def size(self) -> int:
        """None."""
        return 0

    def atoms(self) -> Iterator[Atom]:
        """None."""
        yield from ()


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts; `size` counts their atoms."""

    parts: tuple[Formula, ...]
    size: int = field(default=0, compare=False)

    def atoms(self) -> Iterator[Atom]:
        """The atoms of all parts."""
        for part in self.parts:
            yield from part.atoms()


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts; `size` counts their atoms."""

    parts: tuple[Formula, ...]
    size: int = field(default=0, compare=False)

    def atoms(self) -> Iterator[Atom]:
        """The atoms of all parts."""
        for part in self.parts:
            yield from part.atoms()


@dataclass(frozen=True, slots=True)
class Pick:
    """What holds of one of several values: each `(when, then)`; exactly one `when` holds.

    Kept as it is, so that its opposite stays as small: one of the values of which it does not hold.
    """

    options: tuple[tuple[Formula, Formula], ...]
    size: int = field(default=0, compare=False)

    def atoms(self) -> Iterator[Atom]:
        """The atoms of all options."""
        for when, then in self.options:
            yield from when.atoms()
            yield from then.atoms()


Formula = Atom | Known | And | Or | Pick
TRUE, FALSE = Known(True), Known(False)


def known(value: bool) -> Known:
    """TRUE or FALSE."""
    return TRUE if value else FALSE


def negate(formula: Formula) -> Formula:
    """What holds where `formula` does not."""
    match formula:
        case Known(value):
            return known(not value)
        case Atom():
            return formula.opposite()
        case And(parts):
            return either(negate(part) for part in parts)
        case Or(parts):
            return both(negate(part) for part in parts)
        case Pick(options):
            return pick((when, negate(then)) for when, then in options)


def both(parts: Iterable[Formula]) -> Formula:
    """The conjunction, what is known left out."""
    kept: dict[Formula, None] = {}
    for part in parts:
        if part == FALSE:
            return FALSE
        for one in part.parts if isinstance(part, And) else (part,):
            if one != TRUE:
                if isinstance(one, Atom) and one.opposite() in kept:
                    return FALSE
                kept[one] = None
    return _joined_as(And, tuple(kept), TRUE)


def either(parts: Iterable[Formula]) -> Formula:
    """The disjunction, what is known left out."""
    kept: dict[Formula, None] = {}
    for part in parts:
        if part == TRUE:
            return TRUE
        for one in part.parts if isinstance(part, Or) else (part,):
            if one != FALSE:
                if isinstance(one, Atom) and one.opposite() in kept:
                    return TRUE
                kept[one] = None
    return _joined_as(Or, tuple(kept), FALSE)


def pick(options: Iterable[tuple[Formula, Formula]]) -> Formula:
    """What holds of the value that is picked."""
    kept = tuple((c, TRUE if then == c else then) for c, then in options if c != FALSE)
    outcomes = {then for _, then in kept}
    if not kept:
        return FALSE
    if len(outcomes) == 1:
        return kept[0][1]
    if len(outcomes) == 2 and outcomes == {TRUE, FALSE}:
        return either(when for when, then in kept if then == TRUE)
    if kept[0][0] == TRUE:
        return kept[0][1]
    size = sum(when.size + then.size for when, then in kept)
    if size <= 2 * LARGEST:
        return Pick(kept, size)
    return either(both(pair) for pair in kept)


def _joined_as(kind: type[And] | type[Or], parts: tuple[Formula, ...], none: Known) -> Formula:
    if len(parts) < 2:
        return parts[0] if parts else none
    size = sum(part.size for part in parts)
    if size <= LARGEST:
        return kind(parts, size)
    atoms = [atom for part in parts for atom in part.atoms()]
    deps: frozenset[str] = frozenset().union(*(atom.deps for atom in atoms))
    blurred = any(atom.op in ("opaque", "env") for atom in atoms)
    return Atom("opaque" if blurred or not deps else "pure", arg=hash(parts), deps=deps)


def cases(formula: Formula) -> list[tuple[Atom, ...]]:
    """The disjunctive normal form, at most `MOST` conjunctions; [] is false, [()] is true."""
    match formula:
        case Known(value):
            return [()] if value else []
        case Atom():
            return [(formula,)]
        case _:
            return list(_cases(formula))


@functools.lru_cache(maxsize=8192)
def _cases(formula: Formula) -> tuple[tuple[Atom, ...], ...]:
    out: list[tuple[Atom, ...]] = []
    match formula:
        case Pick(options):
            for when, then in options:
                chosen = cases(when)
                if then != TRUE:
                    chosen = [tuple(_picking(a) for a in case) for case in chosen]
                out += [
                    joined
                    for a in chosen
                    for b in cases(then)
                    if (joined := _joined(a, b)) is not None
                ]
        case Or(parts):
            out = [case for part in parts for case in cases(part)]
        case And(parts):
            out = [()]
            for part in parts:
                inner = cases(part)
                out = [joined for a in out for b in inner if (joined := _joined(a, b)) is not None]
                out = list(dict.fromkeys(out))[:MOST]
    return tuple(dict.fromkeys(out))[:MOST]


def _picking(atom: Atom) -> Atom:
    return Atom(
        atom.op, atom.ref, atom.arg, atom.positive, atom.deps, atom.holds, atom.env, picks=True
    )


def _joined(first: tuple[Atom, ...], second: tuple[Atom, ...]) -> tuple[Atom, ...] | None:
    out = list(first)
    for atom in second:
        if atom.opposite() in out:
            return None
        if atom not in out:
            out.append(atom)
    return tuple(out)
