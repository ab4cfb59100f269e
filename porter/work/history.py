"""What porter did, read from its snapshots: the steps of an endpoint, and who changed what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from porter.work import snapshots
from porter.work.snapshots import Changed, Snapshot


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step as the journal holds it; `after` is None where it was cut off."""

    before: Snapshot
    after: Snapshot | None
    changes: tuple[Changed, ...] = ()

    @property
    def step(self) -> str:
        """The step's slug."""
        return self.before.step

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The endpoints that took the step together."""
        return self.before.endpoints

    @property
    def paths(self) -> tuple[str, ...]:
        """The files it changed, edits and generated ones alike."""
        return tuple(change.path for change in self.changes)


@dataclass(frozen=True, slots=True)
class Span:
    """What changed between two snapshots: in a step, or (`step` None) by a person."""

    step: Recorded | None
    changes: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The work tree as a tree object, and what changed in it since a snapshot."""

    tree: str
    changes: tuple[Changed, ...]


def newest(root: Path, endpoints: Sequence[str]) -> tuple[Snapshot | None, ...]:
    """The newest entry in the journal of each endpoint, None where it has none."""
    read = (snapshots.journal(root, endpoint, newest=1) for endpoint in endpoints)
    return tuple(entries[-1] if entries else None for entries in read)


def begin(
    root: Path,
    endpoints: Sequence[str],
    step: str,
    last: Sequence[Snapshot | None] | None = None,
) -> Snapshot:
    """Record the tree before a step. One that was cut off goes on under its first *before*.

    `last` are the newest entries of the journals, where they were just read.
    """
    entries = newest(root, endpoints) if last is None else last
    for left in entries:
        asked = ("before", step, tuple(endpoints))
        if left is not None and (left.when, left.step, left.endpoints) == asked:
            return left
    parents = [entry.commit if entry else "" for entry in entries]
    return snapshots.take(root, endpoints, step, "before", parents=parents)


def written(root: Path, before: Snapshot) -> Written:
    """The work tree as it is now, and what a step that began with `before` changed so far."""
    tree = snapshots.write_tree(root)
    return Written(tree, snapshots.changes(root, before.tree, tree))


def finish(
    root: Path, before: Snapshot, *, beside: str = "", now: Written | None = None
) -> Recorded:
    """Record the tree after a step; `beside` is a commit to keep with it.

    `now` is the work tree where it was just written and nothing was changed since.
    """
    now = now or written(root, before)
    after = snapshots.take(
        root, before.endpoints, before.step, "after",
        beside=beside, tree=now.tree, parents=before.tips,
    )  # fmt: skip
    return Recorded(before, after, now.changes)


def cut_off(root: Path, endpoint: str) -> Recorded | None:
    """The newest step of an endpoint where it has a *before* and no *after*, with what it left."""
    entries = snapshots.journal(root, endpoint)
    if not entries or entries[-1].when != "before":
        return None
    return _closed(root, entries[-1], None, all_snapshots(root))


def steps(root: Path, endpoint: str) -> tuple[Recorded, ...]:
    """The steps of an endpoint that still stand, oldest first, those undone left out."""
    everything = all_snapshots(root)
    return tuple(
        _closed(root, before, after, everything)
        for before, after in _pairs(snapshots.journal(root, endpoint))
    )


def later(root: Path, recorded: Recorded) -> tuple[tuple[str, str], ...]:
    """Endpoints (not of the step itself) whose later steps changed its files: endpoint, path."""
    found = []
    for endpoint in snapshots.endpoints_with_journal(root):
        if endpoint not in recorded.endpoints:
            for other in steps(root, endpoint):
                if other.before.at > recorded.before.at:
                    shared = set(other.paths) & set(recorded.paths)
                    found += [(endpoint, path) for path in sorted(shared)]
    return tuple(found)


def timeline(root: Path, since: int = 0) -> tuple[Span, ...]:
    """All that changed from the first snapshot at or after `since` until now, in order.

    Steps that were undone and their undoing are left out.
    """
    entries = [entry for entry in all_snapshots(root) if entry.at >= since]
    if not entries:
        return ()
    undone = {entry.undoes for entry in entries}
    spans = []
    for first, second in pairwise(entries):
        if first.when == "before":
            if first.at not in undone:
                spans.append(Span(_recorded(root, first, second), _between(root, first, second)))
        elif first.when != "undoing":
            spans.append(Span(None, _between(root, first, second)))
    last = entries[-1]
    now = snapshots.changes(root, last.tree, snapshots.write_tree(root))
    spans.append(Span(Recorded(last, None, now) if last.when == "before" else None, now))
    return tuple(span for span in spans if span.changes)


def all_snapshots(root: Path) -> tuple[Snapshot, ...]:
    """The snapshots of every endpoint by time, each once."""
    found: dict[int, Snapshot] = {}
    for endpoint in snapshots.endpoints_with_journal(root):
        for entry in snapshots.journal(root, endpoint):
            found.setdefault(entry.at, entry)
    return tuple(found[at] for at in sorted(found))


def _pairs(entries: Sequence[Snapshot]) -> list[tuple[Snapshot, Snapshot | None]]:
    """Each *before* that still stands with its *after*."""
    undone = {entry.undoes for entry in entries}
    pairs: list[tuple[Snapshot, Snapshot | None]] = []
    for number, entry in enumerate(entries):
        if entry.when == "before" and entry.at not in undone:
            following = entries[number + 1] if number + 1 < len(entries) else None
            pairs.append((entry, following if following and following.when == "after" else None))
    return pairs


def _closed(
    root: Path, before: Snapshot, after: Snapshot | None, everything: Sequence[Snapshot]
) -> Recorded:
    """A step with what it changed: up to its *after*, or up to the next snapshot of anybody."""
    following = after or next((e for e in everything if e.at > before.at), None)
    end = following.tree if following else snapshots.write_tree(root)
    return Recorded(before, after, snapshots.changes(root, before.tree, end))


def _recorded(root: Path, first: Snapshot, second: Snapshot) -> Recorded:
    after = second if second.when == "after" and second.step == first.step else None
    return Recorded(first, after, _between(root, first, second))


def _between(root: Path, first: Snapshot, second: Snapshot) -> tuple[Changed, ...]:
    return snapshots.changes(root, first.tree, second.tree)
