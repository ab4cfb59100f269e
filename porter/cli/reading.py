"""Commands that only read: status, check, guide."""

from __future__ import annotations

from os import environ
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from porter.cli.options import Json, Where, named, opened
from porter.errors import UsageError

if TYPE_CHECKING:
    from porter.status import Standing
    from porter.work.checkout import Disk


def status(
    endpoint: Annotated[str | None, typer.Argument(metavar="[EP]")] = None,
    missing: Annotated[bool, typer.Option("--missing", help="Only what is not ported.")] = False,
    service: Annotated[str | None, typer.Option(metavar="S", help="Only this service.")] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["table", "checklist", "markdown", "json"], typer.Option("--format")
    ] = "table",
    json: Json = False,
    where: Where = None,
) -> int:
    """Every endpoint and step; runs nothing."""
    from porter.cli.documents import status_json
    from porter.status import settled, totals
    from porter.terminal import tables
    from porter.terminal.consoles import consoles
    from porter.work.checkout import find_root
    from porter.work.facts import LINT, known
    from porter.work.proving import verdict_of
    from porter.work.verdicts import finding

    root = find_root(where or Path.cwd())
    linted = known(LINT, (str(root),))
    found = None if linted is None else [finding(row) for row in linted]
    standings = settled(_chosen(root, endpoint, service), verdict_of, found)
    sums = totals(standings)
    shown = [one for one in standings if not (missing and one.ported)]
    match "json" if json else format:
        case "json":
            typer.echo(status_json(shown, sums))
        case "checklist":
            typer.echo("\n".join(tables.checklist(shown)))
        case "markdown":
            typer.echo("\n".join(tables.markdown(shown)))
        case _:
            table = [(t.service, t.endpoints, t.enabled, t.ported) for t in sums]
            tables.status_table(consoles().out, shown, table)
    return 0


def _chosen(root: Path, endpoint: str | None, service: str | None) -> tuple[Standing, ...]:
    """The standings asked for; those of the whole checkout are remembered with its files."""
    from porter.status import unpacked
    from porter.work.facts import remembered
    from porter.work.mlflow_checkout import warning

    if said := warning(root):
        typer.echo(said, err=True)
    standings = unpacked(
        remembered("status", (str(root), environ.get("PATH", "")), lambda: _surveyed(root))
    )
    if endpoint is not None:
        (one,) = named(opened(root), [endpoint])
        return tuple(s for s in standings if s.id == one.id)
    services = dict.fromkeys(s.service for s in standings)
    if service is not None and service.lower() not in {name.lower() for name in services}:
        raise UsageError(f"no service {service}", next=f"--service one of {', '.join(services)}")
    return tuple(s for s in standings if service is None or s.service.lower() == service.lower())


def _surveyed(root: Path) -> tuple[list[dict[str, Any]], list[Disk]]:
    from porter.status import packed, survey
    from porter.steps import STEPS
    from porter.workshop import Workshop

    target = opened(root)
    shop = Workshop(target)
    standings = survey(target, STEPS, shop.prover.key, shop.answers)
    return packed(standings), shop.disks


def guide(
    chapter: Annotated[str | None, typer.Argument(metavar="[CHAPTER]")] = None,
    where: Where = None,
) -> int:
    """The guide, or one chapter of it."""
    from porter import guide as book
    from porter.terminal.consoles import consoles
    from porter.terminal.pages import contents, page

    out = consoles().out
    if chapter is None:
        contents(out, [(c.number, c.slug, c.title) for c in book.chapters()])
    else:
        page(out, book.chapter(chapter).text)
    return 0


COMMANDS = (status, guide)
