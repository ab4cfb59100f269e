"""The machine: tools, C compiler, Python, cache, and the library that they make."""

from __future__ import annotations

import os
from collections.abc import Iterator

from porter.core.proof import Verdict
from porter.core.toolchain import Found, Tool, Wanted, fits
from porter.doctor.rows import Patient, Row, Say
from porter.errors import EnvironmentFault
from porter.source.checkout.pins import disagreeing, pins
from porter.work import cache, python_env
from porter.work.proving import Prover
from porter.work.toolversions import find


def tool(who: Patient, wanted: Wanted) -> Row:
    """One tool: the version that a command would get against the one the tree was made with."""
    found = who.tools.found(wanted.tool)
    asks = f"{wanted.version} ({wanted.source})"
    if found is None:
        return Row(wanted.tool, "missing", asks, "bad", "porter doctor --fix")
    shown = f"{found.version or 'version unknown'} at {found.path}"
    if not fits(wanted, found.version):
        return Row(wanted.tool, shown, asks, "bad", "porter doctor --fix")
    return Row(wanted.tool, shown, asks, details=_elsewhere(wanted, found))


def _elsewhere(wanted: Wanted, used: Found) -> tuple[str, ...]:
    """What PATH alone has where porter uses its own."""
    other = find(wanted.tool, os.environ)
    if other is None or other.path == used.path or fits(wanted, other.version):
        return ()
    return (
        f"PATH has {other.version or 'an unknown version'} at {other.path}; porter uses its own",
    )


def disagreements(who: Patient, wanted: dict[Tool, Wanted]) -> Iterator[Row]:
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


def compiler(who: Patient) -> Row:
    """The C compiler that the library needs."""
    found = python_env.compiler(who.tools)
    if found is None:
        move = "install gcc or clang: the library is built with cgo"
        return Row("C compiler", "missing", "any", "bad", move)
    return Row("C compiler", found)


def python(who: Patient) -> Row:
    """The checkout's own Python, and what it lacks."""
    shown = " ".join(who.tools.python)
    lacks = python_env.lacking(who.tools, who.layout.package, who.mlflow)
    if lacks:
        return Row("Python", shown, "", "bad", lacks.next, lacks.details)
    return Row("Python", shown)


def own_cache() -> Row:
    """Porter's cache."""
    home = cache.home()
    if cache.folder() != home:
        move = "set PORTER_CACHE to a folder that can be written"
        return Row("cache", f"{home} cannot be written", "", "warn", move)
    return Row("cache", str(home))


def library(who: Patient, say: Say) -> Row:
    """Whether the library builds, and loads in the checkout's Python."""
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
