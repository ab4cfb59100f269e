"""Checks of one field alone that no tag says: each could be a validator of the checkout's own.

A check is named by the Python function that makes it, so that a second endpoint with the same check
finds the validator that the first one brought.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from porter.core.constraint import Constraint
from porter.core.endpoint import Field, go_camel
from porter.core.question import Evidence
from porter.core.task import Task
from porter.source.mlflow import Function, Index, Module, index
from porter.source.rules import Place, Proposal, place_of
from porter.source.rules.fieldtests import INTEGERS, spelt, understood
from porter.source.rules.telling import around, end, tested

if TYPE_CHECKING:
    from porter.source.constraints import Refusal
    from porter.source.constraints.formulas import Atom
    from porter.source.rules.fieldtests import Way

_EVENTS: WeakKeyDictionary[Index, dict[str, tuple[Refusal, ...]]] = WeakKeyDictionary()
_VERBS = re.compile(r"^_*(?:(?:validate|check|assert|ensure|verify|get|parse)_)?")
_MOST = 40
"""Lines of Python that a stub quotes."""


@dataclass(frozen=True)
class FieldCheck:
    """A check of one field. `ways` are the tests that refuse a value, as far as understood.

    Where they are not all there is (`whole`), a person writes the Go, from `passage`.
    """

    tag: str
    path: str
    place: Place
    function: str
    """Python's function: `_validate_name in mlflow/utils/validation.py`."""
    evidence: tuple[Evidence, ...]
    passage: tuple[str, ...]
    ways: tuple[Way, ...]
    whole: bool

    @property
    def field(self) -> Field:
        """The field that it is a check of."""
        return self.place.field


@dataclass(frozen=True)
class _Where:
    """The function that an exception leaves first; `inline` where it is the handler itself."""

    module: Module
    node: Function
    inline: bool


def field_checks(task: Task, made: Proposal) -> tuple[FieldCheck, ...]:
    """The checks of an endpoint that a validator could make, one per field."""
    untold: dict[str, list[Constraint]] = {}
    for one in made.untold:
        if one.certain and not one.conditional and one.evidence:
            untold.setdefault(one.field, []).append(one)
    if not untold:
        return ()
    events = _events(task)
    found = (_check(task, path, wanted, events) for path, wanted in untold.items())
    return tuple(check for check in found if check is not None)


def _events(task: Task) -> tuple[Refusal, ...]:
    from porter.source.constraints import refusals

    ready = index(task.mlflow)
    known = _EVENTS.setdefault(ready, {})
    if task.endpoint.id not in known:
        known[task.endpoint.id] = refusals(ready, task.catalog, task.endpoint)
    return known[task.endpoint.id]


def _check(
    task: Task, path: str, wanted: list[Constraint], events: tuple[Refusal, ...]
) -> FieldCheck | None:
    place = place_of(task.endpoint.request, path, task.catalog)
    if place is None or place.map or place.field.kind not in ("string", *INTEGERS):
        return None
    said = {(path, one.kind, one.value) for one in wanted}
    mine = [e for e in events if said & {(c.field, c.kind, c.value) for c in _of(e)}]
    where = _where(task, wanted[-1].evidence)
    if not mine or where is None:
        return None
    ways = list(dict.fromkeys(way for event in mine for way in _ways(event, path)))
    known = tuple(way for way in ways if _alone(way, place.field, path))
    rest = (e for e in events if e not in mine and _concerns(e, path, where))
    whole = len(known) == len(ways) and not any(rest)
    if not whole and not (where.inline or _only_checks(where.node)):
        return None  # what it reads out of the value, the port reads too, and refuses there
    places = [e.event.chain[-1] for e in mine]
    tests = dict.fromkeys(tested(index(task.mlflow), p) for p in places)
    return FieldCheck(
        _tag(task, where, place), path, place, f"{where.node.name} in {where.module.path}",
        tuple(tests), _passage(where, places), known, whole,
    )  # fmt: skip


def _concerns(refusal: Refusal, path: str, where: _Where) -> bool:
    """Whether the function also raises for a reason that is not told as a constraint."""
    if any(c.field == path for c in _of(refusal)):
        return False
    first, last = where.node.lineno, end(where.node)
    through = any(
        p.file == where.module.path and first <= p.line <= last for p in refusal.event.chain
    )
    atoms = (a for way in refusal.ways for level in way for a in level)
    return through and (not where.inline or any(path in a.deps for a in atoms))


def _of(refusal: Refusal) -> Iterator[Constraint]:
    from porter.source.constraints import classify

    return classify.of_event(refusal.event, list(refusal.ways))


def _ways(refusal: Refusal, path: str) -> Iterator[Way]:
    """The tests on each way to an exception, less those that the field is there."""
    for way in refusal.ways:
        atoms = (a for level in way for a in level if not _there(a, path))
        yield tuple(dict.fromkeys(spelt(a) for a in atoms))


def _alone(way: Way, field: Field, path: str) -> bool:
    """Whether the tests are all of one value, and understood."""
    return all(
        a.deps == {path} and understood(a, field) and not (a.ref and a.ref.many) for a in way
    )


def _there(atom: Atom, path: str) -> bool:
    """Whether an atom only says that the field, or what holds it, was sent."""
    if atom.ref is None or not atom.positive or atom.ref.ops:
        return False
    own = atom.ref.path
    if path.startswith(f"{own}.") or (own == path and atom.ref.many):
        return atom.op in ("truthy", "present", "given")
    return own == path and atom.op in ("present", "given")


def _tag(task: Task, where: _Where, place: Place) -> str:
    if where.inline:
        own = task.endpoint.request.go_name
        return f"{own[:1].lower()}{own[1:]}{place.field.go_name}"
    name = go_camel(_VERBS.sub("", where.node.name).strip("_"))
    return f"{name[:1].lower()}{name[1:]}"


def _where(task: Task, chain: tuple[Evidence, ...]) -> _Where | None:
    """The innermost function around the last place of a chain."""
    ready = index(task.mlflow)
    own, handler = around(ready, chain[-1]), around(ready, chain[0])
    if own is None:
        return None
    module, node = own
    return _Where(module, node, handler is not None and handler[1] is node)


def _only_checks(node: Function) -> bool:
    """Whether a function answers nothing, or what it was given: then all it does is to check."""
    given = {arg.arg for arg in (*node.args.args, *node.args.kwonlyargs)}
    answers = [n.value for n in ast.walk(node) if isinstance(n, ast.Return) and n.value is not None]
    return all(isinstance(a, ast.Name) and a.id in given for a in answers)


def _passage(where: _Where, places: list[Evidence]) -> tuple[str, ...]:
    """The Python to read: the function; of a handler the statements that check, and one before."""
    first, last = where.node.lineno, end(where.node)
    if where.inline:
        here = [p.line for p in places if p.file == where.module.path and first <= p.line <= last]
        checking = [
            number
            for number, node in enumerate(where.node.body)
            if any(node.lineno <= line <= end(node) for line in here)
        ]
        body = where.node.body[max(0, checking[0] - 1) : checking[-1] + 1]
        first, last = body[0].lineno, end(body[-1])
    lines = where.module.source.splitlines()
    said = where.node.body[0] if ast.get_docstring(where.node) and not where.inline else None
    text = [
        lines[number - 1].rstrip()
        for number in range(first, last + 1)
        if said is None or not said.lineno <= number <= end(said)
    ]
    return tuple(textwrap.dedent("\n".join(text[:_MOST])).splitlines())
