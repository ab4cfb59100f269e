"""`status` as a table, a checklist or Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from porter.core.endpoint import Endpoint
from porter.core.report import Cell

# Endpoint, whether it is enabled and ported, and its cells by step.
Standing = tuple[Endpoint, bool, bool, Sequence[tuple[str, Cell]]]
# Service, endpoints, enabled, ported.
Total = tuple[str, int, int, int]

# Below this width the steps are numbered and two states are shortened, with a legend.
WIDE = 134
SHORT = {"not proven": "np", "not linted": "nl"}


def status_table(console: Console, rows: Sequence[Standing], totals: Sequence[Total]) -> None:
    """Every endpoint and step, by service, with the totals."""
    wide = not console.is_terminal or console.width >= WIDE
    for service, endpoints, enabled, ported in totals:
        mine = [row for row in rows if row[0].service == service]
        if not mine:
            continue
        table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="quiet")
        table.add_column(service, no_wrap=True, style="bold")
        for number, (slug, _) in enumerate(mine[0][3], 1):
            table.add_column(slug if wide else str(number), no_wrap=True)
        for endpoint, _, _, cells in mine:
            states = [(cell, str(cell)) for _, cell in cells]
            texts = [Text(t if wide else SHORT.get(t, t), cell.state) for cell, t in states]
            table.add_row(endpoint.name, *texts)
        console.print(table, soft_wrap=False)
        console.print(f"{endpoints} endpoints, {enabled} enabled, {ported} ported\n")
    if rows and not wide:
        steps = "  ".join(f"{n} {slug}" for n, (slug, _) in enumerate(rows[0][3], 1))
        console.print(Text(f"{steps}\nnp not proven  nl not linted", "quiet"))
    sums = [sum(column) for column in zip(*(total[1:] for total in totals), strict=True)]
    if sums:
        console.print(f"{sums[0]} endpoints, {sums[1]} enabled, {sums[2]} ported")


def checklist(rows: Sequence[Standing]) -> Iterator[str]:
    """One `- [x] Post /api/2.0/…` a route, as mlflow-go's own checklist has it."""
    for service in dict.fromkeys(row[0].service for row in rows):
        yield f"{service}:"
        for endpoint, _, ported, _ in (row for row in rows if row[0].service == service):
            for route in endpoint.routes:
                mark = "x" if ported else " "
                path = f"/api/{route.since[0]}.{route.since[1]}/{route.path.lstrip('/')}"
                yield f"- [{mark}] {route.method.title()} {path}"
        yield ""


def markdown(rows: Sequence[Standing]) -> Iterator[str]:
    """The table as Markdown."""
    if not rows:
        return
    slugs = [slug for slug, _ in rows[0][3]]
    yield f"| endpoint | {' | '.join(slugs)} |"
    yield f"|---|{'---|' * len(slugs)}"
    for endpoint, _, _, cells in rows:
        yield f"| {endpoint.id} | {' | '.join(str(cell) for _, cell in cells)} |"
