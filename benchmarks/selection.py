"""Recall and precision of the tests that porter selects, against one full run that was witnessed.

    python benchmarks/selection.py CHECKOUT REPORT [EP…]

REPORT is what the witness wrote while all the tests ran that the checkout runs:

    PYTHONPATH=porter/prove_plugin PORTER_EVIDENCE=REPORT python -m pytest --confcutdir=. \\
        -p porter_evidence -k 'not [file' FILES…

The truth of an endpoint is which test functions called its Go export over FFI or were answered by
Go over HTTP. Without EP: ten endpoints chosen by rule, see `chosen`.
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
    """Print a row for each endpoint, and the sums."""
    target = open_target(Path(checkout))
    run = report.read(Path(told).read_text())
    truths = {e: truth(target, e, run) for e in target.endpoints if target.enabled(e)}
    picked = [resolve(n, target.catalog, target.layout) for n in names] or chosen(truths)
    print(f"{len(run.ran)} tests ran; {len({t.function for t in run.ran})} functions")
    print(
        f"{'endpoint':<30} {'true':>5} {'taken':>5} {'recall':>7} {'prec.':>6} {'near':>5} {'s':>6}"
    )
    rows = [row(target, e, truths[e], run) for e in picked]
    for name in ("recall", "precision"):
        values = [r[name] for r in rows]
        print(f"{name}: mean {statistics.mean(values):.3f}, least {min(values):.3f}")
    rest = [row(target, e, t, run, show=False) for e, t in truths.items() if t and e not in picked]
    if rest:
        recall, precision = (statistics.mean(r[n] for r in rest) for n in ("recall", "precision"))
        print(f"the other {len(rest)} endpoints: recall {recall:.3f}, precision {precision:.3f}")


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
    *,
    show: bool = True,
) -> dict[str, float]:
    """Recall and precision of one endpoint, among the tests that ran."""
    task = target.task(endpoint)
    start = time.perf_counter()
    found = selection.reaching(task)
    seconds = time.perf_counter() - start
    ran = {test.function for test in run.ran if test.outcome != "skipped"}
    taken = {test.id for test in found} & ran
    near = set(selection.select(task).ids) & ran
    recall = len(taken & true) / len(true) if true else 1.0
    precision = len(taken & true) / len(taken) if taken else 1.0
    if show:
        print(
            f"{endpoint.name:<30} {len(true):>5} {len(taken):>5} {recall:>7.3f} {precision:>6.3f} "
            f"{len(near):>5} {seconds:>6.2f}"
        )
        if "-v" in sys.argv:
            print("   missed", sorted(true - taken))
            print("   beyond", sorted(taken - true))
    return {"recall": recall, "precision": precision}


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if a != "-v"]
    main(arguments[0], arguments[1], arguments[2:])
