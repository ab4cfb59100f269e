"""Where every endpoint stands: plans, inspections and remembered proofs, nothing run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from porter.core.endpoint import Endpoint
from porter.core.finding import Finding
from porter.core.proof import Proof, Verdict
from porter.core.question import Answers
from porter.core.report import Cell
from porter.core.step import Step
from porter.core.task import Task
from porter.errors import PorterError
from porter.target import Target

Remembered = Callable[[Proof], Verdict | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """One endpoint: whether it is enabled and ported, and a cell for every step."""

    endpoint: Endpoint
    enabled: bool
    ported: bool
    cells: tuple[tuple[str, Cell], ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found in any step."""
        return tuple(finding for _, cell in self.cells for finding in cell.findings)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many endpoints a service has, and how many are enabled and ported."""

    service: str
    endpoints: int
    enabled: int
    ported: int


@dataclass(frozen=True, slots=True)
class Survey:
    """All endpoints of a checkout with the totals by service."""

    standings: tuple[Standing, ...]
    totals: tuple[Totals, ...] = field(default=())


def survey(
    target: Target,
    steps: Sequence[Step],
    remembered: Remembered,
    *,
    only: Sequence[Endpoint] = (),
    answers: Callable[[Endpoint], Answers] = lambda _: Answers(),
    missing: bool = False,
) -> Survey:
    """The standing of `only`, or of all endpoints that the checkout's services have.

    With `missing` the ported ones are left out of the list; the totals count them.
    """
    wanted = tuple(only) or target.endpoints
    standings = tuple(standing(target, e, steps, remembered, answers(e)) for e in wanted)
    shown = tuple(one for one in standings if not (missing and one.ported))
    return Survey(shown, totals(standings))


def standing(
    target: Target,
    endpoint: Endpoint,
    steps: Sequence[Step],
    remembered: Remembered,
    answers: Answers,
) -> Standing:
    """One endpoint. One that is not enabled is planned to its first step with something to do."""
    task = target.task(endpoint, answers)
    cells: list[tuple[str, Cell]] = []
    enabled = target.enabled(endpoint)
    waiting = False
    for step in steps:
        current = Cell("–") if waiting else cell(task, step, remembered)
        waiting = waiting or (not enabled and current.state in ("todo", "ask", "YOU", "red"))
        cells.append((step.slug, current))
    ported = enabled and all(c.state not in ("todo", "ask", "YOU", "–") for _, c in cells)
    return Standing(endpoint, enabled, ported, tuple(cells))


def cell(task: Task, step: Step, remembered: Remembered) -> Cell:
    """One step of one endpoint as it is now. A file that cannot be read makes a red cell."""
    try:
        return _cell(task, step, remembered)
    except PorterError as error:
        finding = Finding("P001", error.message, step=step.slug, next=error.next)
        return Cell("red", error.message, findings=(finding,))


def _cell(task: Task, step: Step, remembered: Remembered) -> Cell:
    if reason := step.waived(task):
        return Cell("n/a", reason)
    plan = step.plan(task)
    if any(question.blocking for question in plan.questions):
        return Cell("ask", plan.questions[0].text)
    if plan.changes:
        return Cell("todo", ", ".join(change.path for change in plan.changes))
    found = step.inspect(task)
    opened = sum(question.open for question in plan.questions)
    if step.yours and found:
        return Cell("YOU", found[0].text, findings=found)
    if any(finding.severity == "error" for finding in found):
        return Cell("red", found[0].text, findings=found)
    return proven(step.prove(task), remembered, found, opened)


def proven(
    proofs: Sequence[Proof], remembered: Remembered, found: tuple[Finding, ...], opened: int
) -> Cell:
    """What the remembered proofs make of a step that has nothing left to plan."""
    verdicts = [remembered(proof) for proof in proofs]
    bad = next((verdict for verdict in verdicts if verdict is not None and not verdict.ok), None)
    if bad is not None:
        return Cell("red", bad.summary, opened, (*found, *bad.findings))
    if None in verdicts:
        return Cell("not proven", "", opened, found)
    return Cell("ok", "; ".join(v.summary for v in verdicts if v and v.summary), opened, found)


def totals(standings: Sequence[Standing]) -> tuple[Totals, ...]:
    """Sums by service, in order of appearance."""
    services = dict.fromkeys(s.endpoint.service for s in standings)
    return tuple(
        Totals(
            service,
            len(mine := [s for s in standings if s.endpoint.service == service]),
            sum(s.enabled for s in mine),
            sum(s.ported for s in mine),
        )
        for service in services
    )
