"""Whether this machine can do what a port needs, and where a checkout contradicts itself.

Every answer is a row with what was found, what is wanted and the next move; nothing is built
but the FFI library, and that into porter's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from porter.core.layout import Layout
from porter.core.proof import Verdict
from porter.core.toolchain import Tool, Wanted, fits
from porter.core.view import View
from porter.errors import EnvironmentFault
from porter.origin import Origin, differing, matching
from porter.source import headers
from porter.source.pins import disagreeing, pins
from porter.work import cache, install, mlflow_checkout, mlflow_history, python_env
from porter.work.checkout import Disk
from porter.work.mlflow_checkout import Differs
from porter.work.proving import Prover
from porter.work.tools import Toolchain, toolchain

Say = Callable[[str], None]
State = Literal["ok", "warn", "bad"]
TOOLS: tuple[Tool, ...] = ("go", "protoc", "protoc-gen-go", "mage", "mockery")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report. `warn` is worth knowing and stops nothing; `next` mends it."""

    name: str
    found: str
    wanted: str = ""
    state: State = "ok"
    next: str | None = None
    details: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing has to be done about it."""
        return self.state != "bad"


@dataclass(frozen=True, slots=True)
class Report:
    """What doctor found, in the order in which it matters."""

    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        """Whether porter can do everything here."""
        return all(row.ok for row in self.rows)


@dataclass(frozen=True)
class Patient:
    """The checkout that is examined. `mlflow` is the folder of MLflow, there or not."""

    root: Path
    tree: View
    layout: Layout
    mlflow: Path
    tools: Toolchain


def patient(root: Path, tree: View, layout: Layout, *, python: str | None = None) -> Patient:
    """The checkout at `root`, its toolchain found anew; `python` as a person named it."""
    tools = toolchain(root, headers.wanted(tree, layout), python=python)
    return Patient(root, tree, layout, root / layout.mlflow_repo, tools)


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
            yield _tool(who, wanted[tool])
    yield from _disagreements(who, wanted)
    yield _compiler(who)
    yield _mlflow(who)
    if (who.mlflow / "mlflow").is_dir():
        say("looking for the MLflow that the tree was generated from")
        yield _origin(who)
    python = _python(who)
    yield python
    yield _cache()
    if not python.ok and who.tools.python[0] == "uv":
        yield Row(
            "library", "not built: `uv run` would build the environment", "", "warn", python.next
        )
    elif build and who.layout.package:
        say("building the library")
        yield _library(who, say)


def _tool(who: Patient, wanted: Wanted) -> Row:
    found = who.tools.found(wanted.tool)
    asks = f"{wanted.version} ({wanted.source})"
    if found is None:
        return Row(wanted.tool, "missing", asks, "bad", "porter doctor --fix")
    shown = f"{found.version or 'version unknown'} at {found.path}"
    if not fits(wanted, found.version):
        return Row(wanted.tool, shown, asks, "bad", "porter doctor --fix")
    return Row(wanted.tool, shown, asks)


def _disagreements(who: Patient, wanted: dict[Tool, Wanted]) -> Iterator[Row]:
    """Where headers differ among themselves, and where documents differ from them."""
    for entry in wanted.values():
        if entry.others:
            versions = ", ".join((entry.version, *entry.others))
            move = "regenerate with one version, in a commit of its own"
            yield Row(f"{entry.tool} headers", versions, "one version", "warn", move)
    for pin in pins(who.tree):
        entry_ = wanted.get(pin.tool)
        if entry_ is not None and disagreeing(pin, entry_):
            asks = f"{entry_.version} ({entry_.source})"
            move = f"go by the {'go.mod' if pin.tool in ('go', 'mage') else 'headers'}"
            yield Row(f"{pin.tool} pin", str(pin), asks, "warn", move)


def _compiler(who: Patient) -> Row:
    found = python_env.compiler(who.tools)
    if found is None:
        move = "install gcc or clang: the library is built with cgo"
        return Row("C compiler", "missing", "any", "bad", move)
    return Row("C compiler", found)


def _mlflow(who: Patient) -> Row:
    state = mlflow_checkout.mlflow_state(who.root)
    name = mlflow_checkout.FOLDER
    if isinstance(state, Differs):
        details = (f"mage generate would {state.would}",)
        return Row(
            name, state.found or "missing", state.reference, "bad", "mage repo:init", details
        )
    return Row(name, state.reference or "inside MLflow")


def _origin(who: Patient) -> Row:
    name = "generated from"
    try:
        found = matching(who.tree, who.layout.protos_dir, who.mlflow)
    except EnvironmentFault as fault:
        return Row(name, fault.message, "", "warn", fault.next)
    if found is None:
        return Row(name, "unknown: no descriptors in the .pb.go files", "", "warn")
    span = " to ".join(
        dict.fromkeys(mlflow_history.describe(who.mlflow, c) for c in (found.oldest, found.newest))
    )
    if not found.exact:
        details = tuple(f"differs: {path}" for path in found.differ)
        return Row(name, f"no MLflow commit here; nearest {span}", "", "warn", None, details)
    return _origin_row(who, found, f"MLflow {span}")


def _origin_row(who: Patient, found: Origin, span: str) -> Row:
    differ = differing(who.tree, who.layout.protos_dir, Disk(who.mlflow))
    if not differ:
        return Row("generated from", span)
    details = tuple(f"differs in .mlflow.repo: {path}" for path in differ)
    move = f"name {found.newest[:12]} in .mlflow.ref, then mage repo:init"
    return Row("generated from", span, "what .mlflow.repo holds", "warn", move, details)


def _python(who: Patient) -> Row:
    shown = " ".join(who.tools.python)
    lacks = python_env.lacking(who.tools, who.layout.package, who.mlflow)
    if lacks:
        return Row("Python", shown, "", "bad", lacks.next, lacks.details)
    return Row("Python", shown)


def _cache() -> Row:
    home = cache.home()
    if cache.folder() != home:
        move = "set PORTER_CACHE to a folder that can be written"
        return Row("cache", f"{home} cannot be written", "", "warn", move)
    return Row("cache", str(home))


def _library(who: Patient, say: Say) -> Row:
    prover = Prover(who.tools, who.mlflow, who.layout.package)
    try:
        built = prover.library(say)
    except EnvironmentFault as fault:
        return Row("library", fault.message, "builds and loads", "bad", fault.next)
    if isinstance(built, Verdict):
        move = built.findings[0].next if built.findings else None
        return Row("library", built.summary, "builds and loads", "bad", move, built.details)
    if refused := python_env.not_loading(who.tools, built):
        return Row("library", "does not load", "builds and loads", "bad", None, refused)
    return Row("library", "builds and loads")
