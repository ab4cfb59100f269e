"""The question where a port goes, and the answer to it: file names and an interface."""

from __future__ import annotations

import posixpath

from porter.core.layout import Service
from porter.core.question import Choice, Evidence, Question
from porter.core.task import Task
from porter.errors import UsageError
from porter.source.checkout.neighbours import Neighbour, Place
from porter.source.scaffold.nouns import camel, core, noun

KEY = "placement"


def question(task: Task, best: Place, near: list[Neighbour], standing: list[Neighbour]) -> Question:
    """One question for all three places, with what the siblings chose to choose from."""
    subject = camel(core(noun(task.endpoint.name)))
    why = (
        f"its siblings stand in {len({s.place for s in near})} different places"
        if near
        else f"no ported endpoint is about {subject}"
    )
    others = dict.fromkeys(s.place for s in (near or standing) if s.place != best)
    choices = [Choice(str(best), f"{_words(best)} (default)")]
    choices += [Choice(str(place), _words(place)) for place in others]
    return Question(
        KEY,
        f"Where does {task.endpoint} go? {why}",
        default=str(best),
        choices=tuple(choices),
        evidence=tuple(
            Evidence(task.tree.where(s.place.service), s.line, s.endpoint.method) for s in near[:4]
        ),
        notes=("type: SERVICE_FILE SQL_FILE INTERFACE" if best.sql else "type: SERVICE_FILE",),
    )


def read(task: Task, service: Service, value: str) -> Place:
    """A stored answer: file names (their `.go` may be left out) and the interface."""
    parts = value.replace(",", " ").split()
    store = service.store
    names = [part for part in parts if not part[:1].isupper()]
    others = [part for part in parts if part[:1].isupper()]
    if not names or len(names) > 2 or len(others) > 1 or any("/" in name for name in names):
        raise UsageError(
            f"{value!r} is no place: file names and an interface are wanted",
            next=f"answer as in: tags.go tags.go {store.interface if store else ''}".rstrip(),
        )
    first, last = (name if name.endswith(".go") else f"{name}.go" for name in (names[0], names[-1]))
    return Place(
        posixpath.join(service.dir or "", first),
        posixpath.join(store.sql_dir, last) if store else None,
        (others[0] if others else store.interface) if store else None,
    )


def _words(place: Place) -> str:
    parts = [f"service {posixpath.basename(place.service)}"]
    if place.sql:
        parts.append(f"SQL {posixpath.basename(place.sql)}")
    return ", ".join([*parts, *([place.interface] if place.interface else [])])
