"""`porter test EP`: choose the endpoint's tests, build the library once, run, and say who answered.

One pytest session for store and REST tests together, the Go unit tests of the packages that the
endpoint touches beside it. What failed is run once more on plain Python, because a test that fails
there too says nothing about the port.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, replace

from porter.core.command import Command, Outcome
from porter.core.endpoint import Endpoint
from porter.core.finding import Finding
from porter.core.proof import GO, Proof, Verdict
from porter.core.report import Reporter
from porter.core.task import Task
from porter.errors import PorterError
from porter.proof import evidence, gotests, proofs, report, running, selection
from porter.proof.evidence import Reached
from porter.proof.report import Ran, Report
from porter.proof.selection import Selection
from porter.proof.triage import Triaged, triage
from porter.source.checkout.storemethod import Standing
from porter.source.checkout.stubs import stub_of
from porter.target import Target
from porter.testing import outside
from porter.work import commands
from porter.work.proving import Prover

COMPARED = 10
"""Failed tests that are run again on plain Python; more of them have one cause."""


@dataclass(frozen=True, slots=True)
class Options:
    """`reach` takes every test that comes to the endpoint; `units` runs the Go unit tests too.

    `elsewhere` looks through all of MLflow's tests, not only the files that the checkout runs.
    """

    reach: bool = False
    elsewhere: bool = False
    units: bool = True
    limit: float | None = None
    """Seconds after which the tests are ended with their children; None: by their number."""
    only: tuple[str, ...] = ()
    """Run these tests instead of choosing: ids relative to MLflow's tree, as `why` shows them."""


@dataclass(frozen=True)
class Tested:
    """What `porter test` found out about one endpoint."""

    endpoint: Endpoint
    chosen: Selection
    units: Verdict | None
    python: Verdict
    report: Report
    reached: tuple[Reached, ...] = ()
    failed: tuple[Triaged, ...] = ()
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether all ran green and Go was seen to answer."""
        return self.python.ok and (self.units is None or self.units.ok)

    def reach_of(self, test: Ran) -> Reached | None:
        """How a test reached the endpoint, None for one that did not end well."""
        return next((each for each in self.reached if each.id == test.id), None)


def test(target: Target, endpoint: Endpoint, reporter: Reporter, options: Options) -> Tested:
    """Test one endpoint.

    Raises PorterError where it is not enabled or no test reaches it, EnvironmentFault where
    something cannot run at all.
    """
    task = target.task(endpoint)
    chosen = _chosen(target, task, options, reporter)
    if stub := stub_of(task.tree, task.layout, endpoint):
        return Tested(endpoint, chosen, None, _unwritten(stub, endpoint), Report())
    prover = Prover(target.toolchain, target.mlflow_root, target.layout.package)
    units = _units(prover, task, reporter) if options.units else None
    by_hand = options.reach or options.elsewhere or bool(options.only)
    proof = proofs.by_tests(task, chosen) if by_hand else proofs.python_tests(task)
    proof = _limited(proof, options.limit) if options.limit else proof
    kept: list[Outcome] = []
    verdict = _run(prover, _keeping(proof, kept), reporter)
    if not kept:
        return Tested(endpoint, chosen, units, verdict, Report())
    outcome = kept[-1]
    read = report.read(outcome.report)
    goal = evidence.goal(endpoint, task.service.go_name)
    reached = evidence.gather(read, goal).tests
    failed = _triaged(target, task, outcome, read, reporter)
    return Tested(endpoint, chosen, units, verdict, read, reached, failed, outcome.seconds)


def packages(task: Task) -> tuple[str, ...]:
    """The Go packages whose unit tests an endpoint can break (`./pkg/tracking/...`)."""
    folders = [task.service.dir, task.service.store.sql_dir if task.service.store else None]
    tops = [posixpath.dirname(folder.removesuffix("/sql")) for folder in folders if folder]
    if task.layout.validation_tags:
        tops.append(posixpath.dirname(task.layout.validation_tags))
    return tuple(f"./{top}/..." for top in dict.fromkeys(tops))


def _chosen(target: Target, task: Task, options: Options, reporter: Reporter) -> Selection:
    name = task.endpoint.id
    if not target.enabled(task.endpoint):
        raise PorterError(
            f"{task.endpoint.name} is not started: it is not in {target.layout.endpoints}",
            next=f"porter start {name}",
        )
    if reason := selection.unavailable(task):
        raise PorterError(reason, next=f"porter check {name}")
    others = outside.found(target, task)
    more = outside.importable(target, task, others, reporter) if options.elsewhere else ()
    chosen = selection.select(task, reach=options.reach or bool(options.only), others=more)
    if options.only:
        mine = [t for t in chosen.tests if any(t.id.endswith(each) for each in options.only)]
        chosen = Selection(tuple(mine), len(chosen.tests) - len(mine))
    if not chosen.tests:
        found = proofs.untested(task)
        raise PorterError(found.text, next=found.next or "")
    taken = {test.id for test in chosen.tests}
    left = sum(test.id not in taken for test in others)
    return chosen if options.elsewhere else replace(chosen, elsewhere=left)


def _units(prover: Prover, task: Task, reporter: Reporter) -> Verdict:
    command = gotests.package_tests(packages(task))
    return _run(prover, Proof("unit tests", command, GO, gotests.judge_some), reporter, again=False)


def _unwritten(stub: Standing, endpoint: Endpoint) -> Verdict:
    """A stub fails whatever it is asked: said at once, without building anything."""
    text = f'{stub.func.name} only answers "not implemented": nothing was run'
    move = f"porter brief {endpoint.name}"
    finding = Finding("P801", text, stub.path, stub.line, endpoint=endpoint.id, next=move)
    return Verdict(False, text, (finding,))


def _limited(proof: Proof, limit: float) -> Proof:
    def prepare() -> Command | Verdict:
        command = proof.prepare() if proof.prepare else proof.command
        return replace(command, limit=limit) if isinstance(command, Command) else command

    return replace(proof, prepare=prepare)


def _run(prover: Prover, proof: Proof, reporter: Reporter, *, again: bool = True) -> Verdict:
    shown = proof.prepare() if proof.prepare else proof.command
    with reporter.running(shown if isinstance(shown, Command) else proof.command) as sink:
        return prover.prove(proof, sink, again=again)


def _keeping(proof: Proof, kept: list[Outcome]) -> Proof:
    """The proof, its outcome kept for a closer look."""

    def read(outcome: Outcome) -> Verdict:
        kept.append(outcome)
        return proof.read(outcome)

    return replace(proof, read=read)


def _triaged(
    target: Target, task: Task, outcome: Outcome, read: Report, reporter: Reporter
) -> tuple[Triaged, ...]:
    """The failed tests, each sorted, the first of them compared with plain Python."""
    failed = read.failed
    plain = _plain(target, task, [test.id for test in failed[:COMPARED]], reporter)
    return tuple(
        triage(
            task, test, plain=plain.get(test.id), again=running.again(outcome.command, test.id)
        )
        for test in failed
    )  # fmt: skip


def _plain(target: Target, task: Task, ids: Sequence[str], reporter: Reporter) -> dict[str, bool]:
    """Which of the tests fail on plain Python too; nothing where that run did not work."""
    if not ids:
        return {}
    command: Command = running.plain(task, ids)
    with reporter.running(command) as sink:
        outcome = commands.run(command, target.root, target.toolchain.env, sink=sink)
    failed = {test.id for test in report.read(outcome.report).failed}
    ran = {test.id for test in report.read(outcome.report).ran}
    return {each: each in failed for each in ids if each in ran}
