"""Edits of a person that a plan would run into: refused only where undo could not give them back.

A file with uncommitted changes is no obstacle where those stand in a snapshot of porter's, or
where they lie on other lines than the plan's.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from porter.core.plan import Change, Plan
from porter.work import history
from porter.work.git import git, must


@dataclass(frozen=True, slots=True)
class Dirty:
    """A file of the plan with uncommitted changes; `lines` (from 1) the plan would edit too."""

    path: str
    lines: tuple[int, ...] = ()

    @property
    def overlap(self) -> bool:
        """Whether the plan edits lines that a person changed."""
        return bool(self.lines)


def dirty(root: Path, plan: Plan) -> tuple[Dirty, ...]:
    """The plan's files with changes that are neither committed nor in a snapshot of porter's."""
    edited = [change for change in plan.changes if change.before is not None]
    committed = _versions(root, "HEAD", edited)
    changed = [c for c in edited if c.before is not None and committed.get(c.path) != c.before]
    if not changed:
        return ()
    recorded = _recorded(root, changed)
    found = []
    for change in changed:
        sha = must(root, "hash-object", "--stdin", stdin=change.before or b"").text
        if sha not in recorded:
            found.append(Dirty(change.path, _overlap(committed.get(change.path), change)))
    return tuple(found)


def _overlap(committed: bytes | None, change: Change) -> tuple[int, ...]:
    """Lines of the file as it stands that both the person and the plan changed.

    An insertion counts where it falls inside a passage of the person's, not at its edge.
    """
    now = (change.before or b"").splitlines()
    theirs = _passages((committed or b"").splitlines(), now, of_new=True)
    ours = _passages(now, change.after.splitlines(), of_new=False)
    lines: set[int] = set()
    for start, end in ours:
        for first, last in theirs:
            if start == end and first < start < last:
                lines.add(start + 1)
            lines |= set(range(max(start, first) + 1, min(end, last) + 1))
    return tuple(sorted(lines))


def _passages(old: list[bytes], new: list[bytes], *, of_new: bool) -> list[tuple[int, int]]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [
        (j1, j2) if of_new else (i1, i2)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]


def _versions(root: Path, tree: str, changes: list[Change]) -> dict[str, bytes]:
    """The committed content of each file that HEAD has."""
    found = {}
    for change in changes:
        blob = git(root, "cat-file", "--filters", f"{tree}:./{change.path}")
        if not blob.code:
            found[change.path] = blob.out
    return found


def _recorded(root: Path, changes: list[Change]) -> set[str]:
    """The blobs that any snapshot has at one of the paths."""
    prefix = must(root, "rev-parse", "--show-prefix").text
    trees = {entry.tree for entry in history.all_snapshots(root)}
    asked = "".join(f"{tree}:{prefix}{change.path}\n" for tree in trees for change in changes)
    rows = must(root, "cat-file", "--batch-check=%(objectname)", stdin=asked.encode()).text
    return {row for row in rows.splitlines() if " " not in row}
