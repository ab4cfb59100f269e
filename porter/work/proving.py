"""Running proofs, some beside each other, and remembering them by the content they speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from porter.core.command import Command, Outcome
from porter.core.finding import Finding
from porter.core.proof import GO, Covers, Proof, Verdict
from porter.core.report import Sink
from porter.work import cache, commands, library, verdicts
from porter.work.checkout import Disk
from porter.work.child import Child
from porter.work.children import Children
from porter.work.fingerprints import Fingerprints
from porter.work.library import Library
from porter.work.tools import Toolchain


@dataclass(frozen=True)
class Asked:
    """A proof to run, who hears its output, and whether a remembered green does not do."""

    proof: Proof
    sink: Sink = lambda _: None
    again: bool = False


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
        return self.together([Asked(proof, sink, again)])[0]

    def together(self, asked: Sequence[Asked]) -> list[Verdict]:
        """The verdicts, in the order asked, of proofs that run beside each other; see `prove`.

        While the library builds, a command with a gate gets ready for it; the proofs that need no
        library begin when it stands, since a build leaves no processor idle.
        """
        found: dict[int, Verdict] = {}
        wanted: dict[int, Command] = {}
        for number, each in enumerate(asked):
            settled = self._settled(each)
            if isinstance(settled, Verdict):
                found[number] = settled
            else:
                wanted[number] = settled
        with Children(self.toolchain.root, self.toolchain.env) as children:
            needing = {n: each for n, each in wanted.items() if asked[n].proof.library}
            started = self._with_library(children, asked, needing)
            for number in wanted.keys() - needing.keys():
                started[number] = children.start(wanted[number], asked[number].sink)
            self._pin(asked)
            for number, child in started.items():
                if isinstance(child, Child):
                    found[number] = self._judged(asked[number].proof, children.wait(child))
                else:
                    found[number] = child
        return [found[number] for number in range(len(asked))]

    def library(self, sink: Sink = lambda _: None) -> Path | Verdict:
        """The folder of the FFI library for the source as it stands, or why it does not build."""
        if self.package is None:
            return _PACKAGELESS
        built = self._library(self.package)
        if built.ready:
            return built.place
        with built, Children(self.toolchain.root, self.toolchain.env) as children:
            outcome = children.wait(children.start(built.command, sink))
            return built.keep(outcome) or built.place

    def key(self, proof: Proof) -> str:
        """Under what the verdict of this proof is remembered: content, command, versions."""
        command = (proof.name, *proof.command.argv, str(proof.command.env))
        return self._prints.of(proof.covers, *command, *self._tools(), cache.made_by())

    def _settled(self, asked: Asked) -> Verdict | Command:
        """The verdict where nothing needs to run, else the command to run."""
        proof = asked.proof
        known = None if asked.again else self.remembered(proof)
        if known is not None and known.ok:
            return known
        command = proof.prepare() if proof.prepare else proof.command
        if isinstance(command, Verdict):
            self.keep(proof, command)
        return command

    def _with_library(
        self, children: Children, asked: Sequence[Asked], wanted: dict[int, Command]
    ) -> dict[int, Child | Verdict]:
        """Start these commands with the library, building it while those with a gate get ready."""
        if not wanted:
            return {}
        if self.package is None:
            return dict.fromkeys(wanted, _PACKAGELESS)
        built = self._library(self.package)
        told = (library.PATH, str(built.place))
        wanted = {n: replace(each, env=(*each.env, told)) for n, each in wanted.items()}
        held: dict[int, Child] = {}
        if not built.ready:
            with built, children.started(built.command, asked[min(wanted)].sink) as build:
                for number, each in wanted.items():
                    if each.gate:
                        held[number] = children.start(each, asked[number].sink, held=True)
                self._pin(asked)
                refused = built.keep(children.wait(build))
            for child in held.values():
                children.end(child) if refused else child.release()
            if refused:
                return dict.fromkeys(wanted, refused)
        return {
            number: held.get(number) or children.start(each, asked[number].sink)
            for number, each in wanted.items()
        }

    def _pin(self, asked: Sequence[Asked]) -> None:
        """Read what the proofs cover before anything is waited for: it may change meanwhile."""
        for each in asked:
            self.key(each.proof)

    def _judged(self, proof: Proof, outcome: Outcome) -> Verdict:
        told = not outcome.timed_out or bool(outcome.command.report)
        verdict = proof.read(outcome) if told else _late(outcome)
        if not outcome.timed_out:
            self.keep(proof, verdict)
        return verdict

    def _library(self, package: str) -> Library:
        covers = Covers(GO.files, GO.suffixes, extra=("library",))
        key = self._prints.of(covers, *self._tools(), package)
        return Library(key, self.toolchain, package)

    def _tools(self) -> tuple[str, ...]:
        self._versions = self._versions or self.toolchain.versions()
        return self._versions


_PACKAGELESS = Verdict(False, "this checkout has no Python package to build the library with")


def verdict_of(key: str) -> Verdict | None:
    """The verdict remembered under a `Prover.key`, or None."""
    return verdicts.loaded(cache.load("proofs", key))


def _late(outcome: Outcome) -> Verdict:
    text = f"{outcome.command.argv[0]} did not end within {outcome.command.limit:g} s"
    details = commands.last_lines(outcome.output)
    finding = Finding("P502", text, next=f"read {outcome.log}" if outcome.log else None)
    return Verdict(False, text, (finding,), details)
