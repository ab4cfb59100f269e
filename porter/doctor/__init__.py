"""Whether this machine can do what a port needs, and where a checkout contradicts itself.

Every answer is a row with what was found, what is wanted and the next move; nothing is built
but the FFI library, and that into porter's cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from porter.core.toolchain import Tool
from porter.doctor import evidence, machine
from porter.doctor.rows import Patient, Report, Row, Say, patient
from porter.work import install

__all__ = ["Patient", "Report", "Row", "examine", "fix", "patient"]

TOOLS: tuple[Tool, ...] = ("go", "protoc", "protoc-gen-go", "mage", "mockery")


def examine(who: Patient, *, build: bool = True, say: Say = lambda _: None) -> Report:
    """Look at everything. `build` False leaves the library out; `say` is told what takes time."""
    return Report(tuple(_rows(who, build=build, say=say)))


def fix(who: Patient, say: Say) -> tuple[Path, ...]:
    """Install every tool that is missing or wrong into porter's cache; what was installed.

    Make a new patient to see them. Raises EnvironmentFault where one cannot be had.
    """
    wanted = who.tools.wanted
    made = []
    for entry in install.missing(wanted):
        say(f"installing {entry.tool} {entry.version}")
        made.append(install.install(entry, wanted, say))
        say(f"{entry.tool} is at {made[-1]}")
    return tuple(made)


def _rows(who: Patient, *, build: bool, say: Say) -> Iterator[Row]:
    wanted = {entry.tool: entry for entry in who.tools.wanted}
    for tool in TOOLS:
        if tool in wanted:
            yield machine.tool(who, wanted[tool])
    yield from machine.disagreements(who, wanted)
    yield from evidence.by_hand(who)
    yield machine.compiler(who)
    yield evidence.mlflow(who)
    if (who.mlflow / "mlflow").is_dir():
        say("looking for the MLflow that the tree was generated from")
        yield evidence.origin(who)
    python = machine.python(who)
    yield python
    yield machine.own_cache()
    if not python.ok and who.tools.python[0] == "uv":
        yield Row(
            "library", "not built: `uv run` would build the environment", "", "warn", python.next
        )
    elif build and who.layout.package:
        say("building the library")
        yield machine.library(who, say)
