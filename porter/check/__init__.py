"""Verify ports without writing: everything planned or found is a finding, then the proofs run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from porter.core.endpoint import Endpoint
from porter.core.finding import Finding
from porter.core.proof import Proof, Verdict
from porter.core.question import Answers
from porter.core.step import Step
from porter.core.task import Task
from porter.errors import Exit, PorterError
from porter.target import Target

Prove = Callable[[Proof], Verdict]


@dataclass(frozen=True, slots=True)
class Checked:
    """One step of one endpoint: `state` as in `status`, and what was found in it."""

    endpoint: Endpoint
    step: str
    state: str
    open: int = 0
    findings: tuple[Finding, ...] = ()

    def __str__(self) -> str:
        return f"ok, {self.open} open" if self.state == "ok" and self.open else self.state


@dataclass(frozen=True, slots=True)
class Proven:
    """A proof that ran, or was remembered, for one or several endpoints."""

    name: str
    command: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Report:
    """All that `porter check` has to say."""

    checked: tuple[Checked, ...]
    proven: tuple[Proven, ...] = ()
    others: tuple[Finding, ...] = ()
    """Findings about the tree as a whole: junk among the changes, stale files."""
    notes: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found: by inspection, by proofs, and about the whole tree; no doubles."""
        static = [finding for one in self.checked for finding in one.findings]
        proofs = [finding for one in self.proven for finding in one.verdict.findings]
        return tuple(dict.fromkeys([*static, *proofs, *self.others]))

    @property
    def exit(self) -> Exit:
        """Only errors and failed proofs make exit 1."""
        bad = any(f.severity == "error" for f in self.findings)
        red = any(not one.verdict.ok for one in self.proven)
        return Exit.FINDINGS if bad or red else Exit.DONE


def inspect(
    target: Target,
    steps: Sequence[Step],
    endpoints: Sequence[Endpoint],
    answers: Callable[[Endpoint], Answers],
) -> tuple[Checked, ...]:
    """The static half: every step of every endpoint, all findings at once."""
    checked: list[Checked] = []
    for endpoint in endpoints:
        if not target.enabled(endpoint):
            text = f"{endpoint.name} is not started: it is not in {target.layout.endpoints}"
            move = f"porter start {target.spelling(endpoint)}"
            found = Finding("P100", text, target.layout.endpoints, endpoint=endpoint.id, next=move)
            checked.append(Checked(endpoint, steps[0].slug, "todo", 0, (found,)))
            continue
        task = target.task(endpoint, answers(endpoint))
        checked += [look(task, step, target.spelling(endpoint)) for step in steps]
    return tuple(checked)


def look(task: Task, step: Step, spelling: str) -> Checked:
    """One step: what is still planned is an error, beside what its inspection finds."""
    endpoint = task.endpoint
    try:
        if step.waived(task):
            return Checked(endpoint, step.slug, "n/a")
        plan = step.plan(task)
        found = step.inspect(task)
    except PorterError as error:
        broken = Finding("P001", error.message, next=error.next)
        return Checked(endpoint, step.slug, "red", 0, named((broken,), step, endpoint))
    todo = tuple(
        Finding(
            "P101",
            f"{endpoint.name}: step {step.slug} is not done: +{change.lines[0]} lines are missing",
            change.path,
            next=f"porter start {spelling}",
        )
        for change in plan.changes
    )
    opened = sum(question.open for question in plan.questions)
    errors = [f for f in (*todo, *found) if f.severity == "error"]
    state = "todo" if todo else "red" if errors else "ok"
    return Checked(endpoint, step.slug, state, opened, named((*todo, *found), step, endpoint))


def prove(
    target: Target,
    steps: Sequence[Step],
    endpoints: Sequence[Endpoint],
    run: Prove,
    *,
    leave_out: frozenset[str] = frozenset(),
) -> tuple[Proven, ...]:
    """The proving half: each command once, whatever the number of endpoints it speaks for."""
    done: dict[str, Proven] = {}
    for endpoint in (e for e in endpoints if target.enabled(e)):
        task = target.task(endpoint)
        for step in steps:
            if step.slug in leave_out or step.waived(task):
                continue
            for proof in step.prove(task):
                command = str(proof.command)
                if command not in done:
                    verdict = run(proof)
                    found = named(verdict.findings, step, endpoint)
                    done[command] = Proven(proof.name, command, replace(verdict, findings=found))
    return tuple(done.values())


def named(findings: Sequence[Finding], step: Step, endpoint: Endpoint) -> tuple[Finding, ...]:
    """Findings with the step and endpoint they belong to."""
    return tuple(
        replace(f, step=f.step or step.slug, endpoint=f.endpoint or endpoint.id) for f in findings
    )
