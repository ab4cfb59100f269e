"""`porter lint`: all standing rules against Python; `--fix` mends what is mechanical."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from porter.cli.options import Json, NoInput, Where, opened

if TYPE_CHECKING:
    from porter.core.finding import Findings
    from porter.workshop import Workshop

_FIX = "porter lint --fix"


def lint(
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what is mechanical, shown first.")
    ] = False,
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Apply the shown diff.")] = False,
    no_input: NoInput = False,
    json: Json = False,
    where: Where = None,
) -> int:
    """Lint the standing rules: dead, malformed, looser than Python, missing."""
    from porter.check.formats import finding_json
    from porter.cli.documents import dump
    from porter.errors import Exit
    from porter.linted import linted
    from porter.terminal.consoles import consoles
    from porter.terminal.findings import show_end, show_findings
    from porter.workshop import Workshop

    shop = Workshop(opened(where))
    written = fix and _fix(shop, yes=yes or no_input, json=json)
    found = linted(shop)
    bad = any(finding.severity == "error" for finding in found)
    end = Exit.FINDINGS if bad else Exit.DONE
    if json:
        typer.echo(dump([finding_json(finding) for finding in found]))
        return end
    out = consoles().out
    show_findings(out, found)
    show_end(out, found, end, moves(shop, found, written=written))
    return end


def moves(shop: Workshop, found: Findings, *, written: bool) -> list[str]:
    """What comes next: the generator where rules were written, then what mends the findings."""
    from porter.linted import generator

    command = generator(shop) if written else None
    mends = dict.fromkeys(f.next for f in found if f.next)
    first = [*([command] if command else []), *([_FIX] if _FIX in mends else [])]
    rules = next((move for move in mends if move != _FIX), None)
    return [*first, *([rules] if rules else [])] or ["porter status"]


def _fix(shop: Workshop, *, yes: bool, json: bool) -> bool:
    """Show the plan, ask, and apply it; whether anything was written."""
    from porter.core.question import Choice, Defaults, Question, Questioner
    from porter.linted import mending
    from porter.terminal.consoles import consoles
    from porter.terminal.questions import Nobody, Person
    from porter.terminal.walk import WalkScreen

    screens = consoles(json=json)
    answering: Questioner = Person(screens) if screens.interactive else Nobody()
    screen = WalkScreen(screens, Defaults() if yes else answering)
    plan = mending(shop)
    if plan.empty:
        screen.say("nothing that can be mended mechanically")
        return False
    screen.plan("lint", plan)
    choices = (Choice("yes", "write"), Choice("no", "leave it"))
    question = Question("apply:lint", "write these rules?", "yes", choices)
    answer = screen.ask((question,)).get(question.key)
    if answer is None or answer.value != "yes":
        return False
    with shop.locked(screen):
        shop.refuse_overlap(plan, screen)
        shop.apply(plan)
    screen.say("the struct tags in the generated files follow once the generator has run")
    return True


COMMANDS = (lint,)
