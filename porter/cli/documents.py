"""What commands print: values turned into screens and JSON documents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from porter.core.report import Row, Stop
    from porter.status import Standing, Totals
    from porter.work.undo import Undone


def stop_json(stop: Stop) -> str:
    """The end of a walk as a document: rows by endpoint, exit code, reason, next moves."""
    return dump(
        {
            "exit": stop.exit,
            "reason": stop.reason,
            "next": list(stop.next),
            "steps": {name: [row_json(row) for row in rows] for name, rows in stop.rows},
            "defaults": list(stop.defaults),
        }
    )


def row_json(row: Row) -> dict[str, Any]:
    """A row of the walk."""
    from porter.check.formats import finding_json

    return {
        "step": row.slug,
        "state": row.cell.state,
        "open": row.cell.open,
        "detail": row.cell.detail,
        "findings": [finding_json(finding) for finding in row.cell.findings],
    }


def status_json(standings: Sequence[Standing], sums: Sequence[Totals]) -> str:
    """Every endpoint with its steps, and the totals."""
    return dump(
        {"endpoints": [_standing(one) for one in standings], "totals": [asdict(t) for t in sums]}
    )


def print_undone(undone: Undone, name: str, moves: Sequence[str], *, json: bool) -> int:
    """What an undo took back, and for whom."""
    if json:
        typer.echo(dump(asdict(undone)))
        return 0
    others = [other for other in undone.endpoints if other.rpartition("/")[2] != name]
    also = f", for all who took it: also {', '.join(others)}" if others else ""
    typer.echo(f"{name}: {undone.step} taken back{also}")
    for path in undone.paths:
        typer.echo(f"  {path}")
    typer.echo(f"next: {' · '.join(moves)}")
    return 0


def dump(document: object) -> str:
    """One JSON document, readable and in the order it was made."""
    return json.dumps(document, indent=2, ensure_ascii=False)


def _standing(one: Standing) -> dict[str, Any]:
    from porter.check.formats import finding_json

    steps = {
        slug: {
            "state": cell.state,
            "open": cell.open,
            "detail": cell.detail,
            "findings": [finding_json(finding) for finding in cell.findings],
        }
        for slug, cell in one.cells
    }
    routes = [f"{method} {path}" for method, path, _ in one.routes]
    names = {"endpoint": one.id, "routes": routes, "enabled": one.enabled, "ported": one.ported}
    return {**names, "steps": steps}
