"""Commands around the checkout: doctor and demo."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from porter.cli.options import Json, Python, Where


def demo(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]")] = None,
    solve: Annotated[
        bool, typer.Option("--solve", help="Put the worked SQL of deleteTag in its stub's place.")
    ] = False,
    where: Where = None,
) -> int:
    """Make a practice backend to try the walk on."""
    from porter import demo as practice
    from porter.terminal.consoles import consoles
    from porter.terminal.stages import Stages
    from porter.terminal.walk import next_text
    from porter.work.checkout import find_root

    screens = consoles()
    if solve:
        root = find_root(folder or where or Path.cwd())
        for path in practice.solve(root):
            screens.out.print(f"solved: {path}")
        screens.out.print(next_text((f"porter start deleteTag -C {root}",)))
        return 0
    place = (folder or (where or Path.cwd()) / "porter-demo").resolve()
    stages = Stages(screens)
    practice.make(place, stages)
    stages.total()
    screens.out.print(f"A practice backend is in {place}.")
    screens.out.print(next_text((f"cd {place}", "porter status", "porter start deleteTag")))
    return 0


def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", help="Put the checkout's exact tools into porter's cache.")
    ] = False,
    python: Python = None,
    json: Json = False,
    where: Where = None,
) -> int:
    """Toolchain and environment of a checkout: what is there, what it asks for."""
    from porter import doctor as medicine
    from porter.cli.documents import dump
    from porter.errors import Exit
    from porter.source.checkout.layout import discover
    from porter.terminal.consoles import consoles
    from porter.terminal.health import show
    from porter.terminal.stages import Stages
    from porter.work.checkout import Disk, find_root

    screens = consoles(json=json)
    root = find_root(where or Path.cwd())
    tree = Disk(root)
    who = medicine.patient(root, tree, discover(tree), python=python)
    if fix:
        with Stages(screens)("the checkout's tools, into porter's cache") as sink:
            medicine.fix(who, sink)
        who = medicine.patient(root, tree, who.layout, python=python)
    with Stages(screens)("looking at the checkout") as sink:
        report = medicine.examine(who, say=sink)
    if json:
        typer.echo(dump([asdict(row) for row in report.rows]))
    else:
        moves = [row.next for row in report.rows if row.state == "bad" and row.next]
        rows = [(r.name, r.state, r.found, r.wanted, r.next, r.details) for r in report.rows]
        show(screens.out, rows, moves[0] if moves else "porter status")
    return Exit.DONE if report.ok else Exit.ENVIRONMENT


COMMANDS = (doctor, demo)
