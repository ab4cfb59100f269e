"""The FFI library, built once per source state into the cache."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from porter.core.command import Command, Outcome
from porter.core.finding import Finding
from porter.core.gomessages import messages
from porter.core.proof import Verdict
from porter.errors import EnvironmentFault
from porter.work import cache, cgo_headers, commands
from porter.work.tools import Toolchain

PATH = "MLFLOW_GO_LIBRARY_PATH"
"""Where mlflow-go looks for the FFI library first (its lib.py)."""

_SUFFIXES = (".so", ".dylib", ".dll")
_KEPT = 4


class Library:
    """The library of one source state (`key`): its folder in the cache, and the way to build it.

    `with` it a build has a folder of its own, which is moved to `place` when it ended well.
    """

    def __init__(self, key: str, tools: Toolchain, package: str) -> None:
        self.shelf = cache.folder("lib")
        self.place = self.shelf / key
        self._tools, self._package = tools, package
        self._fresh: Path | None = None

    def __enter__(self) -> Library:
        try:
            self._fresh = Path(tempfile.mkdtemp(prefix="new-", dir=self.shelf))
        except OSError as error:
            raise self._unkept(error) from error
        return self

    def __exit__(self, *error: object) -> None:
        shutil.rmtree(self._made, ignore_errors=True)

    @property
    def ready(self) -> bool:
        """Whether it stands; it then counts as used just now."""
        if not _holds_library(self.place):
            return False
        self.place.touch()
        return True

    @property
    def command(self) -> Command:
        """How mlflow-go builds it: its own module, into the build's folder."""
        argv = (*self._tools.python, "-m", f"{self._package}.lib", ".", str(self._made))
        env = cgo_headers.remembered(self._tools.env)
        return Command(argv, why="builds the FFI library", env=env, limit=900)

    def keep(self, outcome: Outcome) -> Verdict | None:
        """Move what the build made to its place; why it is none, or None.

        A build that ends well and leaves no library is a failure like any other.
        """
        if not outcome.ok or not _holds_library(self._made):
            return _not_built(outcome)
        try:
            shutil.rmtree(self.place, ignore_errors=True)
            self._made.rename(self.place)
        except OSError as error:
            raise self._unkept(error) from error
        cache.keep_newest(self.shelf, _KEPT)
        return None

    @property
    def _made(self) -> Path:
        assert self._fresh is not None
        return self._fresh

    def _unkept(self, error: OSError) -> EnvironmentFault:
        return EnvironmentFault(
            f"the library cannot be kept in {self.shelf}: {error.strerror}",
            next="free the disk, or set PORTER_CACHE to a folder that can be written",
        )


def _holds_library(folder: Path) -> bool:
    return folder.is_dir() and any(
        p.suffix in _SUFFIXES and p.stat().st_size > 0 for p in folder.iterdir()
    )


def _not_built(outcome: Outcome) -> Verdict:
    why = "ended well and left no library" if outcome.ok else f"exit code {outcome.code}"
    text = f"the FFI library does not build ({why})"
    finding = Finding("P501", text, next=f"read {outcome.log}" if outcome.log else None)
    for said in messages(outcome.output)[:1]:
        told = f"the FFI library does not build: {said.text}"
        finding = Finding("P501", told, said.file, said.line, next=f"mend {said.file}:{said.line}")
    return Verdict(False, text, (finding,), commands.last_lines(outcome.output))
