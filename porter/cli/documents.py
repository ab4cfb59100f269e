"""What commands print: values turned into screens and JSON documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from porter.core.endpoint import Endpoint
    from porter.core.report import Row, Stop
    from porter.status import Standing, Survey
    from porter.target import Target
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
    from porter.formats import finding_json

    return {
        "step": row.slug,
        "state": row.cell.state,
        "open": row.cell.open,
        "detail": row.cell.detail,
        "findings": [finding_json(finding) for finding in row.cell.findings],
    }


def status_json(survey: Survey) -> str:
    """Every endpoint with its steps, and the totals."""
    return dump(
        {
            "endpoints": [_standing(one) for one in survey.standings],
            "totals": [
                {"service": t.service, "endpoints": t.endpoints, "enabled": t.enabled,
                 "ported": t.ported}
                for t in survey.totals
            ],
        }
    )  # fmt: skip


def print_status(
    target: Target, endpoint: str | None, missing: bool, service: str | None, form: str
) -> int:
    """`porter status` in one of its forms."""
    from porter.cli.options import named
    from porter.status import survey
    from porter.steps import STEPS
    from porter.terminal import tables
    from porter.terminal.consoles import consoles
    from porter.workshop import Workshop

    shop = Workshop(target)
    only = named(target, [endpoint]) if endpoint else _of_service(target, service)
    found = survey(target, STEPS, shop.remembered, only=only, answers=shop.answers, missing=missing)
    if form == "json":
        typer.echo(status_json(found))
        return 0
    rows = [(s.endpoint, s.enabled, s.ported, s.cells) for s in found.standings]
    match form:
        case "checklist":
            typer.echo("\n".join(tables.checklist(rows)))
        case "markdown":
            typer.echo("\n".join(tables.markdown(rows)))
        case _:
            sums = [(t.service, t.endpoints, t.enabled, t.ported) for t in found.totals]
            tables.status_table(consoles().out, rows, sums)
    return 0


def print_undone(undone: Undone, endpoint: Endpoint, *, json: bool) -> int:
    """What an undo took back, and for whom."""
    if json:
        names = ("step", "endpoints", "paths", "kept", "cut_off")
        typer.echo(dump({name: getattr(undone, name) for name in names}))
        return 0
    owners = [name for name in undone.endpoints if name != endpoint.id]
    also = f", also of {', '.join(owners)}" if owners else ""
    typer.echo(f"{endpoint.name}: {undone.step} taken back{also}")
    for path in undone.paths:
        typer.echo(f"  {path}")
    typer.echo(f"next: porter start {endpoint.name} · porter undo {endpoint.name}")
    return 0


def dump(document: object) -> str:
    """One JSON document, readable and in the order it was made."""
    return json.dumps(document, indent=2, ensure_ascii=False)


def _standing(one: Standing) -> dict[str, Any]:
    from porter.formats import finding_json

    return {
        "endpoint": one.endpoint.id,
        "routes": [str(route) for route in one.endpoint.routes],
        "enabled": one.enabled,
        "ported": one.ported,
        "steps": {
            slug: {
                "state": cell.state,
                "open": cell.open,
                "detail": cell.detail,
                "findings": [finding_json(finding) for finding in cell.findings],
            }
            for slug, cell in one.cells
        },
    }


def _of_service(target: Target, service: str | None) -> tuple[Endpoint, ...]:
    from porter.errors import UsageError

    if service is None:
        return ()
    names = [s.name for s in target.layout.services]
    mine = tuple(e for e in target.endpoints if e.service.lower() == service.lower())
    if not mine:
        raise UsageError(f"no service {service}", next=f"--service one of {', '.join(names)}")
    return mine
