"""The walk: plan, ask, show, write, generate, inspect, prove. The only loop in porter.

Starting again is resuming: a step with nothing left to plan, nothing found and its proofs
remembered is passed at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from porter.core.endpoint import Endpoint
from porter.core.plan import Change, Plan, merged
from porter.core.question import Answer, Answers, Choice, Question, Quit
from porter.core.report import Cell, Heading, Reporter, Row, Stop
from porter.core.step import Step
from porter.core.task import Task
from porter.core.view import Overlay, View
from porter.errors import Exit
from porter.workshop import Noise, Record, Workshop

NOISE_SHOWN = 10
"""Lines of noise that are shown; the row counts all."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to walk: `until` a step, rules as Python enforces them, missing rules of a done port.

    `noise` is what becomes of generated lines that the endpoints did not cause.
    """

    until: str | None = None
    strict: bool = False
    rules: bool = False
    noise: Noise = "kept"


@dataclass
class Port:
    """One endpoint on its way: its answers so far, what was not asked, the rows shown."""

    endpoint: Endpoint
    answers: Answers
    rows: list[Row] = field(default_factory=list)
    unasked: dict[str, str] = field(default_factory=dict)
    open: int = 0


class Stopped(Exception):
    """The walk ends here with this exit code."""

    def __init__(self, exit: Exit, reason: str = "") -> None:  # noqa: A002 - what it ends with
        super().__init__(reason)
        self.exit, self.reason = exit, reason


def start(
    shop: Workshop,
    endpoints: Sequence[Endpoint],
    steps: Sequence[Step],
    options: Options,
    reporter: Reporter,
) -> Stop:
    """Walk the endpoints, step by step over all of them, until a person is needed."""
    ports = [Port(endpoint, shop.answers(endpoint)) for endpoint in endpoints]
    walk = Walk(shop, ports, options, reporter)
    with shop.locked(reporter):
        for port in ports:
            reporter.heading(Heading(port.endpoint, shop.places(port.endpoint)))
        for number, step in enumerate(steps, 1):
            try:
                walk.step(number, step)
            except Stopped as stopped:
                walk.wait(steps, number)
                return walk.end(stopped.exit, stopped.reason)
            if step.slug == options.until:
                return walk.end(Exit.DONE, f"{step.slug} reached")
    return walk.end(Exit.DONE, "")


@dataclass
class Walk:
    """The state of one walk over one or several endpoints."""

    shop: Workshop
    ports: list[Port]
    options: Options
    reporter: Reporter

    def step(self, number: int, step: Step) -> None:
        """Take one step for every endpoint it applies to. Raises Stopped where the walk ends."""
        ports = []
        for port in self.ports:
            if reason := step.waived(self._task(port)):
                self._row(port, number, step, Cell("n/a", reason))
            else:
                ports.append(port)
        plans = self._plans(step, ports)
        record = self._write(step, ports, plans)
        cells = [self._settle(step, port, plans[i], record) for i, port in enumerate(ports)]
        for port, cell in zip(ports, cells, strict=True):
            self._row(port, number, step, cell)
        stops = {"YOU": Exit.PAUSED, "red": Exit.FINDINGS}
        for cell in cells:
            if cell.state in stops:
                raise Stopped(stops[cell.state], cell.detail if cell.state == "red" else "")

    def wait(self, steps: Sequence[Step], number: int) -> None:
        """Show the steps that have not had their turn."""
        for port in self.ports:
            seen = {row.slug for row in port.rows}
            for index, step in enumerate(steps, 1):
                if index >= number and step.slug not in seen:
                    waived = step.waived(self._task(port))
                    cell = Cell("n/a", waived) if waived else Cell("wait")
                    self._row(port, index, step, cell)

    def end(self, exit_: Exit, reason: str) -> Stop:
        """The stop, with what was taken by default and the next moves."""
        unasked = tuple(chain.from_iterable(port.unasked.values() for port in self.ports))
        rows = tuple((port.endpoint.id, tuple(port.rows)) for port in self.ports)
        stop = Stop(int(exit_), reason, self._next(exit_, reason), rows, unasked)
        self.reporter.stop(stop)
        return stop

    def _next(self, exit_: Exit, reason: str) -> tuple[str, ...]:
        names = " ".join(self.shop.target.spelling(port.endpoint) for port in self.ports)
        first = self.shop.target.spelling(self.ports[0].endpoint)
        match exit_:
            case Exit.DONE if reason:
                return (f"porter start {names}",)
            case Exit.DONE:
                return (f"porter check {names}", *self._picks())
            case Exit.PAUSED if not reason:
                return (f"porter brief {first}", f"porter start {names}", f"porter undo {first}")
            case _:
                return (f"porter start {names}", f"porter undo {first}")

    def _picks(self) -> tuple[str, ...]:
        """Once the port is committed, its noise can follow as a commit of its own."""
        waiting = [self.shop.apart(port.endpoint) for port in self.ports]
        return tuple(f"git cherry-pick {each}" for each in dict.fromkeys(waiting) if each)

    def _task(self, port: Port, tree: View | None = None) -> Task:
        task = self.shop.target.task(
            port.endpoint, port.answers, strict=self.options.strict, rules=self.options.rules
        )
        return task if tree is None else replace(task, tree=tree)

    def _row(self, port: Port, number: int, step: Step, cell: Cell) -> None:
        row = Row(number, step.slug, cell)
        port.rows.append(row)
        name = port.endpoint.name if len(self.ports) > 1 else ""
        self.reporter.row(row, name)

    def _plans(self, step: Step, ports: list[Port]) -> list[Plan]:
        """A plan for each endpoint, laid over those before it, with its questions answered."""
        tree = self.shop.target.tree
        plans = []
        for port in ports:
            plan = self._answered(step, port, tree)
            tree = Overlay(tree, plan.after())
            plans.append(plan)
        return plans

    def _answered(self, step: Step, port: Port, tree: View) -> Plan:
        """Plan, ask, plan again, until no question is left that was not put."""
        put: set[str] = set()
        while True:
            plan = step.plan(self._task(port, tree))
            questions = tuple(q for q in plan.questions if q.key not in put)
            if not questions:
                break
            put |= {q.key for q in questions}
            self._ask(step, port, questions)
        left = [q for q in plan.questions if port.answers.to(q) is None]
        port.open = len(left)
        for question in left:
            port.unasked[question.key] = f"left open: {question.text}"
        if blocking := next((q for q in left if q.blocking), None):
            raise Stopped(Exit.USAGE, f"cannot go on without an answer: {blocking.text}")
        return plan

    def _ask(self, step: Step, port: Port, questions: tuple[Question, ...]) -> None:
        try:
            given = self.reporter.ask(questions)
        except Quit as left:
            self.shop.keep(port.endpoint, port.answers, left.answers, step)
            raise Stopped(Exit.PAUSED, "answers kept") from left
        port.answers = self.shop.keep(port.endpoint, port.answers, given, step)
        for question in questions:
            answer = given.get(question.key)
            if answer is not None and answer.by == "default":
                port.unasked[question.key] = taken(question.text, answer.value)

    def _write(self, step: Step, ports: list[Port], plans: list[Plan]) -> Record:
        """Apply the plans and generate, between two snapshots; what changed by it."""
        changes = merged(plans)
        endpoints = [port.endpoint for port in ports]
        if not changes and not self._stale(step, ports):
            return Record()
        command = step.generates(self._task(ports[0]))
        if command:
            self.shop.require(command)
        if changes:
            self.shop.refuse_overlap(Plan(changes), self.reporter)
            self._confirm(step, Plan(changes))
        noise = self.options.noise
        with self.shop.recorded(step, endpoints, self.reporter, noise=noise) as record:
            if changes:
                self.shop.apply(Plan(changes))
            if command and self._stale(step, ports):
                self.shop.generate(command, self.reporter)
        for port, plan in zip(ports, plans, strict=True):
            settled = {key: Answer(value) for key, value in plan.settled}
            port.answers = self.shop.keep(port.endpoint, port.answers, settled, step)
        for line in record.noise[:NOISE_SHOWN]:
            self.reporter.say(f"noise  {line}")
        return record

    def _stale(self, step: Step, ports: list[Port]) -> bool:
        """Whether something is found that generating would mend."""
        return any(f.mends == "generate" for port in ports for f in step.inspect(self._task(port)))

    def _confirm(self, step: Step, plan: Plan) -> None:
        self.reporter.plan(step.slug, plan)
        files = f"{len(plan.changes)} file" + "s" * (len(plan.changes) > 1)
        choices = (Choice("yes", "write"), Choice("no", "stop here"))
        question = Question(f"apply:{step.slug}", f"{step.slug}: write {files}?", "yes", choices)
        answer = self.reporter.ask((question,)).get(question.key)
        if answer is None or answer.value != "yes":
            raise Stopped(Exit.PAUSED, "nothing written")

    def _settle(self, step: Step, port: Port, plan: Plan, record: Record) -> Cell:
        """Inspect and prove what now stands."""
        task = self._task(port)
        found = step.inspect(task)
        if step.yours and found:
            return Cell("YOU", found[0].place or found[0].text, port.open, found)
        if errors := tuple(f for f in found if f.severity == "error"):
            return Cell("red", errors[0].text, port.open, errors)
        verdicts = [self.shop.prove(proof, self.reporter) for proof in step.prove(task)]
        for verdict in verdicts:
            if not verdict.ok:
                return Cell("red", verdict.summary, port.open, (*found, *verdict.findings))
        for note in plan.notes:
            self.reporter.note(note)
        parts = (written(plan.changes), generated(record))
        summaries = tuple(v.summary for v in verdicts)
        return Cell("ok", "; ".join(filter(None, (*parts, *summaries))), port.open, found)


def taken(question: str, value: str) -> str:
    """What was taken for an answer; a question that ends with what it proposes says it itself."""
    return question if question.endswith(f": {value}") else f"{question} → {value or '(none)'}"


def written(changes: Sequence[Change]) -> str:
    """`store.go +1, sql/tags.go +7`: what a plan wrote, for the row."""
    counts = []
    for change in changes:
        added, removed = change.lines
        size = f"+{added}" + (f" -{removed}" if removed else "")
        counts.append(f"{'/'.join(change.path.split('/')[-2:])} {size}")
    return ", ".join(counts)


def generated(record: Record) -> str:
    """`3 files generated, noise 0`: what the command wrote, and how much of it is not ours."""
    count = len(record.generated)
    if not count:
        return ""
    return f"{count} file{'s' * (count > 1)} generated, noise {len(record.noise)}"
