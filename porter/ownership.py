"""What a port changed, by owner: yours, inserted, generated, noise (the words of the design).

Read from the journal: what changed inside a step of the endpoint is porter's, generated files
apart; what changed between steps is a person's; steps of other endpoints are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from porter.core.plan import Change
from porter.source.checkout.headers import is_generated
from porter.source.checkout.noise import Cause, split
from porter.work import history, snapshots
from porter.work.snapshots import Changed

Owner = Literal["yours", "inserted", "generated", "noise"]
OWNERS: tuple[Owner, ...] = ("yours", "inserted", "generated", "noise")


@dataclass(frozen=True, slots=True)
class Owned:
    """A change of one file by one owner; `step` is the step's slug, "" for a person's."""

    owner: Owner
    step: str
    change: Change


def owned(root: Path, endpoint: str, why: Cause) -> tuple[Owned, ...]:
    """All that was changed since the first step of an endpoint that still stands, in order.

    A deleted file has an empty `after`. Empty where porter has done nothing for the endpoint.
    """
    steps = history.steps(root, endpoint)
    if not steps:
        return ()
    return tuple(_owned(root, endpoint, history.timeline(root, steps[0].before.at), why))


def totals(changes: Sequence[Owned]) -> dict[Owner, tuple[int, int]]:
    """Lines added and removed by each owner."""
    counts: dict[Owner, tuple[int, int]] = {}
    for owner in OWNERS:
        lines = [one.change.lines for one in changes if one.owner == owner]
        counts[owner] = sum(a for a, _ in lines), sum(r for _, r in lines)
    return counts


def _owned(root: Path, endpoint: str, spans: Sequence[history.Span], why: Cause) -> Iterator[Owned]:
    for span in spans:
        if span.step is not None and endpoint not in span.step.endpoints:
            continue
        slug = span.step.step if span.step else ""
        for changed in span.changes:
            change = _change(root, changed)
            if is_generated(change.after or change.before or b""):
                yield from _generated(change, slug, why)
            else:
                yield Owned("inserted" if span.step else "yours", slug, change)


def _generated(change: Change, slug: str, why: Cause) -> Iterator[Owned]:
    """A generated file's change in two: what the endpoint caused, then the noise on top."""
    mine = split(change.path, change.before, change.after, why).mine
    if mine != (change.before or b""):
        yield Owned("generated", slug, Change(change.path, change.before, mine))
    if mine != change.after:
        yield Owned("noise", slug, Change(change.path, mine, change.after))


def _change(root: Path, changed: Changed) -> Change:
    before = snapshots.content(root, changed.before) if changed.before else None
    after = snapshots.content(root, changed.after) if changed.after else b""
    return Change(changed.path, before, after)
