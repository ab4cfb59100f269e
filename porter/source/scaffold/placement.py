"""Where a port's Go goes: the service file, the SQL file and the interface of the store.

People put an endpoint beside those that are about the same thing, so the noun of its name is looked
up among the ported siblings. Where there is none, or they disagree, all three places are one
question.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from porter.core.endpoint import Endpoint
from porter.core.layout import Service
from porter.core.question import Question
from porter.core.task import Task
from porter.errors import UsageError
from porter.source.checkout.neighbours import Neighbour, Place, neighbours
from porter.source.checkout.stores import interfaces
from porter.source.golang import parse
from porter.source.scaffold.initialisms import words_of
from porter.source.scaffold.nouns import Noun, camel, core, exactly, nearness, noun, plural
from porter.source.scaffold.placeanswer import KEY, question, read

_ABOUT: dict[Noun, Noun] = {
    ("latest", "version"): ("model", "version"),
    ("batch",): ("run",),
    ("param",): ("metric",),
    ("tag",): ("run",),
}
"""Endpoint nouns that stand for another one: the only endpoints named in the code."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a port goes, and the question that is still open about it, if any."""

    place: Place
    question: Question | None = None
    new_interface: bool = False


def placement(task: Task) -> Placement:
    """Where the endpoint's code goes; with a question where the siblings do not settle it.

    Raises UsageError where the service has no folder, or a stored answer cannot be read.
    """
    service = task.service
    if service.dir is None:
        raise UsageError(
            f"{service.name} has no Go service in this checkout: no struct {service.go_name}",
            next=f"write the struct {service.go_name} with its constructor first",
        )
    standing = neighbours(task)
    near = _nearest(noun(task.endpoint.name), exactly(task.endpoint.name), standing)
    places = list(dict.fromkeys(sibling.place for sibling in near))
    answer = task.answers.get(KEY)
    if answer is not None:
        place = read(task, service, answer.value)
        return Placement(place, None, _is_new(task, place))
    if len(places) == 1:
        return Placement(places[0])
    best = _most(near) if near else _by_name(task, standing)
    return Placement(best, question(task, best, near, standing), _is_new(task, best))


def service_file(task: Task) -> str:
    """The file of the service method."""
    return placement(task).place.service


def asked(task: Task) -> tuple[Question, ...]:
    """The question about the place that nobody has answered yet, if there is one."""
    question = placement(task).question
    return (question,) if question is not None else ()


def siblings(task: Task) -> tuple[Endpoint, ...]:
    """The ported endpoints of the same noun, those that share most of it first."""
    raw, verb = noun(task.endpoint.name), words_of(task.endpoint.name)[0]
    mine = _about(raw)
    ranked = []
    for other in neighbours(task):
        own, meant = nearness(raw, other.noun), nearness(mine, _about(other.noun))
        if own or meant:
            same = words_of(other.endpoint.name)[0] == verb
            ranked.append(((own, meant, same), other.endpoint))
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(endpoint for _, endpoint in ranked)


def _nearest(wanted: Noun, exact: str, standing: list[Neighbour]) -> list[Neighbour]:
    """The neighbours that share most words of the noun; of these those that are named by it.

    A neighbour whose noun only stands for another one comes after those that have it themselves.
    `exact` is the name behind `wanted`, as `Run` and `Runs` are one noun but not the same words.
    """
    near = []
    for other in standing:
        own, meant = nearness(wanted, other.noun), nearness(wanted, _about(other.noun))
        named = other.endpoint.name.endswith(exact)
        near.append(((max(own, meant), own >= meant, named), other))
    best = max((score for score, _ in near), default=(0, False, False))
    return [other for score, other in near if score == best] if best[0] else []


def _most(near: list[Neighbour]) -> Place:
    """Each place by the majority of the siblings, the later one where they are even."""

    def vote(values: Iterable[str | None]) -> str | None:
        counts = Counter(value for value in values if value)
        return max(counts, key=lambda v: (counts[v], list(counts).index(v)), default=None)

    service = vote(s.place.service for s in near)
    assert service is not None
    return Place(service, vote(s.place.sql for s in near), vote(s.place.interface for s in near))


def _by_name(task: Task, standing: list[Neighbour]) -> Place:
    """Files named by the plural of the noun; those of what it stands for where it has none."""
    service, raw = task.service, core(noun(task.endpoint.name))
    about = _about(raw)
    folder, store = service.dir or "", service.store
    own = f"{plural(raw)}.go"
    methods, tables = _stands(task, service, own)
    near = _nearest(about, camel(about), standing) if about != raw else []
    fallback = f"{plural(about)}.go"
    other = _most(near) if near else None
    alone = about == raw or (other is None and _is_thing(task, raw))
    here = own if methods or alone else other.service if other else fallback
    there = own if tables or alone else (other and other.sql) or fallback
    return Place(
        posixpath.join(folder, posixpath.basename(here)),
        posixpath.join(store.sql_dir, posixpath.basename(there)) if store else None,
        _interface(task, about, standing),
    )


def _stands(task: Task, service: Service, name: str) -> tuple[bool, bool]:
    """Whether the service or the SQL store has methods in such a file, and whether a table has."""
    store = service.store
    if task.tree.read(posixpath.join(service.dir or "", name)) is not None:
        return True, True
    if store is None:
        return False, False
    path = posixpath.join(store.sql_dir, name)
    there = task.tree.read(path) is not None
    methods = there and any(
        f.receiver and f.receiver.type == store.receiver.type and f.name[:1].isupper()
        for f in parse(task.tree, path).functions
    )
    model = posixpath.join(store.models_dir or store.sql_dir, name)
    return methods, there or task.tree.read(model) is not None


def _is_thing(task: Task, found: Noun) -> bool:
    """Whether the protos have a message of that noun, other than a request (`RunTag`)."""
    requests = {endpoint.request.full_name for endpoint in task.catalog.endpoints}
    return any(
        message.name.endswith(camel(found))
        for name, message in task.catalog.messages.items()
        if name not in requests
    )


def _interface(task: Task, about: Noun, standing: list[Neighbour]) -> str | None:
    """The siblings' interface, the one named for the noun, or a new one where they are split."""
    store = task.service.store
    if store is None:
        return None
    near = _nearest(about, camel(about), standing)
    voted = _most(near).interface if near else None
    names = [found.name for _, found in interfaces(task.tree, task.layout, store)]
    parts = [name for name in names if name != store.interface]
    if voted is not None or not parts:
        return voted or store.interface
    fitting = [name for name in parts if name.startswith(camel(about))]
    return fitting[0] if fitting else camel(about) + _common_suffix(parts, store.interface)


def _common_suffix(parts: list[str], whole: str) -> str:
    """The words that all the interfaces end in, the whole one's included: `TrackingStore`."""
    words = [re.findall(r"[A-Z][a-z0-9]*", name) for name in (*parts, f"The{whole}")]
    count = 0
    while all(len(w) > count + 1 and w[-1 - count] == words[0][-1 - count] for w in words):
        count += 1
    return "".join(words[0][len(words[0]) - count :]) or whole


def _is_new(task: Task, place: Place) -> bool:
    store = task.service.store
    return store is not None and place.interface not in {
        found.name for _, found in interfaces(task.tree, task.layout, store)
    }


def _about(found: Noun) -> Noun:
    return _ABOUT.get(found, found)
