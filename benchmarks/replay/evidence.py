"""Which MLflow a port was made from: of the commits that fit the tree, the one of the day."""

from __future__ import annotations

from porter.core.view import View
from porter.doctor.origin import matching
from porter.errors import EnvironmentFault
from porter.source.checkout.layout import discover
from replay.history import Port
from replay.objects import Repository


def mlflow_of(port: Port, tree: View, mlflow: Repository) -> tuple[str, bool]:
    """The MLflow commit to put beside the parent, and whether the tree regenerates from it.

    The descriptors of a tree fit a range of commits; of these the person had the newest one of
    the day. Where none fits, the head of the author's day.
    """
    origin = matching(tree, discover(tree).protos_dir, mlflow.root)
    if origin is None or not origin.exact:
        return _newest(mlflow, "HEAD", port.date), False
    day = _newest(mlflow, origin.newest, port.date)
    inside = day and _leads_to(mlflow, origin.oldest, day)
    return (day if inside else origin.oldest), True


def _newest(mlflow: Repository, tip: str, date: str) -> str:
    return mlflow.text("rev-list", "-1", "--first-parent", f"--before={date}", tip)


def _leads_to(mlflow: Repository, old: str, new: str) -> bool:
    try:
        mlflow.text("merge-base", "--is-ancestor", old, new)
    except EnvironmentFault:
        return False
    return True
