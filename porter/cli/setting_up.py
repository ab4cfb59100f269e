"""Commands around the checkout: doctor and demo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from porter.cli.options import Where


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


COMMANDS = (demo,)
