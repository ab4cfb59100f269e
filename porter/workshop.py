"""One checkout with the hands bound to it: apply, generate, record, prove, remember.

What session, check and status need of `work`, with the checkout, its toolchain and its journal
filled in, so that they speak of steps and endpoints alone.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Literal

from porter.core.command import Command
from porter.core.endpoint import Endpoint
from porter.core.plan import Plan
from porter.core.proof import Proof, Verdict
from porter.core.question import Answer, Answers, Evidence
from porter.core.report import Reporter
from porter.core.step import Step
from porter.core.toolchain import Tool
from porter.errors import PorterError
from porter.source.checkout.headers import is_generated
from porter.source.checkout.noise import Cause, Split, cause, split
from porter.source.scaffold.signatures import signature
from porter.target import Target
from porter.work import (
    answers,
    apart,
    checkout,
    commands,
    dirty,
    history,
    lock,
    snapshots,
    undo,
)
from porter.work.checkout import Disk
from porter.work.child import missing
from porter.work.files import write_whole
from porter.work.git import git_folder
from porter.work.mlflow_checkout import require_mlflow
from porter.work.proving import Prover

Noise = Literal["kept", "restored", "apart"]
"""What becomes of generated lines that the endpoints did not cause: they stay in the tree, are put
back, or are put back and kept in a commit of their own."""
WAIT_FOR_OTHERS = 600.0
"""Seconds to wait for another porter on the same checkout before refusing."""


_TOOLS: Mapping[str, tuple[Tool, ...]] = {
    "mage": ("go", "mage", "protoc", "protoc-gen-go"),
    "go": ("go", "mockery"),
}
"""What the commands that generate need, by the program they start."""


@dataclass
class Record:
    """What a step changed, known once it is closed; `generated` says whose lines they are."""

    changed: tuple[str, ...] = ()
    generated: tuple[Split, ...] = ()

    @property
    def noise(self) -> tuple[str, ...]:
        """Generated lines that the endpoint did not cause."""
        return tuple(f"{split.path}: {line}" for split in self.generated for line in split.noise)


class Workshop:
    """The hands on one checkout. `target` is always what stands on the disk now."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.root = target.root
        self._prover: Prover | None = None

    @property
    def prover(self) -> Prover:
        """Proofs of the tree as it is now."""
        if self._prover is None:
            chain = self.target.toolchain
            self._prover = Prover(chain, self.target.mlflow_root, self.target.layout.package)
        return self._prover

    @property
    def disks(self) -> list[Disk]:
        """All that was read for what porter derived so far, answers and MLflow's commit too."""
        kept = Disk(answers.folder(self.root))
        for path in kept.files("", deep=True):
            kept.read(path)
        git = Disk(git_folder(self.target.mlflow_root))
        for name in ("HEAD", "index"):
            git.read(name)
        read = (self.target.tree, self.target.mlflow, self.prover.disk, kept, git)
        return [disk for disk in read if isinstance(disk, Disk)]

    def reread(self) -> None:
        """Forget what was read: something wrote to the tree."""
        self.target = self.target.reread()
        self._prover = None

    def remembered(self, proof: Proof) -> Verdict | None:
        """What an earlier run of this proof said of this very content."""
        return self.prover.remembered(proof)

    def prove(self, proof: Proof, reporter: Reporter) -> Verdict:
        """The remembered verdict, or that of running the proof now."""
        known = self.remembered(proof)
        if known is not None and known.ok:
            return known
        with reporter.running(proof.command) as sink:
            return self.prover.prove(proof, sink)

    def locked(self, reporter: Reporter) -> AbstractContextManager[None]:
        """Hold the checkout, waiting for another porter that has it."""
        command = " ".join(sys.argv[1:3])
        return lock.locked(
            self.root,
            command,
            wait=WAIT_FOR_OTHERS,
            waiting=lambda holder: reporter.say(f"waiting for {holder}"),
        )

    def answers(self, endpoint: Endpoint) -> Answers:
        """The contributor's answers for an endpoint."""
        return answers.load(self.root, endpoint.id)

    def keep(
        self, endpoint: Endpoint, old: Answers, new: Mapping[str, Answer], step: Step
    ) -> Answers:
        """The answers with new ones of this step, kept."""
        adding = {key: replace(answer, step=step.slug) for key, answer in new.items()}
        both = old.adding(adding)
        if adding:
            answers.save(self.root, endpoint.id, both)
        return both

    def places(self, endpoint: Endpoint) -> tuple[Evidence, ...]:
        """Where Python answers the endpoint: the handler and the store method."""
        from porter.source.mlflow import index, store_method
        from porter.source.mlflow.handlers import handler

        modules = index(self.target.mlflow)
        found = handler(modules, self.target.catalog, endpoint)
        if found is None:
            return ()
        call = found.call
        stored = store_method(modules, call.store, call.method) if call else None
        return (found.evidence, *([stored.evidence] if stored else []))

    @contextmanager
    def recorded(
        self,
        step: Step,
        endpoints: Sequence[Endpoint],
        reporter: Reporter,
        *,
        noise: Noise = "kept",
    ) -> Iterator[Record]:
        """Snapshots before and after; what is written in between belongs to the step.

        A step that is cut off keeps its *before*, under which the next start goes on.
        """
        names = tuple(endpoint.id for endpoint in endpoints)
        last = history.newest(self.root, names)
        for entry in last:
            if entry is not None and entry.when == "before" and entry.step == step.slug:
                reporter.say(f"{step.slug} was cut off; going on with it")
        before = history.begin(self.root, names, step.slug, last)
        record = Record()
        yield record
        full = now = history.written(self.root, before)
        record.generated = self._splits(full.changes, endpoints)
        beside = ""
        if noise != "kept" and record.noise:
            self._put_back(record, reporter)
            now = history.written(self.root, before)
            if noise == "apart":
                beside = apart.commit(self.root, names, full.tree, now.tree, len(record.noise))
                reporter.say(f"they are in a commit of their own, {beside[:10]}")
        record.changed = history.finish(self.root, before, beside=beside, now=now).paths

    def apart(self, endpoint: Endpoint) -> str | None:
        """The commit of noise that waits to be picked, shortened, or None."""
        found = apart.waiting(self.root, endpoint.id)
        return found[:10] if found else None

    def _put_back(self, record: Record, reporter: Reporter) -> None:
        """Take the generated lines of other causes out of the tree."""
        for file in record.generated:
            if file.mine:
                write_whole(self.root / file.path, file.mine)
            else:
                (self.root / file.path).unlink()
        reporter.say(f"{len(record.noise)} generated lines of other causes put back")
        self.reread()

    def _splits(
        self, changed: Sequence[snapshots.Changed], endpoints: Sequence[Endpoint]
    ) -> tuple[Split, ...]:
        """Whose the changed lines of generated files are."""
        left = [(c.path, c.before, c.after) for c in changed if c.after is not None]
        blobs = [blob for _, *both in left for blob in both if blob is not None]
        known = dict(zip(blobs, snapshots.contents(self.root, blobs), strict=True))
        made = [row for row in left if row[2] is not None and is_generated(known[row[2]])]
        if not made:
            return ()
        why = reduce(or_, [self._cause(endpoint) for endpoint in endpoints])
        return tuple(
            split(path, known[before] if before else None, known[after], why)
            for path, before, after in made
            if after is not None
        )

    def _cause(self, endpoint: Endpoint) -> Cause:
        service = self.target.layout.service(endpoint.service)
        signed = signature(self.target.task(endpoint))
        methods = (signed.name,) if signed else ()
        name = service.go_name if service else endpoint.service
        return cause(endpoint, name, self.target.catalog, methods)

    def apply(self, plan: Plan) -> None:
        """Write a plan, all of it or nothing."""
        checkout.apply(self.root, plan)
        self.reread()

    def refuse_overlap(self, plan: Plan, reporter: Reporter) -> None:
        """Refuse a plan that edits a person's uncommitted lines; say so where it is near."""
        for file in dirty.dirty(self.root, plan):
            if file.overlap:
                raise PorterError(
                    f"{file.path} has changes of yours on the lines to edit (line "
                    f"{file.lines[0]}), which undo could not give back",
                    next=f"commit or stash them: git diff {file.path}",
                )
            reporter.say(f"{file.path} has changes of yours; they stay as they are")

    def require(self, command: Command) -> None:
        """Raise EnvironmentFault where a command cannot run, or should not.

        That is where a tool is missing or of another version, and where mage would move MLflow's
        checkout.
        """
        program = command.argv[0]
        self.target.toolchain.require(*_TOOLS.get(program, ()))
        if shutil.which(program, path=self.target.toolchain.env.get("PATH")) is None:
            raise missing(program)
        if program == "mage":
            require_mlflow(self.root)

    def generate(self, command: Command, reporter: Reporter) -> None:
        """Run the command that writes generated files. Raises CommandFailed where it fails."""
        with reporter.running(command) as sink:
            outcome = commands.run(command, self.root, self.target.toolchain.env, sink=sink)
        self.reread()
        if not outcome.ok:
            raise commands.failed(outcome, next="mend the cause, then start again to go on")

    def undo(self, endpoint: Endpoint) -> undo.Undone:
        """Take back the newest step that changed a file, and forget the answers given in it."""
        undone = undo.undo(self.root, endpoint.id)
        for name in undone.endpoints:
            answers.forget(self.root, name, undone.step)
        return undone

    def can_undo(self, endpoint: Endpoint) -> bool:
        """Whether a step that stands changed a file."""
        return any(recorded.changes for recorded in history.steps(self.root, endpoint.id))
