"""Which commits of MLflow a tree can have been generated from.

A tree says it itself: the descriptors in its `.pb.go` files equal those of the `*_pb2.py` of a
range of MLflow commits. Regenerating from any other moves lines that are no part of a port.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from porter.core.view import View
from porter.source.checkout.descriptors import Made, bare_python, comments, embedded
from porter.work import mlflow_history
from porter.work.mlflow_history import Period

_AT_ONCE = 24


@dataclass(frozen=True, slots=True)
class Origin:
    """A range of commits, `oldest` to `newest`, and the files that even there differ.

    Nothing in `differ`: the tree can have been generated from any of them.
    """

    oldest: str
    newest: str
    differ: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether all descriptors are equal."""
        return not self.differ


@dataclass(frozen=True, slots=True)
class Scored:
    """A period with the files whose descriptors differ there, and how far the comments are off."""

    period: Period
    differ: tuple[str, ...]
    comments: int

    @property
    def rank(self) -> tuple[int, int]:
        """The smaller the nearer."""
        return len(self.differ), self.comments


def matching(tree: View, protos_dir: str, mlflow: Path) -> Origin | None:
    """The newest range of commits in `mlflow` that a tree can have been generated from.

    Among commits whose descriptors are equal those count whose comments are nearest, as
    protoc-gen-go copies them. Where none fits wholly, the range that differs in the fewest files;
    None where the tree embeds no descriptors or the history has no protos.
    """
    made = embedded(tree, protos_dir)
    best: list[Scored] = []
    reader = Reader(mlflow, made)
    for tip in mlflow_history.tips(mlflow) if made else ():
        found = _nearest(reader.scored(tip))
        if found and (not best or found[0].rank < best[0].rank):
            best = found
    if not best:
        return None
    return Origin(best[-1].period.oldest, best[0].period.newest, best[0].differ)


def differing(tree: View, protos_dir: str, mlflow: View) -> tuple[str, ...]:
    """The files whose descriptors differ from those of an MLflow tree: empty, it is its origin."""
    return tuple(
        path
        for path, made in embedded(tree, protos_dir).items()
        if bare_python(mlflow.read(path) or b"") != made.descriptor
    )


class Reader:
    """Reads and compares each blob of MLflow's history once."""

    def __init__(self, mlflow: Path, made: Mapping[str, Made]) -> None:
        self.mlflow, self.made = mlflow, made
        self._equal: dict[tuple[str, str], bool] = {}
        self._off: dict[tuple[str, str], int] = {}

    def scored(self, tip: str) -> list[Scored]:
        """The periods of a branch, newest first; comments are compared where all else is equal."""
        periods = list(mlflow_history.periods(self.mlflow, tip))
        differ: list[tuple[str, ...]] = []
        for start in range(0, len(periods), _AT_ONCE):
            part = periods[start : start + _AT_ONCE]
            self._compare(part)
            differ += [self._differ(period) for period in part]
            if start and not all(differ) and all(differ[-_AT_ONCE:]):
                break
        equal = [p for p, d in zip(periods, differ, strict=False) if not d]
        self._measure(equal)
        return [
            Scored(p, d, 0 if d else self._comments(p))
            for p, d in zip(periods, differ, strict=False)
        ]

    def _differ(self, period: Period) -> tuple[str, ...]:
        return tuple(p for p in self.made if not self._equal.get((p, period.blobs.get(p, ""))))

    def _comments(self, period: Period) -> int:
        return sum(self._off.get((p, period.blobs.get(p, "")), 0) for p in self._protos())

    def _protos(self) -> dict[str, Made]:
        return {made.proto: made for made in self.made.values()}

    def _compare(self, periods: list[Period]) -> None:
        for (path, blob), content in self._new(periods, self.made, self._equal).items():
            self._equal[path, blob] = bare_python(content) == self.made[path].descriptor

    def _measure(self, periods: list[Period]) -> None:
        protos = self._protos()
        for (path, blob), content in self._new(periods, protos, self._off).items():
            self._off[path, blob] = len(comments(content) ^ protos[path].comments)

    def _new(
        self, periods: list[Period], paths: Iterable[str], known: Mapping[tuple[str, str], object]
    ) -> dict[tuple[str, str], bytes]:
        """The contents of the blobs that no earlier period had."""
        asked = [(p, b) for q in periods for p in paths if (b := q.blobs.get(p, ""))]
        fresh = [key for key in dict.fromkeys(asked) if key not in known]
        found = mlflow_history.contents(self.mlflow, [blob for _, blob in fresh])
        return {key: found.get(key[1], b"") for key in fresh}


def _nearest(scored: list[Scored]) -> list[Scored]:
    """The newest neighbours that share the best rank."""
    if not scored:
        return []
    best = min(entry.rank for entry in scored)
    runs = groupby(scored, key=lambda entry: entry.rank)
    return next(list(run) for rank, run in runs if rank == best)
