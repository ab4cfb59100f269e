"""`porter demo`: a practice backend, small but real, to try the walk on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import cast

from porter.core.command import Command
from porter.core.edits import apply as edit
from porter.core.layout import Layout
from porter.core.plan import Change, Plan
from porter.core.report import Sink
from porter.core.toolchain import Tool
from porter.core.toolchain import Wanted as Tools
from porter.errors import PorterError, UsageError
from porter.shipped import shared
from porter.source.checkout.layout import discover
from porter.source.golang import GoFile, goedit, parse, parse_bytes
from porter.source.golang.goimports import Wanted, add_imports
from porter.source.golang.gosyntax import Func
from porter.work import commands, install, practice
from porter.work.checkout import Disk, apply
from porter.work.tools import toolchain

PINS = ".tool-versions"
REQUIREMENTS = "requirements.txt"
# asdf's name for a tool, where it differs from the tool's own.
_NAMES = {"golang": "go"}
Stage = Callable[[str], AbstractContextManager[Sink]]
"""Says what is being done, and takes the lines that it prints."""


def make(folder: Path, stage: Stage) -> None:
    """A practice backend in `folder`: written, generated, and committed to a repository of its own.

    Raises UsageError where the folder is not empty, EnvironmentFault or CommandFailed where a
    tool cannot be had or fails: then, as after Ctrl-C, the folder is as it was.
    """
    with practice.whole(folder):
        _make(folder, stage)


def solve(folder: Path) -> tuple[str, ...]:
    """Put the worked SQL of the example in the place of its stub; the paths that changed.

    Raises UsageError where the walk has not come to the stub yet.
    """
    tree = Disk(folder)
    layout = discover(tree)
    changes = []
    for path in sorted((shared("templates") / "backend" / "solve").glob("*.go.txt")):
        solution = parse_bytes(path.read_bytes(), path.name)
        for function in solution.functions:
            changes.append(_in_place_of_stub(tree, layout, solution, function))
    return apply(folder, Plan(tuple(changes)))


def _make(folder: Path, stage: Stage) -> None:
    source = shared("templates") / "backend"
    pins = pinned((source / "tree" / PINS).read_text(encoding="utf-8"))
    with stage("writing the backend"):
        practice.lay_out(folder, practice.files_below(source / "tree"))
    with stage("MLflow, as a repository beside it") as sink:
        requirement = mlflow_requirement((folder / REQUIREMENTS).read_text(encoding="utf-8"))
        origin, commit = practice.mlflow_origin(requirement, source / "mlflow_tests", sink)
        practice.write(folder / ".mlflow.ref", f"{origin}#{commit}\n".encode())
    with stage("a Python environment with MLflow in it") as sink:
        practice.python_environment(folder, REQUIREMENTS, sink)
    for entry in install.missing(pins):
        with stage(f"{entry.tool} {entry.version}, into porter's cache") as sink:
            install.install(entry, pins, sink)
    for command in (
        Command(("mage", "generate"), "protos, routes, interfaces and exports"),
        Command(("go", "generate", "./..."), "the mock of the tracking store"),
    ):
        with stage(f"{command}: {command.why}") as sink:
            outcome = commands.run(command, folder, toolchain(folder, pins).env, sink=sink)
        if not outcome.ok:
            raise commands.failed(outcome, next=f"porter demo {folder}")
    with stage("a first commit"):
        practice.commit(folder, "A practice backend")


def _in_place_of_stub(tree: Disk, layout: Layout, solution: GoFile, function: Func) -> Change:
    for service in layout.services:
        for path in tree.files(service.store.sql_dir, ".go") if service.store else ():
            file = parse(tree, path)
            stub = file.function(
                function.name, function.receiver.type if function.receiver else None
            )
            if stub is not None:
                wanted = [Wanted(name.path) for name in solution.imports]
                edits = goedit.merged(
                    file,
                    add_imports(file, wanted, layout.module),
                    goedit.replace(file, stub.span, solution.text(function.span)),
                )
                return Change(path, file.source, edit(file.source, edits))
    name = f"{function.name[:1].lower()}{function.name[1:]}"
    raise UsageError(
        f"{function.name} has no stub here yet", next=f"porter start {name} -C {tree.root}"
    )


def pinned(text: str) -> tuple[Tools, ...]:
    """The tools that a `.tool-versions` names."""
    rows = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(Tools(cast("Tool", _NAMES.get(n, n)), version, PINS) for n, version in rows)


def mlflow_requirement(text: str) -> str:
    """The pinned MLflow in a requirements file. Raises PorterError where there is none."""
    for line in text.splitlines():
        if line.startswith("mlflow") and "==" in line:
            return line.strip()
    raise PorterError(f"{REQUIREMENTS} pins no MLflow", next="pin one: mlflow-skinny==VERSION")
