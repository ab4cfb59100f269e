"""How long porter's commands take, as whole processes: medians, and ratios within one run.

    benchmarks/speed.py --repo CHECKOUT [--mlflow NEWEST_MLFLOW] [--runs 5] [--json]

CHECKOUT is a checkout of mlflow-go with MLflow beside it; NEWEST_MLFLOW any MLflow tree or
installed package. Exit 1 where a bar is missed. Machines are noisy: the ratios count.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from growth import LINEAR, growth

PORTER = (sys.executable, "-m", "porter")


@dataclass(frozen=True)
class Case:
    """A command, whether each run has an empty cache, and its bar in seconds."""

    name: str
    argv: tuple[str, ...]
    cold: bool
    bar: float | None = None
    exits: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Measured:
    name: str
    seconds: float
    lowest: float
    highest: float
    bar: float | None

    @property
    def ok(self) -> bool:
        return self.bar is None or self.seconds <= self.bar


def cases(mlflow: Path | None) -> tuple[Case, ...]:
    found = [
        Case("mage endpoints, warm", ("mage", "endpoints"), cold=False),
        Case("status, warm", (*PORTER, "status"), cold=False),
        Case("status, cold", (*PORTER, "status"), cold=True, bar=1.2),
        Case("check --fast, lint remembered", (*PORTER, "check", "--fast"), False, 3.0, (0, 1)),
        Case("infer one endpoint, cold", (*PORTER, "infer", "logBatch"), cold=True, bar=0.8),
        Case("infer one endpoint, warm", (*PORTER, "infer", "logBatch"), cold=False, bar=0.3),
    ]
    if mlflow is not None:
        every = (*PORTER, "infer", "--all", "--json", "--mlflow", str(mlflow))
        found.append(Case("infer --all, newest MLflow, cold", every, cold=True, bar=6.0))
    return tuple(found)


def measure(case: Case, repo: Path, runs: int, env: dict[str, str]) -> Measured:
    """The median of `runs` runs after one that warms up; a cold run has a cache of its own."""
    times = []
    for _ in range(runs + 1):
        with tempfile.TemporaryDirectory() as empty:
            own = {**env, "PORTER_CACHE": empty} if case.cold else env
            started = time.perf_counter()
            done = subprocess.run(case.argv, cwd=repo, env=own, check=False, capture_output=True)
            times.append(time.perf_counter() - started)
        if done.returncode not in case.exits:
            sys.exit(f"{case.name}: exit {done.returncode}\n{done.stderr.decode()[-800:]}")
    kept = times[1:]
    return Measured(case.name, statistics.median(kept), min(kept), max(kept), case.bar)


def environment(repo: Path) -> dict[str, str]:
    """This environment with the checkout's own tools in front, as porter runs them."""
    from porter.target import open_target

    return {**os.environ, **open_target(repo).toolchain.env}


def report(found: list[Measured], say: Callable[[str], None]) -> bool:
    """The table in Markdown with the ratio that is a bar; whether all bars are met."""
    say("| command | median s | lowest | highest | bar |\n|---|---|---|---|---|")
    for one in found:
        bar = "" if one.bar is None else f"{one.bar} {'ok' if one.ok else 'MISSED'}"
        row = f"| {one.name} | {one.seconds:.2f} | {one.lowest:.2f} | {one.highest:.2f} | {bar} |"
        say(row)
    by_name = {one.name: one.seconds for one in found}
    ratio = by_name["status, warm"] / by_name["mage endpoints, warm"]
    say(f"\nstatus warm is {ratio:.2f} times mage endpoints warm (bar 1.5)")
    return ratio <= 1.5 and all(one.ok for one in found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repo", type=Path, required=True)
    parser.add_argument("--mlflow", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    env = environment(args.repo)
    found = []
    for case in cases(args.mlflow):
        print(f"{case.name} …", file=sys.stderr, flush=True)
        own = env if case.argv[0] == "mage" else dict(os.environ)
        found.append(measure(case, args.repo, args.runs, own))
    if args.json:
        print(json.dumps([asdict(one) for one in found], indent=2))
    lines: list[str] = []
    good = report(found, lines.append)
    if args.mlflow is not None:
        ratio = growth(args.mlflow)
        lines.append(
            f"the second half of the endpoints costs {ratio:.2f} times the first (bar 1.25)"
        )
        good = good and ratio <= LINEAR
    if not args.json:
        print("\n".join(lines))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
