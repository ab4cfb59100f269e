"""Conditions over request fields: atoms, and, or. Negation is pushed down to the atoms, so that the
conditions of a `raise` can be taken apart into what each field must not be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from porter.source.constraints.values import Ref

MOST = 24
"""How many disjuncts are looked at; a condition with more is cut off."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One test of a value. `op` is one of

    none, truthy, present, eq, in, lt, le, match, is, dup, fails, starts, ends, has: of a field;
    env: of an environment variable (`arg` its name; `holds`: whether it is so by default);
    pure: of something made of the fields `deps` alone; opaque: of something else.
    """

    op: str
    ref: Ref | None = None
    arg: object = None
    positive: bool = True
    deps: frozenset[str] = frozenset()
    holds: bool = False
    env: str | None = field(default=None, compare=False)

    def atoms(self) -> Iterator[Atom]:
        """The atom itself."""
        yield self


@dataclass(frozen=True, slots=True)
class Known:
    """True or false, whatever the request."""

    value: bool

    def atoms(self) -> Iterator[Atom]:
        """None."""
        yield from ()


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts."""

    parts: tuple[Formula, ...]

    def atoms(self) -> Iterator[Atom]:
        """The atoms of all parts."""
        for part in self.parts:
            yield from part.atoms()


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts."""

    parts: tuple[Formula, ...]

    def atoms(self) -> Iterator[Atom]:
        """The atoms of all parts."""
        for part in self.parts:
            yield from part.atoms()


Formula = Atom | Known | And | Or
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
            return replace(formula, positive=not formula.positive)
        case And(parts):
            return either(negate(part) for part in parts)
        case Or(parts):
            return both(negate(part) for part in parts)


def both(parts: Iterable[Formula]) -> Formula:
    """The conjunction, what is known left out."""
    kept: list[Formula] = []
    for part in parts:
        if part == FALSE:
            return FALSE
        for one in part.parts if isinstance(part, And) else (part,):
            if one != TRUE and one not in kept:
                if isinstance(one, Atom) and negate(one) in kept:
                    return FALSE
                kept.append(one)
    return kept[0] if len(kept) == 1 else And(tuple(kept)) if kept else TRUE


def either(parts: Iterable[Formula]) -> Formula:
    """The disjunction, what is known left out."""
    kept: list[Formula] = []
    for part in parts:
        if part == TRUE:
            return TRUE
        for one in part.parts if isinstance(part, Or) else (part,):
            if one != FALSE and one not in kept:
                if isinstance(one, Atom) and negate(one) in kept:
                    return TRUE
                kept.append(one)
    return kept[0] if len(kept) == 1 else Or(tuple(kept)) if kept else FALSE


def cases(formula: Formula) -> list[tuple[Atom, ...]]:
    """The disjunctive normal form, at most `MOST` conjunctions; [] is false, [()] is true."""
    match formula:
        case Known(value):
            return [()] if value else []
        case Atom():
            return [(formula,)]
        case Or(parts):
            out = [case for part in parts for case in cases(part)]
            return list(dict.fromkeys(out))[:MOST]
        case And(parts):
            out = [()]
            for part in parts:
                inner = cases(part)
                out = [joined for a in out for b in inner if (joined := _joined(a, b)) is not None]
                out = list(dict.fromkeys(out))[:MOST]
            return out


def _joined(first: tuple[Atom, ...], second: tuple[Atom, ...]) -> tuple[Atom, ...] | None:
    out = list(first)
    for atom in second:
        if replace(atom, positive=not atom.positive) in out:
            return None
        if atom not in out:
            out.append(atom)
    return tuple(out)
