"""`status` as a table, a checklist or Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from rich.console import Console
from rich.table import Table
from rich.text import Text

from porter.core.report import Cell


class Standing(Protocol):
    """What a row shows of an endpoint; routes are method, path and API version."""

    @property
    def service(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def ported(self) -> bool: ...  # noqa: D102
    @property
    def routes(self) -> tuple[tuple[str, str, str], ...]: ...  # noqa: D102
    @property
    def cells(self) -> tuple[tuple[str, Cell], ...]: ...  # noqa: D102


# Service, endpoints, enabled, ported.
Total = tuple[str, int, int, int]

# Below this width the steps are numbered and two states are shortened, with a legend.
WIDE = 134
SHORT = {"not proven": "np", "not linted": "nl"}


def status_table(console: Console, rows: Sequence[Standing], totals: Sequence[Total]) -> None:
    """Every endpoint and step, by service, with the totals."""
    wide = console.width >= WIDE
    longest = max((len(row.name) for row in rows), default=0)
    for service, endpoints, enabled, ported in totals:
        mine = [row for row in rows if row.service == service]
        if mine:
            table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="quiet")
            table.add_column(service, no_wrap=True, style="bold", min_width=longest)
            for number, (slug, _) in enumerate(mine[0].cells, 1):
                table.add_column(slug if wide else str(number), no_wrap=True)
            for row in mine:
                table.add_row(row.name, *(_text(cell, wide) for _, cell in row.cells))
            console.print(table, soft_wrap=False)
        console.print(f"{service}: {_sum(endpoints, enabled, ported)}\n")
    if rows and not wide:
        steps = "  ".join(f"{n} {slug}" for n, (slug, _) in enumerate(rows[0].cells, 1))
        console.print(Text(f"{steps}\nnp not proven  nl not linted", "quiet"))
    sums = [sum(column) for column in zip(*(total[1:] for total in totals), strict=True)]
    if len(totals) > 1:
        console.print(_sum(*sums))


def checklist(rows: Sequence[Standing]) -> Iterator[str]:
    """One `- [x] Post /api/2.0/…` a route, as mlflow-go's own checklist has it."""
    for service in dict.fromkeys(row.service for row in rows):
        yield f"{service}:"
        for row in (row for row in rows if row.service == service):
            for method, path, since in row.routes:
                mark = "x" if row.ported else " "
                yield f"- [{mark}] {method.title()} /api/{since}/{path.lstrip('/')}"
        yield ""


def markdown(rows: Sequence[Standing]) -> Iterator[str]:
    """The table as Markdown."""
    if not rows:
        return
    slugs = [slug for slug, _ in rows[0].cells]
    yield f"| endpoint | {' | '.join(slugs)} |"
    yield f"|---|{'---|' * len(slugs)}"
    for row in rows:
        yield f"| {row.id} | {' | '.join(str(cell) for _, cell in row.cells)} |"


def _sum(endpoints: int, enabled: int, ported: int) -> str:
    return f"{endpoints} endpoint{'s' * (endpoints != 1)}, {enabled} enabled, {ported} ported"


def _text(cell: Cell, wide: bool) -> Text:
    word = str(cell)
    return Text(word if wide else SHORT.get(word, word), cell.state)
