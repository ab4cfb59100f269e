"""`status` as a table, a checklist or Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from rich.console import Console
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
    out = Text()
    for service, *counts in totals:
        mine = [row for row in rows if row.service == service]
        if mine:
            out.append_text(_grid(service, mine, max(longest, len(service)), wide))
        out.append(f"{service}: {_sum(*counts)}\n\n")
    if rows and not wide:
        steps = "  ".join(f"{n} {slug}" for n, (slug, _) in enumerate(rows[0].cells, 1))
        out.append(f"{steps}\nnp not proven  nl not linted\n", "quiet")
    if len(totals) > 1:
        sums = [sum(column) for column in zip(*(total[1:] for total in totals), strict=True)]
        out.append(_sum(*sums))
    out.rstrip()
    console.print(out)


def _grid(service: str, rows: Sequence[Standing], first: int, wide: bool) -> Text:
    """One service's rows. Laid out by hand: rich's own table takes ten times as long."""
    heads = [slug if wide else str(n) for n, (slug, _) in enumerate(rows[0].cells, 1)]
    words = [[_word(cell, wide) for _, cell in row.cells] for row in rows]
    widths = [
        max(len(head), *(len(row[column]) for row in words)) + 2
        for column, head in enumerate(heads)
    ]
    out = Text.assemble((service.ljust(first + 2), "quiet"))
    out.append("".join(h.ljust(w) for h, w in zip(heads, widths, strict=True)).rstrip(), "quiet")
    for row, texts in zip(rows, words, strict=True):
        out.append(f"\n{row.name.ljust(first + 2)}", "bold")
        for (_, cell), text, width in zip(row.cells, texts, widths, strict=True):
            out.append(text.ljust(width), cell.state)
        out.rstrip()
    return out.append("\n")


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


def _word(cell: Cell, wide: bool) -> str:
    word = str(cell)
    return word if wide else SHORT.get(word, word)
