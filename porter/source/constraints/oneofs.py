"""A proto oneof: which member is set, and what a way says that found none of them set."""

from __future__ import annotations

from porter.core.endpoint import Field, Message
from porter.source.constraints.formulas import Atom, both, negate
from porter.source.constraints.values import NONE, Choice, Const, Ref, Value

Level = tuple[Atom, ...]


def present(ref: Ref, field: Ref) -> Atom:
    """The test that a message has a field; it knows the members of the field's oneof."""
    among = _members(ref, field.field.oneof) if field.field is not None else ()
    return Atom("present", field, among or None, deps=frozenset((field.path,)))


def which(ref: Ref, members: list[Ref]) -> Value:
    """`message.WhichOneof(name)`: the name of the member that is set, or None."""
    tests = [present(ref, member) for member in members]
    named = [(t, Const(m.path.rsplit(".", 1)[-1])) for t, m in zip(tests, members, strict=True)]
    return Choice((*named, (both(negate(t) for t in tests), NONE)))


def members(message: Message, name: object) -> tuple[Field, ...]:
    """The fields of a oneof."""
    return tuple(f for f in message.fields if f.oneof == name)


def possible(atoms: list[Atom]) -> bool:
    """Whether no two members of one oneof are set."""
    there: dict[object, str] = {}
    for atom in atoms:
        found = atom.op == "present" and atom.positive and atom.arg
        path = atom.ref.path if found and atom.ref is not None else ""
        if path and there.setdefault(atom.arg, path) != path:
            return False
    return True


def unset(way: list[Level]) -> list[Level]:
    """The same way; where it found no member of a oneof, one test of their message says so."""
    gone: dict[tuple[str, ...], set[str]] = {}
    for atom in (a for level in way for a in level):
        if _missing(atom) and isinstance(atom.arg, tuple) and atom.ref is not None:
            gone.setdefault(atom.arg, set()).add(atom.ref.path)
    whole = {among for among, paths in gone.items() if paths == set(among)}
    if not whole:
        return way
    out: list[Level] = []
    for level in way:
        kept = [a for a in level if not (_missing(a) and a.arg in whole)]
        out.append(tuple(kept) if kept else tuple(_of(level, whole)))
    last = max(n for n, level in enumerate(way) if any(a.arg in whole for a in level))
    return [
        level if n == last or not any(a.op == "unset" for a in level) else ()
        for n, level in enumerate(out)
    ]


def _of(level: Level, whole: set[tuple[str, ...]]) -> list[Atom]:
    among = dict.fromkeys(a.arg for a in level if _missing(a) and a.arg in whole)
    out = []
    for paths in among:
        assert isinstance(paths, tuple)
        parent = paths[0].rpartition(".")[0]
        for path in (parent,) if parent else paths:
            out.append(Atom("unset", Ref(path), deps=frozenset((path,))))
    return out


def _missing(atom: Atom) -> bool:
    return atom.op == "present" and not atom.positive and atom.arg is not None


def _members(ref: Ref, name: str | None) -> tuple[str, ...]:
    if ref.message is None or name is None:
        return ()
    return tuple(f"{ref.path}.{f.name}".lstrip(".") for f in members(ref.message, name))
