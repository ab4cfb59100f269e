"""`porter brief`: what a person needs to know while writing the SQL store."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from porter.cli.options import Json, Name, Where, named, opened


def brief(
    endpoint: Name,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print it as Markdown.")] = False,
    json: Json = False,
    where: Where = None,
) -> int:
    """What the SQL store must do, Python and Go side by side."""
    from porter import brief as briefing
    from porter.cli.documents import dump
    from porter.steps import STEPS
    from porter.terminal.consoles import consoles
    from porter.terminal.pages import page

    target = opened(where)
    (one,) = named(target, [endpoint])
    made = briefing.brief(target.task(one), STEPS)
    if json:
        typer.echo(dump(asdict(made)))
    elif markdown:
        typer.echo(briefing.to_markdown(made))
    else:
        page(consoles().out, briefing.to_markdown(made))
    return 0


COMMANDS = (brief,)
