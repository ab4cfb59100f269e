"""How `porter infer` grows with the number of endpoints, and its processor seconds.

`python benchmarks/growth.py --mlflow TREE` where TREE holds `mlflow/` (an unpacked wheel will do).
Prints one line a figure with its bar; exit 1 where a bar is missed. Cold is an empty cache folder,
warm the folder that a cold run filled; process start counts.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BARS = {"one endpoint, cold": 0.8, "one endpoint, warm": 0.3, "all endpoints, cold": 6.0}
LINEAR = 1.25
"""The second half of the endpoints may cost this much more than the first, each on its own."""


def main(argv: list[str] | None = None) -> int:
    """Measure and print; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, prog="growth.py")
    parser.add_argument("--mlflow", type=Path, required=True, help="a tree that holds mlflow/")
    parser.add_argument("--endpoint", default="deleteTag")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    arguments = parser.parse_args(argv)
    figures = measure(arguments.mlflow, arguments.endpoint, arguments.runs)
    met = {name: figures[name] <= bar for name, bar in BARS.items()}
    growth = figures["growth"]
    met["growth"] = growth <= LINEAR
    if arguments.json:
        print(json.dumps({"figures": figures, "met": met}, indent=2))
    else:
        for name, value in figures.items():
            said = f"bar {BARS.get(name, LINEAR)}  {'ok' if met[name] else 'MISSED'}"
            print(f"{name:<32} {value:6.2f}  {said if name in met else ''}".rstrip())
    return 0 if all(met.values()) else 1


def measure(tree: Path, endpoint: str, runs: int) -> dict[str, float]:
    """Seconds by name, each the median of `runs`; `growth` is a ratio."""
    cold, warm, whole = [], [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as cache:
            cold.append(_infer(tree, [endpoint], cache))
            warm.append(_infer(tree, [endpoint], cache))
        with tempfile.TemporaryDirectory() as cache:
            whole.append(_infer(tree, ["--all"], cache))
    out: dict[str, float] = {}
    for name, times in zip(BARS, (cold, warm, whole), strict=True):
        out[name] = round(statistics.median(wall for wall, _ in times), 3)
        out[f"{name}, processor"] = round(statistics.median(cpu for _, cpu in times), 3)
    return {**out, "growth": round(growth(tree), 2)}


def growth(tree: Path) -> float:
    """What an endpoint costs in processor time with all others read before it, against alone.

    The same endpoints are inferred in two orders in one process; the mean cost of those in the
    second half is set against the first half of both.
    """
    from porter.source.constraints import served
    from porter.source.constraints.run import infer_constraints
    from porter.source.mlflow import Index
    from porter.source.protos import catalog
    from porter.work.checkout import Disk

    view = Disk(tree)
    known = catalog(view)
    halves = [0.0, 0.0]
    for step in (1, -1):
        index = Index(view)
        endpoints = served(index, known)[::step]
        for endpoint in endpoints:
            infer_constraints(index, known, endpoint)  # reads the modules
        again = Index(view)
        again._modules = index._modules
        for number, endpoint in enumerate(endpoints):
            before = time.process_time()
            infer_constraints(again, known, endpoint)
            halves[number * 2 // len(endpoints)] += time.process_time() - before
    return halves[1] / halves[0]


def _infer(tree: Path, arguments: list[str], cache: str) -> tuple[float, float]:
    """Wall and processor seconds of one process: on a busy machine only the second says much."""
    command = [sys.executable, "-m", "porter", "infer", *arguments, "--mlflow", str(tree), "--json"]
    before, started = _processor(), time.perf_counter()
    done = subprocess.run(
        command,
        cwd=cache,
        env={**os.environ, "PORTER_CACHE": cache},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    return seconds, _processor() - before


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
