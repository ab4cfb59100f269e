"""The store methods that stand already, and what they say of names and types.

People keep to what the neighbours do: a field that two siblings call `id` is called `id` by the
third. Where the spelling that the rules give is among the siblings', it wins, so that a slip of
the pen is not copied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from porter.core.layout import Layout, Store
from porter.core.view import View
from porter.source.checkout.entities import Entities
from porter.source.checkout.stores import interfaces
from porter.source.golang import Func, GoParam
from porter.source.mlflow import Index
from porter.source.mlflow.handlers import handler
from porter.source.scaffold.arguments import Argument, Source, arguments
from porter.source.scaffold.initialisms import snake, words_of
from porter.source.scaffold.names import method_name


@dataclass(frozen=True, slots=True)
class Sibling:
    """A ported endpoint's store method, its Go parameters beside the fields they stand for."""

    name: str
    fields: tuple[str, ...]
    params: tuple[GoParam, ...]
    results: tuple[str, ...]


def methods(tree: View, layout: Layout, store: Store) -> tuple[Func, ...]:
    """All methods of the store's interface, those of the interfaces it embeds included."""
    return tuple(m for _, found in interfaces(tree, layout, store) for m in found.methods)


def takes_context(standing: Iterable[Func]) -> bool:
    """Whether the store's methods take a context first: most do, or none stands yet."""
    votes = [bool(m.params) and m.params[0].type == "context.Context" for m in standing]
    return not votes or sum(votes) * 2 > len(votes)


def siblings(source: Source, standing: tuple[Func, ...], enabled: frozenset[str]) -> list[Sibling]:
    """The store methods of the service's other enabled endpoints."""
    found = []
    for endpoint in source.catalog.endpoints:
        if endpoint.service != source.endpoint.service or endpoint.name not in enabled:
            continue
        if endpoint.id == source.endpoint.id:
            continue
        read = handler(source.index, source.catalog, endpoint)
        if read is None or read.call is None:
            continue
        name = method_name(endpoint, read.call)
        method = next((m for m in standing if m.name == name), None)
        if method is None:
            continue
        params = tuple(p for p in method.params if p.type != "context.Context")
        fields = _remembered_fields(replace(source, endpoint=endpoint), len(params))
        if fields is not None:
            results = tuple(r.type for r in method.results)
            found.append(Sibling(endpoint.name, fields, params, results))
    return found


_Fields = tuple[str, ...] | None
_KNOWN: WeakKeyDictionary[Index, dict[object, tuple[Entities, _Fields]]] = WeakKeyDictionary()
"""What was worked out before: every endpoint of a service asks for the same siblings."""


def _remembered_fields(source: Source, count: int) -> _Fields:
    known = _KNOWN.setdefault(source.index, {})
    # The entities are kept beside the answer, so that their id is not given to others.
    key = (source.endpoint.id, count, source.protos, source.enums, id(source.entities))
    if key not in known:
        known[key] = (source.entities, _fields(source, count))
    return known[key][1]


def _fields(source: Source, count: int) -> _Fields:
    """The fields behind a sibling's parameters, or None where they do not line up."""
    read = handler(source.index, source.catalog, source.endpoint)
    assert read is not None
    verb = words_of(source.endpoint.name)[0]
    for made in (frozenset({verb}), frozenset[str]()):
        given = arguments(replace(source, made=made), read)
        if len(given) == count:
            return tuple(a.field.name if a.field else f"={a.entity}" for a in given)
    return None


def whole(found: Iterable[Sibling]) -> frozenset[str]:
    """The verbs whose siblings hand a made entity on as one parameter."""
    return frozenset(
        words_of(s.name)[0] for s in found if any(name.startswith("=") for name in s.fields)
    )


def enums(standing: Iterable[Func], package: str) -> frozenset[str]:
    """The enums of the protos package that store methods take."""
    types = (p.type for m in standing for p in m.params)
    return frozenset(t.removeprefix(f"{package}.") for t in types if t.startswith(f"{package}."))


def _of_noun(name: str, endpoint: str) -> bool:
    """Whether a parameter's name begins with the noun of its own endpoint (`runStatus`)."""
    noun = "".join(words_of(endpoint)[1:]).removesuffix("s")
    return name.lower().startswith(noun) and name.lower() != noun


def error(found: Iterable[Sibling], fields: set[str], types: tuple[str, ...]) -> str | None:
    """The error type of the sibling that answers the same and shares most fields, or None.

    The fields in common have to be more than one: an id alone makes no likeness.
    """
    alike = [s for s in found if types and s.results[:-1] == types]
    shared = {s.name: len(fields & set(s.fields)) for s in alike}
    best = max(alike, key=lambda s: shared[s.name], default=None)
    return best.results[-1] if best is not None and shared[best.name] > 1 else None


def renamed(given: tuple[Argument, ...], found: list[Sibling], noun: str) -> tuple[Argument, ...]:
    """The arguments under the names that the siblings use."""
    shape = tuple(a.field.name if a.field else f"={a.entity}" for a in given)
    same = [s for s in found if s.fields == shape and snake(s.name).split("_")[1:]]
    wanted = []
    for at, argument in enumerate(given):
        name = argument.name
        if argument.how in ("enum", "enum_text") and not name.lower().startswith(noun.lower()):
            name = noun[:1].lower() + noun[1:] + name[:1].upper() + name[1:]
        votes = Counter(s.params[at].name for s in same)
        if not votes and argument.field is not None:
            votes = Counter(
                p.name
                for s in found
                if len(s.params) > 1
                for field, p in zip(s.fields, s.params, strict=True)
                if field == argument.field.name
                and p.type == argument.type
                and not _of_noun(p.name, s.name)
            )
        if votes and name not in votes:
            name = votes.most_common(1)[0][0]
        wanted.append(replace(argument, name=name))
    names = Counter(a.name for a in wanted)
    return tuple(
        a if names[a.name] == 1 else replace(a, name=g.name)
        for a, g in zip(wanted, given, strict=True)
    )
