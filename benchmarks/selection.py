"""Recall and precision of the tests that porter selects, against one full run that was witnessed.

    python benchmarks/selection.py CHECKOUT REPORT [-v] [EP…]

REPORT is what the witness wrote while all the tests ran that the checkout runs:

    PYTHONPATH=porter/prove_plugin PORTER_EVIDENCE=REPORT python -m pytest --confcutdir=. \\
        -p porter_evidence -k 'not [file' FILES…

The truth of an endpoint is which test functions called its Go export over FFI or were answered by
Go over HTTP. Without EP: all that are enabled, ten of them (`*`) drawn by lot, see `chosen`. `-v`
names the tests missed and those taken beyond the truth.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from pathlib import Path

from porter.core.endpoint import Endpoint
from porter.proof import evidence, report, selection
from porter.source.resolve import resolve
from porter.target import Target, open_target

FEW = 20
SEED = 7


def main(checkout: str, told: str, names: list[str]) -> None:
    """Print a row for each endpoint, and what the ten and all of them come to."""
    target = open_target(Path(checkout))
    run = report.read(Path(told).read_text())
    truths = {e: truth(target, e, run) for e in target.endpoints if target.enabled(e)}
    ten = [resolve(n, target.catalog, target.layout) for n in names] or chosen(truths)
    print(f"{len(run.ran)} tests ran; {len({t.function for t in run.ran})} functions")
    print(
        f"{'endpoint':<31} {'true':>5} {'taken':>5} {'recall':>7} {'prec.':>6} {'near':>5} {'s':>6}"
    )
    shown = ten if names else list(truths)
    rows = {e: row(target, e, truths[e], run, "*" if e in ten else "") for e in shown}
    reached = [e for e in rows if truths[e]]
    for label, some in (("the ten", ten), ("all that tests reach", reached)):
        for name in ("recall", "precision"):
            values = [rows[e][name] for e in some if e in rows]
            print(f"{label}: {name} mean {statistics.mean(values):.3f}, least {min(values):.3f}")


def truth(target: Target, endpoint: Endpoint, run: report.Report) -> frozenset[str]:
    """The test functions that reached Go, whether they passed or not."""
    service = target.layout.service(endpoint.service)
    assert service is not None
    goal = evidence.goal(endpoint, service.go_name)
    return frozenset(t.function for t in run.ran if evidence.reached(t, goal).go)


def chosen(truths: dict[Endpoint, frozenset[str]]) -> list[Endpoint]:
    """Ten endpoints that tests reach: six by fewer than 20 of them, four by more, by lot."""
    lot = random.Random(SEED)
    few = [e for e, tests in truths.items() if 0 < len(tests) < FEW]
    many = [e for e, tests in truths.items() if len(tests) >= FEW]
    return lot.sample(few, 6) + lot.sample(many, 4)


def row(
    target: Target,
    endpoint: Endpoint,
    true: frozenset[str],
    run: report.Report,
    mark: str,
) -> dict[str, float]:
    """Recall and precision of one endpoint, among the tests that ran."""
    task = target.task(endpoint)
    start = time.perf_counter()
    found = selection.near_tests(task)
    seconds = time.perf_counter() - start
    ran = {test.function for test in run.ran if test.outcome != "skipped"}
    taken = {test.id for test in found} & ran
    near = set(selection.select(task).ids) & ran
    recall = len(taken & true) / len(true) if true else 1.0
    precision = len(taken & true) / len(taken) if taken else 1.0
    print(
        f"{mark + endpoint.name:<31} {len(true):>5} {len(taken):>5} {recall:>7.3f} "
        f"{precision:>6.3f} {len(near):>5} {seconds:>6.2f}"
    )
    if "-v" in sys.argv:
        print("   missed", sorted(true - taken))
        print("   beyond", sorted(taken - true))
    return {"recall": recall, "precision": precision}


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if a != "-v"]
    main(arguments[0], arguments[1], arguments[2:])
