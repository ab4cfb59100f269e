"""What porter reads of a newer MLflow against labels: facts taken by hand from its source and tried
against a running server. Needs an unpacked MLflow 3.18.0, named by PORTER_MLFLOW_3.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from porter.source.constraints import infer_constraints
from porter.source.mlflow import index
from porter.source.protos import catalog
from porter.work.checkout import Disk

LABELS = Path(__file__).parent / "labels"
BARS = {
    "mlflow-3.18.json": 0.97,
    "mlflow-3.18-blind.json": 0.96,
    "mlflow-3.18-fresh.json": 0.97,
}
"""The last two were made before the inference was looked at and stay as they were made, where no
server proved them wrong. They name some checks otherwise than porter does (benchmarks/README.md).
"""


@pytest.mark.target
@pytest.mark.skipif("PORTER_MLFLOW_3" not in os.environ, reason="PORTER_MLFLOW_3 is not set")
@pytest.mark.parametrize("name", BARS)
def test_precision_and_recall_on_labelled_endpoints(name: str) -> None:
    view = Disk(Path(os.environ["PORTER_MLFLOW_3"]))
    known, ready = catalog(view), index(view)
    labels = json.loads((LABELS / name).read_text("utf-8"))
    hits, said, wanted, wrong = 0, 0, 0, []
    for endpoint in known.endpoints:
        if endpoint.id in labels:
            expected = set(labels[endpoint.id])
            found = infer_constraints(ready, known, endpoint)
            have = {_line(one.field, one.kind, one.value) for one in found.constraints}
            hits += len(have & expected)
            said += len(have)
            wanted += len(expected)
            wrong += [f"{endpoint.id}: {sign} {line}" for sign, lines in
                      (("-", expected - have), ("+", have - expected))
                      for line in sorted(lines)]  # fmt: skip
    assert hits / said >= BARS[name], wrong
    assert hits / wanted >= BARS[name], wrong


def _line(field: str, kind: str, value: object) -> str:
    if kind == "other" or value is None:
        return f"{field} {kind}"
    return f"{field} {kind} {' '.join(value) if isinstance(value, tuple) else value}"
