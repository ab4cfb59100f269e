"""`porter check`: never writes; inspections, proofs, and what else is wrong with the tree."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from porter.cli.options import Json, Python, Where, named, opened
from porter.core.command import Command

if TYPE_CHECKING:
    from porter.check import Proven, Report
    from porter.core.endpoint import Endpoint
    from porter.core.report import Reporter
    from porter.target import Target
    from porter.workshop import Workshop


def check(
    endpoints: Annotated[list[str] | None, typer.Argument(metavar="[EP...]")] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Stop before building.")] = False,
    tests: Annotated[bool, typer.Option("--tests", help="Python tests without EP too.")] = False,
    since: Annotated[str | None, typer.Option(metavar="REF", help="Only what changed.")] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["text", "json", "github", "junit"], typer.Option("--format")
    ] = "text",
    python: Python = None,
    json: Json = False,
    where: Where = None,
) -> int:
    """Verify ports: all inspections and proofs; never writes."""
    from porter.check import formats
    from porter.workshop import Workshop

    form = "json" if json else format
    target = opened(where, python=python)
    shop = Workshop(target)
    wanted = _wanted(target, endpoints or [], since)
    whole = not endpoints and since is None
    asked = _Asked(fast, tests or bool(endpoints), whole, since or "HEAD", form)
    report = _report(shop, wanted, asked)
    match form:
        case "json":
            typer.echo(formats.as_json(report))
        case "github":
            typer.echo(formats.as_github(report))
        case "junit":
            typer.echo(formats.as_junit(report))
        case _:
            _show(report, shop, wanted)
    return int(report.exit)


def _wanted(target: Target, names: list[str], since: str | None) -> tuple[Endpoint, ...]:
    """The endpoints that were named, or all that are enabled; of these what a branch touched."""
    from porter.check.since import touched
    from porter.work.changes import since as changes_since

    chosen = named(target, names) or tuple(e for e in target.endpoints if target.enabled(e))
    return touched(chosen, changes_since(target.root, since)) if since else chosen


@dataclass(frozen=True)
class _Asked:
    """What a check was asked: `whole` speaks of the tree, not of single endpoints."""

    fast: bool
    tests: bool
    whole: bool
    since: str
    form: str


def _report(shop: Workshop, wanted: tuple[Endpoint, ...], asked: _Asked) -> Report:
    from porter import check as checking
    from porter.check.junk import junk
    from porter.core.question import Defaults
    from porter.linted import linted
    from porter.steps import STEPS
    from porter.terminal.consoles import consoles
    from porter.terminal.walk import WalkScreen
    from porter.work.changes import since as changes_since

    screen = WalkScreen(consoles(json=asked.form != "text"), Defaults())
    checked = checking.inspect(shop.target, STEPS, wanted, shop.answers)
    names = {endpoint.id for endpoint in wanted}
    rules = [f for f in linted(shop) if f.endpoint in names or (asked.whole and not f.endpoint)]
    others = (*junk(changes_since(shop.root, asked.since)), *rules)
    if asked.fast:
        return checking.Report(checked, (), others)
    left_out = frozenset() if asked.tests else frozenset({"python_tests"})
    proven = checking.prove(
        shop.target, STEPS, wanted, lambda proof: shop.prove(proof, screen), leave_out=left_out
    )
    extra, notes = _gates(shop, asked, screen)
    return checking.Report(checked, (*proven, *extra), others, notes)


def _gates(
    shop: Workshop, asked: _Asked, screen: Reporter
) -> tuple[tuple[Proven, ...], tuple[str, ...]]:
    """Fresh generated files, seen in a copy, and the checkout's own hooks where they can run."""
    from porter.check import Proven, fresh, gate
    from porter.work.changes import since as changes_since

    generating = (Command(("mage", "generate")), Command(("go", "generate", "./...")))
    for command in generating:
        shop.require(command)
    verdict = fresh.fresh(shop.target, shop.prover, generating, screen)
    proven = [Proven("generated files", " && ".join(map(str, generating)), verdict)]
    hooks = gate.hooks(shop.target.tree)
    paths = tuple(change.path for change in changes_since(shop.root, asked.since))
    if not hooks or not paths:
        return tuple(proven), ()
    if shutil.which("pre-commit", path=shop.target.toolchain.env.get("PATH")) is None:
        return tuple(proven), (f"not run, pre-commit is not installed: {', '.join(hooks)}",)
    proof = gate.proof(paths)
    proven.append(Proven(proof.name, str(proof.command), shop.prove(proof, screen)))
    return tuple(proven), ()


def _show(report: Report, shop: Workshop, wanted: tuple[Endpoint, ...]) -> None:
    from porter.terminal import findings as screen
    from porter.terminal.consoles import consoles

    out = consoles().out
    screen.show_findings(out, report.findings)
    screen.show_proofs(out, [(p.name, p.command, p.verdict) for p in report.proven])
    for note in report.notes:
        out.print(note)
    move = "porter status" if report.exit == 0 else _next(report, shop, wanted)
    screen.show_end(out, report.findings, report.exit, [move])


def _next(report: Report, shop: Workshop, wanted: tuple[Endpoint, ...]) -> str:
    """The move of the first error: its own, else starting the endpoint it belongs to."""
    first = next((f for f in report.findings if f.severity == "error"), None)
    if first is not None and first.next:
        return first.next
    owner = next((e for e in wanted if first and e.id == first.endpoint), *wanted[:1] or (None,))
    return f"porter start {shop.target.spelling(owner)}" if owner else "porter status"


COMMANDS = (check,)
