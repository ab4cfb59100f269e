"""`replay.py --scaffold` and `--build`: which ports, the progress bar, the exit code."""

from __future__ import annotations

import argparse
import sys

from porter.work.cache import folder
from replay.bars import Result, Way
from replay.compare import compare
from replay.history import Port, ports
from replay.objects import Repository
from replay.run import Run
from replay.table import difference, document, markdown


def run(arguments: argparse.Namespace) -> int:
    """0 where all bars are met, 1 where one is missed, 2 where no port has that name."""
    target, mlflow = Repository(arguments.repo), Repository(arguments.mlflow)
    work = arguments.work or folder("replay")
    way: Way = "build" if arguments.build else "scaffold"
    here = Run(target, mlflow, work, way, tuple(arguments.skip) if arguments.build else ())
    try:
        return _run(here, arguments)
    finally:
        target.close()
        mlflow.close()


def _run(here: Run, arguments: argparse.Namespace) -> int:
    names = {name.lower() for name in [*(arguments.only or []), *filter(None, [arguments.show])]}
    wanted = [p for p in ports(here.target) if not names or p.endpoint.lower() in names]
    if not wanted:
        print(f"no port of {', '.join(sorted(names)) or 'any endpoint'} in this history",
              file=sys.stderr)  # fmt: skip
        return 2
    if arguments.show:
        for port in wanted:
            outcome = here.outcome(port)
            print(difference(compare(port, here.target, outcome), outcome, here.target), end="")
        return 0
    result = _watched(here, wanted)
    print(document(result) if arguments.json else markdown(result), end="")
    return 0 if all(row.met for row in result.rows()) else 1


def _watched(here: Run, wanted: list[Port]) -> Result:
    """The run under a progress bar on stderr, none where nobody watches."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("replay", total=len(wanted))
        done = 0

        def step(name: str) -> None:
            nonlocal done
            bar.update(task, completed=done, description=name)
            done += 1

        return here.all(wanted, step)
