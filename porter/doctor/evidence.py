"""MLflow beside the checkout: where it stands, and what the tree was generated from."""

from __future__ import annotations

from collections.abc import Iterator

from porter.doctor.origin import Origin, differing, matching
from porter.doctor.rows import Patient, Row
from porter.errors import EnvironmentFault
from porter.source.checkout.descriptors import edited
from porter.work import mlflow_checkout, mlflow_history
from porter.work.checkout import Disk
from porter.work.mlflow_checkout import Differs


def by_hand(who: Patient) -> Iterator[Row]:
    """Generated protos that a person edited: regenerating would undo that."""
    for path, lacking in edited(who.tree, who.layout.protos_dir).items():
        said = f"edited by hand: {', '.join(lacking)} taken out"
        move = "mage generate brings them back: keep them out with porter start --only-mine"
        yield Row(path.rsplit("/", 1)[-1], said, "as generated", "warn", move)


def mlflow(who: Patient) -> Row:
    """Whether mage would leave MLflow's checkout where it is."""
    state = mlflow_checkout.mlflow_state(who.root)
    name = mlflow_checkout.FOLDER
    if isinstance(state, Differs):
        details = (f"mage generate would {state.would}",)
        return Row(
            name, state.found or "missing", state.reference, "bad", "mage repo:init", details
        )
    return Row(name, state.reference or "inside MLflow")


def origin(who: Patient) -> Row:
    """The MLflow commits that the tree can come from, and whether what is there is one."""
    name = "generated from"
    try:
        found = matching(who.tree, who.layout.protos_dir, who.mlflow)
    except EnvironmentFault as fault:
        return Row(name, fault.message, "", "warn", fault.next)
    if found is None:
        return Row(name, "unknown: no descriptors in the .pb.go files", "", "warn")
    span = " to ".join(
        dict.fromkeys(mlflow_history.describe(who.mlflow, c) for c in (found.oldest, found.newest))
    )
    if not found.exact:
        details = tuple(f"differs: {path}" for path in found.differ)
        return Row(name, f"no MLflow commit here; nearest {span}", "", "warn", None, details)
    return _origin_row(who, found, f"MLflow {span}")


def _origin_row(who: Patient, found: Origin, span: str) -> Row:
    differ = differing(who.tree, who.layout.protos_dir, Disk(who.mlflow))
    if not differ:
        return Row("generated from", span)
    details = tuple(f"differs in .mlflow.repo: {path}" for path in differ)
    move = f"name {found.newest[:12]} in .mlflow.ref, then mage repo:init"
    return Row("generated from", span, "what .mlflow.repo holds", "warn", move, details)
