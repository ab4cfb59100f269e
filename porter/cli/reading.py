"""Commands that only read: status, check, guide."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from porter.cli.options import Json, Where, opened


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
    from porter.cli.documents import print_status

    return print_status(opened(where), endpoint, missing, service, "json" if json else format)


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
