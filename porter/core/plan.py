"""What a step would write. Diff, dry run and run all look at the same value."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from porter.core.finding import Note
from porter.core.question import Question


@dataclass(frozen=True, slots=True)
class Change:
    """One file before and after; `before` None makes it a new file."""

    path: str
    before: bytes | None
    after: bytes

    def diff(self, context: int = 3) -> str:
        """The change as a unified diff, empty where nothing changes."""
        old = (self.before or b"").decode("utf-8", "replace").splitlines(keepends=True)
        new = self.after.decode("utf-8", "replace").splitlines(keepends=True)
        lines = difflib.unified_diff(
            old, new,
            "/dev/null" if self.before is None else f"a/{self.path}", f"b/{self.path}", n=context,
        )  # fmt: skip
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )

    @property
    def lines(self) -> tuple[int, int]:
        """How many lines are added and removed."""
        body = self.diff(0).splitlines()[2:]
        return sum(row.startswith("+") for row in body), sum(row.startswith("-") for row in body)


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes of a step, the questions still unanswered, and notes for the person.

    `settled` are answers to keep once the changes are written: what was offered once is not
    offered again, also where the person has taken it out since.
    """

    changes: tuple[Change, ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[Note, ...] = ()
    settled: tuple[tuple[str, str], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write (open questions do not count)."""
        return not self.changes

    def diff(self) -> str:
        """All changes as one unified diff."""
        return "".join(change.diff() for change in self.changes)

    def after(self) -> Mapping[str, bytes]:
        """Contents by path, to lay over a tree."""
        return {change.path: change.after for change in self.changes}


def planned(before: Mapping[str, bytes | None], after: Mapping[str, bytes]) -> tuple[Change, ...]:
    """The changes from `before` to `after`, files that stay the same left out."""
    return tuple(
        Change(path, before.get(path), content)
        for path, content in after.items()
        if before.get(path) != content
    )


def merged(plans: Iterable[Plan]) -> tuple[Change, ...]:
    """Plans laid over one another as one: each path once, first before to last after."""
    changes: dict[str, Change] = {}
    for change in (change for plan in plans for change in plan.changes):
        first = changes.get(change.path, change)
        changes[change.path] = Change(change.path, first.before, change.after)
    return tuple(changes.values())
