"""`porter test`: the endpoint's tests against Go, with proof that Go ran."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from porter.cli.options import Json, Python, Where, named, opened
from porter.errors import Exit, UsageError

if TYPE_CHECKING:
    from porter.target import Target
    from porter.terminal.walk import WalkScreen
    from porter.testing import Tested


def test(
    endpoints: Annotated[list[str] | None, typer.Argument(metavar="[EP...]")] = None,
    whole: Annotated[
        bool, typer.Option("--all", help="All tests that the checkout runs, in parallel.")
    ] = False,
    shard: Annotated[
        str | None, typer.Option(metavar="I/N", help="With --all: the I-th of N parts.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-n", metavar="N", help="With --all: workers.")
    ] = None,
    reach: Annotated[
        bool, typer.Option("--reach", help="Every test that comes to it, not the nearest alone.")
    ] = False,
    elsewhere: Annotated[
        bool, typer.Option("--elsewhere", help="Tests of files too that the checkout does not run.")
    ] = False,
    why: Annotated[
        bool, typer.Option("--why", help="Show how each test comes to the endpoint.")
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="TEST", help="Run this test alone.")
    ] = None,
    units: Annotated[bool, typer.Option(help="Run the Go unit tests too.")] = True,
    limit: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="End the tests after this time.")
    ] = None,
    python: Python = None,
    json: Json = False,
    where: Where = None,
) -> int:
    """Run an endpoint's tests and prove that Go ran: the library is built once."""
    from porter import testing
    from porter.core.question import Defaults
    from porter.terminal.consoles import consoles
    from porter.terminal.walk import WalkScreen

    if not endpoints and not whole:
        raise UsageError("porter test wants an endpoint", next="name one, or take --all")
    target = opened(where, python=python)
    screen = WalkScreen(consoles(json=json), Defaults())
    if whole:
        return _whole(target, screen, shard, jobs)
    options = testing.Options(reach, elsewhere, units, limit, tuple(only or ()))
    results = [
        testing.test(target, each, screen, options) for each in named(target, endpoints or [])
    ]
    _show(target, results, why=why, json=json)
    return int(Exit.DONE if all(each.ok for each in results) else Exit.FINDINGS)


def _show(target: Target, results: list[Tested], *, why: bool, json: bool) -> None:
    from json import dumps

    from porter.testing import lines

    if json:
        documents = [lines.document(each) for each in results]
        typer.echo(dumps(documents[0] if len(documents) == 1 else documents, indent=1))
    else:
        for each in results:
            for line in lines.lines(each, why=why):
                typer.echo(line)
            typer.echo(f"next: {lines.next_move(each, target.spelling(each.endpoint))}")


def _whole(target: Target, screen: WalkScreen, shard: str | None, jobs: int | None) -> int:
    from porter.testing import whole

    part = whole.shard(shard) if shard else whole.Shard()
    result = whole.everything(target, screen, part, jobs)
    for line in whole.lines(result):
        typer.echo(line)
    typer.echo("next: " + ("porter check" if result.verdict.ok else "porter test EP"))
    return int(Exit.DONE if result.verdict.ok else Exit.FINDINGS)


COMMANDS = (test,)
