"""Where every endpoint stands: plans, inspections and remembered proofs, nothing run.

What plans and inspections say is a fact of the files that were read, and can be remembered with
them; what proofs say is looked up each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from porter.core.finding import Finding
from porter.core.report import Cell, State
from porter.errors import PorterError
from porter.work.verdicts import finding

if TYPE_CHECKING:
    from porter.core.endpoint import Endpoint
    from porter.core.proof import Proof, Verdict
    from porter.core.question import Answers
    from porter.core.step import Step
    from porter.core.task import Task
    from porter.target import Target

LINTED = "validate"
"""The step whose files lint reads."""
Key = Callable[["Proof"], str]
"""Under what a proof is remembered."""
Known = Callable[[str], "Verdict | None"]
"""The verdict remembered under a key."""


@dataclass(frozen=True, slots=True)
class Look:
    """One step of one endpoint before its proofs are asked; `keys` are theirs."""

    slug: str
    cell: Cell
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """One endpoint: its routes (method, path, since), whether it is enabled, and its steps."""

    service: str
    name: str
    routes: tuple[tuple[str, str, str], ...]
    enabled: bool
    looks: tuple[Look, ...]

    @property
    def id(self) -> str:
        """`MlflowService/deleteTag`."""
        return f"{self.service}/{self.name}"

    @property
    def ported(self) -> bool:
        """Enabled, and no step has anything left to plan or to write."""
        unfinished = ("todo", "ask", "YOU", "–")
        return self.enabled and all(look.cell.state not in unfinished for look in self.looks)

    @property
    def cells(self) -> tuple[tuple[str, Cell], ...]:
        """The cells by step."""
        return tuple((look.slug, look.cell) for look in self.looks)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many endpoints a service has, and how many are enabled and ported."""

    service: str
    endpoints: int
    enabled: int
    ported: int


def survey(
    target: Target, steps: Sequence[Step], key: Key, answers: Callable[[Endpoint], Answers]
) -> tuple[Standing, ...]:
    """The standing of all endpoints that the checkout's services have, proofs not yet asked."""
    return tuple(standing(target, e, steps, key, answers(e)) for e in target.endpoints)


def standing(
    target: Target, endpoint: Endpoint, steps: Sequence[Step], key: Key, answers: Answers
) -> Standing:
    """One endpoint. One that is not enabled is planned to its first step with something to do."""
    task = target.task(endpoint, answers)
    enabled = target.enabled(endpoint)
    looks: list[Look] = []
    waiting = False
    for step in steps:
        look = Look(step.slug, Cell("–")) if waiting else look_at(task, step, key)
        waiting = waiting or (not enabled and look.cell.state in ("todo", "ask", "YOU", "red"))
        looks.append(look)
    routes = tuple((r.method, r.path, f"{r.since[0]}.{r.since[1]}") for r in endpoint.routes)
    return Standing(endpoint.service, endpoint.name, routes, enabled, tuple(looks))


def look_at(task: Task, step: Step, key: Key) -> Look:
    """One step of one endpoint as it is now. A file that cannot be read makes a red cell."""
    try:
        return _look_at(task, step, key)
    except PorterError as error:
        finding = Finding("P001", error.message, step=step.slug, next=error.next)
        return Look(step.slug, Cell("red", error.message, findings=(finding,)))


def _look_at(task: Task, step: Step, key: Key) -> Look:
    if reason := step.waived(task):
        return Look(step.slug, Cell("n/a", reason))
    plan = step.plan(task)
    if blocking := next((q for q in plan.questions if q.blocking), None):
        return Look(step.slug, Cell("ask", blocking.text))
    if plan.changes:
        return Look(step.slug, Cell("todo", ", ".join(change.path for change in plan.changes)))
    found = step.inspect(task)
    opened = sum(question.open for question in plan.questions)
    if step.yours and found:
        return Look(step.slug, Cell("YOU", found[0].text, findings=found))
    if any(finding.severity == "error" for finding in found):
        return Look(step.slug, Cell("red", found[0].text, findings=found))
    keys = tuple(key(proof) for proof in step.prove(task))
    return Look(step.slug, Cell("ok", "", opened, found), keys)


def settled(
    standings: Sequence[Standing], known: Known, linted: Sequence[Finding] | None = ()
) -> tuple[Standing, ...]:
    """The standings with what the remembered proofs say, and lint; `linted` None: not known."""
    asked: dict[str, Verdict | None] = {}

    def ask(key: str) -> Verdict | None:
        if key not in asked:
            asked[key] = known(key)
        return asked[key]

    return tuple(
        Standing(
            one.service,
            one.name,
            one.routes,
            one.enabled,
            tuple(
                Look(look.slug, _linted(look.slug, _proven(look, ask), one, linted), look.keys)
                for look in one.looks
            ),
        )
        for one in standings
    )


def _linted(slug: str, cell: Cell, standing: Standing, linted: Sequence[Finding] | None) -> Cell:
    """The cell of the step that lint speaks of; its findings are that endpoint's own."""
    if not standing.enabled or cell.state != "ok" or slug != LINTED:
        return cell
    if linted is None:
        return Cell("not linted", cell.detail, cell.open, cell.findings)
    mine = tuple(finding for finding in linted if finding.endpoint == standing.id)
    state: State = "red" if any(finding.severity == "error" for finding in mine) else "ok"
    return Cell(state, cell.detail, cell.open, (*cell.findings, *mine))


def _proven(look: Look, known: Known) -> Cell:
    cell = look.cell
    if cell.state != "ok" or not look.keys:
        return cell
    verdicts = [known(key) for key in look.keys]
    bad = next((verdict for verdict in verdicts if verdict is not None and not verdict.ok), None)
    if bad is not None:
        return Cell("red", bad.summary, cell.open, (*cell.findings, *bad.findings))
    if None in verdicts:
        return Cell("not proven", "", cell.open, cell.findings)
    said = "; ".join(verdict.summary for verdict in verdicts if verdict and verdict.summary)
    return Cell("ok", said, cell.open, cell.findings)


def totals(standings: Sequence[Standing]) -> tuple[Totals, ...]:
    """Sums by service, in order of appearance."""
    found = []
    for service in dict.fromkeys(one.service for one in standings):
        mine = [one for one in standings if one.service == service]
        enabled, ported = sum(one.enabled for one in mine), sum(one.ported for one in mine)
        found.append(Totals(service, len(mine), enabled, ported))
    return tuple(found)


def packed(standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """Standings as JSON, to be remembered."""
    return [asdict(one) for one in standings]


def unpacked(rows: Sequence[Mapping[str, Any]]) -> tuple[Standing, ...]:
    """Standings out of `packed`."""
    return tuple(
        Standing(
            row["service"],
            row["name"],
            tuple((r[0], r[1], r[2]) for r in row["routes"]),
            row["enabled"],
            tuple(_look(look) for look in row["looks"]),
        )
        for row in rows
    )


def _look(row: Mapping[str, Any]) -> Look:
    cell = row["cell"]
    found = tuple(finding(entry) for entry in cell["findings"])
    return Look(
        row["slug"], Cell(cell["state"], cell["detail"], cell["open"], found), tuple(row["keys"])
    )
