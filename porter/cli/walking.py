"""Commands that change the checkout: start and undo; and diff, which shows what start did."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from porter.cli.options import Json, Name, Names, NoInput, Python, Where, named, opened


def start(
    endpoints: Names,
    yes: Annotated[
        bool, typer.Option("-y", "--yes", help="Take defaults; open questions are still asked.")
    ] = False,
    no_input: NoInput = False,
    until: Annotated[str | None, typer.Option(metavar="STEP", help="Stop after it.")] = None,
    rules: Annotated[bool, typer.Option("--rules", help="Plan missing rules too.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Write what Python enforces.")] = False,
    only_mine: Annotated[
        bool, typer.Option("--only-mine", help="Put back generated lines of other causes.")
    ] = False,
    answers: Annotated[
        Path | None, typer.Option("--answers", metavar="FILE", help="Answers, as YAML.")
    ] = None,
    python: Python = None,
    json: Json = False,
    where: Where = None,
) -> int:
    """Port endpoints until a person is needed; again goes on."""
    from porter import answers as replies
    from porter import session
    from porter.cli.documents import stop_json
    from porter.core.question import Defaults, DefaultsThen, Questioner
    from porter.errors import UsageError
    from porter.steps import STEPS
    from porter.terminal.consoles import consoles
    from porter.terminal.questions import Nobody, Person
    from porter.terminal.walk import WalkScreen
    from porter.workshop import Workshop

    if until is not None and until not in [step.slug for step in STEPS]:
        names = ", ".join(step.slug for step in STEPS)
        raise UsageError(f"no step {until}", next=f"--until one of {names}")
    shop = Workshop(opened(where, python=python))
    wanted = named(shop.target, endpoints)
    screens = consoles(json=json)
    answering: Questioner = Person(screens) if screens.interactive else Nobody()
    if yes:
        answering = DefaultsThen(answering)
    if no_input:
        answering = Defaults()
    if answers is not None:
        tasks = [shop.target.task(endpoint, shop.answers(endpoint)) for endpoint in wanted]
        answering = replies.read(answers, replies.keys(tasks, STEPS), answering)
    stop = session.start(
        shop, wanted, STEPS,
        session.Options(until, strict, rules, only_mine), WalkScreen(screens, answering),
    )  # fmt: skip
    if json:
        typer.echo(stop_json(stop))
    return stop.exit


def undo(endpoint: Name, json: Json = False, where: Where = None) -> int:
    """Take back the last step of a port."""
    from porter.cli.documents import print_undone
    from porter.workshop import Workshop

    target = opened(where)
    (one,) = named(target, [endpoint])
    return print_undone(Workshop(target).undo(one), one, json=json)


COMMANDS = (start, undo)
