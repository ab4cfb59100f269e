"""`porter test EP`: choose the endpoint's tests, build the library once, run, and say who answered.

One pytest session for store and REST tests together, the Go unit tests of the packages that the
endpoint touches beside it. What failed is run once more on plain Python, because a test that fails
there too says nothing about the port.
"""

from __future__ import annotations

import posixpath
from contextlib import ExitStack
from dataclasses import dataclass, replace

from porter.core.command import Command, Outcome
from porter.core.endpoint import Endpoint
from porter.core.finding import Finding
from porter.core.proof import GO, Proof, Verdict
from porter.core.report import Reporter
from porter.core.task import Task
from porter.errors import PorterError
from porter.proof import evidence, gotests, proofs, report, selection
from porter.proof.evidence import Reached
from porter.proof.report import Ran, Report
from porter.proof.selection import Selection
from porter.proof.triage import Triaged
from porter.source.checkout.storemethod import Standing
from porter.source.checkout.stubs import stub_of
from porter.target import Target
from porter.testing import failures, reaching
from porter.work.proving import Asked, Prover


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
        return Tested(endpoint, chosen, None, _unwritten(stub, task), Report())
    prover = Prover(target.toolchain, target.mlflow_root, target.layout.package)
    by_hand = options.reach or options.elsewhere or bool(options.only)
    proof = proofs.by_tests(task, chosen) if by_hand else proofs.python_tests(task, chosen)
    proof = _limited(proof, options.limit) if options.limit else proof
    kept: list[Outcome] = []
    units, verdict = _run(prover, task, _keeping(proof, kept), reporter, units=options.units)
    if not kept:
        return Tested(endpoint, chosen, units, verdict, Report())
    outcome = kept[-1]
    read = report.read(outcome.report)
    goal = evidence.goal(endpoint, task.service.go_name)
    reached = evidence.gather(read, goal).tests
    failed = failures.triaged(target, task, outcome, read, reporter)
    return Tested(endpoint, chosen, units, verdict, read, reached, failed, outcome.seconds)


def packages(task: Task) -> tuple[str, ...]:
    """The Go packages whose unit tests an endpoint can break (`./pkg/tracking/...`)."""
    folders = [task.service.dir, task.service.store.sql_dir if task.service.store else None]
    tops = [posixpath.dirname(folder.removesuffix("/sql")) for folder in folders if folder]
    if task.layout.validation_tags:
        tops.append(posixpath.dirname(task.layout.validation_tags))
    return tuple(f"./{top}/..." for top in dict.fromkeys(tops))


def _chosen(target: Target, task: Task, options: Options, reporter: Reporter) -> Selection:
    name = task.spelling
    if not target.enabled(task.endpoint):
        raise PorterError(
            f"{task.endpoint.name} is not started: it is not in {target.layout.endpoints}",
            next=f"porter start {name}",
        )
    if reason := selection.unavailable(task):
        raise PorterError(reason, next=f"porter check {name}")
    known = reaching.found(target, task)
    others = known.outside
    more = reaching.importable(target, task, others, reporter) if options.elsewhere else ()
    every = options.reach or bool(options.only)
    chosen = selection.select(task, reach=every, others=more, known=known)
    if options.only:
        mine = [t for t in chosen.tests if any(t.id.endswith(each) for each in options.only)]
        chosen = replace(chosen, tests=tuple(mine), left=len(chosen.tests) - len(mine))
    if not chosen.tests:
        found = proofs.untested(task)
        raise PorterError(found.text, next=found.next or "")
    taken = {test.id for test in chosen.tests}
    left = sum(test.id not in taken for test in others)
    return chosen if options.elsewhere else replace(chosen, elsewhere=left)


def _unwritten(stub: Standing, task: Task) -> Verdict:
    """A stub fails whatever it is asked: said at once, without building anything."""
    text = f'{stub.func.name} only answers "not implemented": nothing was run'
    move, own = f"porter brief {task.spelling}", task.endpoint.id
    finding = Finding("P801", text, stub.path, stub.line, endpoint=own, next=move)
    return Verdict(False, text, (finding,))


def _limited(proof: Proof, limit: float) -> Proof:
    def prepare() -> Command | Verdict:
        command = proof.prepare() if proof.prepare else proof.command
        return replace(command, limit=limit) if isinstance(command, Command) else command

    return replace(proof, prepare=prepare)


def _run(
    prover: Prover, task: Task, python: Proof, reporter: Reporter, *, units: bool
) -> tuple[Verdict | None, Verdict]:
    """The verdicts of the Go unit tests, where wanted, and of the Python tests beside them."""
    command = gotests.package_tests(packages(task))
    go = Proof("unit tests", command, GO, gotests.judge_some)
    shown = python.prepare() if python.prepare else python.command
    with ExitStack() as screen:
        sink = screen.enter_context(
            reporter.running(shown if isinstance(shown, Command) else python.command)
        )
        asked = [Asked(python, sink, again=True)]
        if units:
            asked.append(Asked(go, screen.enter_context(reporter.running(command))))
        verdict, *rest = prover.together(asked)
    return (rest[0] if rest else None), verdict


def _keeping(proof: Proof, kept: list[Outcome]) -> Proof:
    """The proof, its outcome kept for a closer look."""

    def read(outcome: Outcome) -> Verdict:
        kept.append(outcome)
        return proof.read(outcome)

    return replace(proof, read=read)
