"""Running proofs and remembering them by the content they speak of."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from porter.core.command import Command, Outcome
from porter.core.finding import Finding
from porter.core.proof import GO, Covers, Proof, Verdict
from porter.errors import EnvironmentFault
from porter.work import cache, commands, verdicts
from porter.work.checkout import Disk
from porter.work.commands import Sink
from porter.work.fingerprints import Fingerprints
from porter.work.tools import Toolchain

LIBRARY_PATH = "MLFLOW_GO_LIBRARY_PATH"
"""Where mlflow-go looks for the FFI library first (its lib.py)."""

_SUFFIXES = (".so", ".dylib", ".dll")
_KEPT_LIBRARIES = 4


@dataclass
class Prover:
    """Proofs of one checkout at one moment; make a new one after anything wrote to the tree.

    `package` is the checkout's Python package, None where it has none.
    """

    toolchain: Toolchain
    mlflow: Path
    package: str | None = None
    _prints: Fingerprints = field(init=False)
    _versions: tuple[str, ...] = field(init=False, default=())

    @property
    def disk(self) -> Disk:
        """What was read of the checkout for the keys."""
        return self._prints.disk

    def __post_init__(self) -> None:
        self._prints = Fingerprints(self.toolchain.root, self.mlflow)

    def remembered(self, proof: Proof) -> Verdict | None:
        """The verdict of an earlier run on this very content, or None."""
        return verdict_of(self.key(proof))

    def keep(self, proof: Proof, verdict: Verdict) -> None:
        """Remember a verdict that was come by elsewhere."""
        cache.store("proofs", self.key(proof), verdicts.stored(verdict))

    def prove(self, proof: Proof, sink: Sink = lambda _: None, *, again: bool = False) -> Verdict:
        """The remembered verdict where it holds (unless `again`), else that of running the proof.

        Raises EnvironmentFault where it could not run at all: that is no verdict.
        """
        known = None if again else self.remembered(proof)
        if known is not None and known.ok:
            return known
        key = self.key(proof)
        command = proof.prepare() if proof.prepare else proof.command
        if isinstance(command, Verdict):
            cache.store("proofs", key, verdicts.stored(command))
            return command
        if proof.library:
            library = self.library(sink)
            if isinstance(library, Verdict):
                return library
            command = replace(command, env=(*command.env, (LIBRARY_PATH, str(library))))
        outcome = commands.run(command, self.toolchain.root, self.toolchain.env, sink=sink)
        told = not outcome.timed_out or bool(command.report)
        verdict = proof.read(outcome) if told else _late(outcome)
        if not outcome.timed_out:
            cache.store("proofs", key, verdicts.stored(verdict))
        return verdict

    def library(self, sink: Sink = lambda _: None) -> Path | Verdict:
        """The folder of the FFI library for the source as it stands, or why it does not build.

        It is built once per source state, into the cache; a build that ends well and leaves no
        library is a failure like any other.
        """
        if self.package is None:
            return Verdict(False, "this checkout has no Python package to build the library with")
        covers = Covers(GO.files, GO.suffixes, extra=("library",))
        shelf = cache.folder("lib")
        place = shelf / self._prints.of(covers, *self._tools(), self.package)
        if _holds_library(place):
            place.touch()
            return place
        return self._build(place, shelf, sink)

    def _build(self, place: Path, shelf: Path, sink: Sink) -> Path | Verdict:
        fresh = Path(tempfile.mkdtemp(prefix="new-", dir=shelf))
        try:
            command = build_command(self.toolchain.python, self.package or "", fresh)
            outcome = commands.run(command, self.toolchain.root, self.toolchain.env, sink=sink)
            if not outcome.ok or not _holds_library(fresh):
                return _not_built(outcome)
            shutil.rmtree(place, ignore_errors=True)
            fresh.rename(place)
        except OSError as error:
            raise EnvironmentFault(
                f"the library cannot be kept in {shelf}: {error.strerror}",
                next="free the disk, or set PORTER_CACHE to a folder that can be written",
            ) from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        cache.keep_newest(shelf, _KEPT_LIBRARIES)
        return place

    def key(self, proof: Proof) -> str:
        """Under what the verdict of this proof is remembered: content, command, versions."""
        command = (proof.name, *proof.command.argv, str(proof.command.env))
        return self._prints.of(proof.covers, *command, *self._tools(), cache.made_by())

    def _tools(self) -> tuple[str, ...]:
        self._versions = self._versions or self.toolchain.versions()
        return self._versions


def verdict_of(key: str) -> Verdict | None:
    """The verdict remembered under a `Prover.key`, or None."""
    return verdicts.loaded(cache.load("proofs", key))


def build_command(python: tuple[str, ...], package: str, folder: Path) -> Command:
    """How mlflow-go builds its FFI library: its own module, into a folder."""
    argv = (*python, "-m", f"{package}.lib", ".", str(folder))
    return Command(argv, why="builds the FFI library", limit=900)


def _holds_library(folder: Path) -> bool:
    return folder.is_dir() and any(
        p.suffix in _SUFFIXES and p.stat().st_size > 0 for p in folder.iterdir()
    )


def _not_built(outcome: Outcome) -> Verdict:
    why = "ended well and left no library" if outcome.ok else f"exit code {outcome.code}"
    text = f"the FFI library does not build ({why})"
    finding = Finding("P501", text, next=f"read {outcome.log}" if outcome.log else None)
    return Verdict(False, text, (finding,), commands.last_lines(outcome.output))


def _late(outcome: Outcome) -> Verdict:
    text = f"{outcome.command.argv[0]} did not end within {outcome.command.limit:g} s"
    details = commands.last_lines(outcome.output)
    finding = Finding("P502", text, next=f"read {outcome.log}" if outcome.log else None)
    return Verdict(False, text, (finding,), details)
