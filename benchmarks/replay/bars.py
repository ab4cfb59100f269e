"""The bars: what porter must reach over all ports, and what a run reached."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from replay.compare import UNASKED, Comparison
from replay.outcome import Outcome

Way = Literal["scaffold", "build"]


@dataclass(frozen=True, slots=True)
class Bar:
    """`needed` of `of` cases must meet the measure (`most`: may at most)."""

    measure: str
    needed: int
    of: int
    most: bool = False
    ways: tuple[Way, ...] = ("scaffold", "build")


BARS = (
    Bar("plans without an error", 38, 38, ways=("scaffold",)),
    Bar("walk reaches implement", 38, 38, ways=("build",)),
    Bar("go build passes after store", 38, 38, ways=("build",)),
    Bar("go vet passes after mocks", 38, 38, ways=("build",)),
    Bar("unit tests pass after binding", 38, 38, ways=("build",)),
    Bar("a second start plans nothing", 38, 38),
    Bar("no generated line beyond the parent's own", 38, 38, ways=("build",)),
    Bar("service file", 34, 38),
    Bar("SQL file", 34, 38),
    Bar("interface", 34, 38),
    Bar("asked about its place", 8, 38, most=True),
    Bar("store method name", 36, 38),
    Bar("parameter types and results", 35, 38),
    Bar("parameter names", 31, 38),
    Bar("thin service method", 22, 22),
    Bar("thin, and decides nothing more", 0, 22),
    Bar("service method with logic", 16, 16, ways=("build",)),
    Bar("service method with logic, all mirrored", 0, 16, ways=("scaffold",)),
    Bar("binding present", 38, 38),
    Bar("binding equal", 28, 34),
    Bar("binding equal, order of keywords aside", 0, 34),
)
SHARE = 0.75
SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was reached beside the bar, and the cases that missed it."""

    measure: str
    reached: str
    bar: str
    met: bool
    missed: tuple[tuple[str, str], ...] = ()


@dataclass
class Result:
    """All of a run: the comparisons and outcomes in the order of the ports."""

    way: Way
    comparisons: list[Comparison] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def rows(self) -> list[Row]:
        """The table."""
        rows = [_row(bar, self.comparisons) for bar in BARS if self.way in bar.ways]
        return [*rows, self._share(), self._time(), *self._processor()]

    def pooled(self) -> tuple[int, int, int]:
        """Lines of the people's that porter wrote too, all of theirs, and all of porter's.

        A commit that ports two endpoints counts once, with what porter wrote for both.
        """
        theirs: dict[tuple[str, str], Counter[str]] = {}
        ours: dict[tuple[str, str], Counter[str]] = {}
        for one in self.comparisons:
            for kind, lines in one.human_lines.items():
                theirs[one.port.commit, kind] = lines
                key = (one.port.commit, kind)
                ours[key] = ours.get(key, Counter()) + one.porter_lines.get(kind, Counter())
        both = sum(sum((theirs[key] & ours[key]).values()) for key in theirs)
        return both, _total(theirs.values()), _total(ours.values())

    def _share(self) -> Row:
        both, theirs, ours = self.pooled()
        share = both / theirs if theirs else 0.0
        reached = f"{share:.1%} ({both} of {theirs}; porter wrote {ours})"
        measure = "hand-written lines that porter wrote too"
        return Row(measure, reached, f"{SHARE:.0%}", share >= SHARE)

    def _time(self) -> Row:
        times = [outcome.seconds for outcome in self.outcomes if outcome.seconds]
        middle = statistics.median(times) if times else 0.0
        what = "porter's own time, median" if self.way == "build" else "time to plan, median"
        return Row(what, f"{middle:.2f} s", f"under {SECONDS:g} s", middle < SECONDS)

    def _processor(self) -> list[Row]:
        """What of that time a busy machine cannot stretch: no bar, beside the one of the clock."""
        times = [outcome.cpu for outcome in self.outcomes if outcome.cpu]
        if not times:
            return []
        return [Row("… of it on the processor", f"{statistics.median(times):.2f} s", "–", True)]


def _row(bar: Bar, comparisons: Sequence[Comparison]) -> Row:
    asked = [(c.port, v) for c in comparisons if (v := c.verdicts.get(bar.measure)) is not None]
    judged = [(port, v) for port, v in asked if v.met is not None]
    met = sum(bool(v.met) for _, v in judged)
    whole = len(judged) == bar.of
    needed = bar.needed if whole else bar.needed * len(judged) / bar.of
    good = not whole or met <= needed if bar.most else met >= int(needed)
    # A place may be wrong without a question only where the person made or moved it right then.
    good = good and not any(v.why.endswith(UNASKED) for _, v in judged)
    missed = tuple((p.endpoint, v.why) for p, v in judged if bool(v.met) == bar.most and v.why)
    if bar.most:
        missed = tuple((p.endpoint, "") for p, v in judged if v.met)
    limit = f"{'at most ' if bar.most else ''}{bar.needed} of {bar.of}" if bar.needed else "–"
    return Row(
        bar.measure, f"{met} of {len(judged)}", limit,
        good and (bool(judged) or not whole), missed,
    )  # fmt: skip


def _total(counters: object) -> int:
    assert hasattr(counters, "__iter__")
    return sum(sum(counter.values()) for counter in counters)
