"""Commands that change the checkout: start and undo; and diff, which shows what start did."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from porter.cli.options import Json, Name, Names, NoInput, Python, Where, named, opened

if TYPE_CHECKING:
    from porter.core.endpoint import Endpoint
    from porter.core.question import Questioner
    from porter.session import Options
    from porter.terminal.consoles import Consoles
    from porter.workshop import Workshop


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
    noise_apart: Annotated[
        bool, typer.Option("--noise-apart", help="The same, and keep them in a commit to pick.")
    ] = False,
    answers: Annotated[
        Path | None, typer.Option("--answers", metavar="FILE", help="Answers, as YAML.")
    ] = None,
    python: Python = None,
    json: Json = False,
    where: Where = None,
) -> int:
    """Port endpoints until a person is needed; again goes on."""
    from porter.session import Options
    from porter.workshop import Noise, Workshop

    _refuse_unknown_step(until)
    noise: Noise = "apart" if noise_apart else "restored" if only_mine else "kept"
    options = Options(until, strict, rules, noise)
    shop = Workshop(opened(where, python=python))
    wanted = named(shop.target, endpoints)
    how = _Answering(yes, no_input, answers, strict, rules)
    return _walk(shop, wanted, options, how, json=json)


@dataclass(frozen=True)
class _Answering:
    """Who answers: `yes` takes defaults, `no_input` leaves the rest open, `file` goes first.

    `strict` and `rules` decide what is asked.
    """

    yes: bool
    no_input: bool
    file: Path | None
    strict: bool
    rules: bool


def _walk(
    shop: Workshop, wanted: tuple[Endpoint, ...], options: Options, how: _Answering, *, json: bool
) -> int:
    from porter import session
    from porter.cli.documents import stop_json
    from porter.steps import STEPS
    from porter.terminal.consoles import consoles
    from porter.terminal.walk import WalkScreen

    screens = consoles(json=json)
    screen = WalkScreen(screens, _questioner(shop, wanted, how, screens))
    stop = session.start(shop, wanted, STEPS, options, screen)
    if json:
        typer.echo(stop_json(stop))
    return stop.exit


def _questioner(
    shop: Workshop, wanted: tuple[Endpoint, ...], how: _Answering, screens: Consoles
) -> Questioner:
    from porter import answers
    from porter.core.question import Defaults, DefaultsThen
    from porter.steps import STEPS
    from porter.terminal.questions import Nobody, Person

    answering: Questioner = Person(screens) if screens.interactive else Nobody()
    if how.yes:
        answering = DefaultsThen(answering)
    if how.no_input:
        answering = Defaults()
    if how.file is None:
        return answering
    tasks = [
        shop.target.task(e, shop.answers(e), strict=how.strict, rules=how.rules) for e in wanted
    ]
    return answers.read(how.file, answers.asked(tasks, STEPS), answering)


def _refuse_unknown_step(slug: str | None) -> None:
    from porter.errors import UsageError
    from porter.steps import STEPS

    names = [step.slug for step in STEPS]
    if slug is not None and slug not in names:
        raise UsageError(f"no step {slug}", next=f"--until one of {', '.join(names)}")


def undo(endpoint: Name, json: Json = False, where: Where = None) -> int:
    """Take back the last step of a port."""
    from porter.cli.documents import print_undone
    from porter.workshop import Workshop

    target = opened(where)
    (one,) = named(target, [endpoint])
    shop = Workshop(target)
    undone = shop.undo(one)
    name = target.spelling(one)
    more = [f"porter undo {name}"] if shop.can_undo(one) else []
    return print_undone(undone, name, [f"porter start {name}", *more], json=json)


COMMANDS = (start, undo)
