"""What Python demands of a request, as the document that `porter infer --json` prints.

The document is a contract: endpoint, message, constraints with evidence, rules, notes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from porter.core.constraint import Constraint, Inference, InferenceNote, Rule
from porter.core.endpoint import Catalog, Endpoint
from porter.core.question import Evidence
from porter.core.view import View
from porter.source import constraints
from porter.source.mlflow import index
from porter.source.rules import Proposal, propose
from porter.source.rules.validators import Tags

Document = dict[str, Any]
HOUSE = Tags(
    frozenset({
        "notEmpty", "pathIsUnique", "positiveNonZeroInteger", "runId", "stringAsInteger",
        "truncate", "uniqueParams", "validMetricParamOrTagName",
    }),
    {"validMetricParamOrTagName": r"^[/\w.\- ]*$", "runId": r"^[a-zA-Z0-9][\w\-]{0,255}$"},
    {"uniqueParams": "[]*protos.Param"},
)  # fmt: skip
"""The tags that mlflow-go registers, for an MLflow that is read without a checkout."""


def infer(mlflow: View, endpoint: Endpoint, catalog: Catalog, tags: Tags | None = None) -> Document:
    """One endpoint's document. `tags` are the checkout's; without them mlflow-go's are taken."""
    inference, proposal = inferred(mlflow, endpoint, catalog, tags)
    return document(inference, proposal)


def inferred(
    mlflow: View, endpoint: Endpoint, catalog: Catalog, tags: Tags | None = None
) -> tuple[Inference, Proposal]:
    """The same as values."""
    found = constraints.infer_constraints(index(mlflow), catalog, endpoint)
    return found, propose(found, endpoint, catalog, tags or HOUSE)


def infer_all(mlflow: View, catalog: Catalog, tags: Tags | None = None) -> Iterator[Document]:
    """The documents of every rpc that this MLflow's handlers serve, in the proto's order."""
    for endpoint in constraints.served(index(mlflow), catalog):
        yield infer(mlflow, endpoint, catalog, tags)


def document(inference: Inference, proposal: Proposal) -> Document:
    """The contract's document of an inference."""
    return {
        "endpoint": inference.endpoint,
        "message": inference.message,
        "constraints": [_constraint(one) for one in inference.constraints],
        "rules": [_rule(one) for one in proposal.rules],
        "notes": [_note(one) for one in (*inference.notes, *proposal.notes)],
    }


def explain(mlflow: View, inference: Inference, field: str) -> tuple[str, ...]:
    """The Python passages behind a field's constraints, each headed by its place."""
    out: list[str] = []
    for one in inference.constraints:
        if one.field == field or one.field.startswith(f"{field}."):
            value = "" if one.value is None else f" {one.value}"
            out.append(f"{one.field}: {one.kind}{value}")
            out += [line for place in one.evidence for line in passage(mlflow, place)]
    return tuple(out)


def passage(mlflow: View, place: Evidence, around: int = 2) -> tuple[str, ...]:
    """The lines around a place, with their numbers; the place itself is marked."""
    source = mlflow.read(place.file) or b""
    lines = source.decode("utf-8", "replace").splitlines()
    first, last = max(1, place.line - around), min(len(lines), place.line + around)
    rows = [
        f"{'>' if number == place.line else ' '} {number:5} {lines[number - 1]}"
        for number in range(first, last + 1)
    ]
    return (f"{mlflow.where(place.file)}:{place.line}", *rows)


def _constraint(one: Constraint) -> Mapping[str, Any]:
    return {
        "field": one.field,
        "kind": one.kind,
        "value": list(one.value) if isinstance(one.value, tuple) else one.value,
        "conditional": one.conditional,
        "certain": one.certain,
        "evidence": [_evidence(place) for place in one.evidence],
    }


def _rule(one: Rule) -> Mapping[str, Any]:
    return {
        "key": one.key,
        "rule": one.rule,
        "certain": one.certain,
        "strict": one.strict or one.rule,
    }


def _note(one: InferenceNote) -> Mapping[str, Any]:
    return {
        "field": one.field,
        "code": one.code,
        "text": one.text,
        "evidence": [_evidence(place) for place in one.evidence],
    }


def _evidence(place: Evidence) -> Mapping[str, Any]:
    return {"file": place.file, "line": place.line, "text": place.text}
