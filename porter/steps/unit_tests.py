"""The Go unit tests: one for a method that does something of its own; all have to run and pass."""

from __future__ import annotations

from porter.core.finding import Note
from porter.core.plan import Plan
from porter.core.proof import GO, Proof
from porter.core.question import Choice, Question
from porter.core.step import Step
from porter.core.task import Task
from porter.proof import gotests
from porter.source.checkout.stubs import stub_of
from porter.source.golang import parse
from porter.source.scaffold.service import existing, method
from porter.source.scaffold.signatures import mirror

KEY = "unit_test"
_WRITTEN = "written"
"""The answer once the test was written: a person who takes it out means that."""


def plan(task: Task) -> Plan:
    """A table test of the service method, where the method does something of its own.

    Only for a port on its way, whose method stands as porter writes it.
    """
    found, standing = mirror(task), existing(task)
    if found is None or standing is None or stub_of(task.tree, task.layout, task.endpoint) is None:
        return Plan()
    answer = task.answers.get(KEY)
    if answer is not None and answer.value in ("no", _WRITTEN):
        return Plan()
    # Loaded for a port on its way: a status asks this of no other.
    from porter.source.scaffold.gotest import testfile
    from porter.source.scaffold.gotest.ownwork import own_work
    from porter.source.scaffold.gotest.servicetest import mock

    own, name = own_work(task, found), task.endpoint.method
    if not own.things and own.unwritten:
        return _none(f"what {name} does of its own is a TODO in it: yours to write and to test")
    if not own.things:
        return _none(f"{name} only hands on: nothing to test in Go, MLflow's tests cover it")
    if mock(task) is None:
        return _none(
            f"{name} has work to test ({own.kinds}), but mockery writes no mock of its store"
        )
    path, function = standing
    if parse(task.tree, path).text(function.span) not in method(task).text:
        return _none(f"{name} is no longer as porter wrote it: its test is yours to write")
    if testfile.tested(task):
        return Plan()
    change = testfile.planned(task, found, own, path)
    if change is None:
        return _none(f"{name} has work to test ({own.kinds}), for which porter finds no request")
    question = Question(
        KEY,
        f"{name} does something of its own ({own.kinds}): write a table test of it?",
        default="yes",
        choices=(Choice("yes", "write it"), Choice("no", "leave it")),
    )
    questions = (question,) if answer is None else ()
    return Plan((change,), questions, settled=((KEY, _WRITTEN),))


def prove(_: Task) -> tuple[Proof, ...]:
    """`mage test:unit`, counted: a run in which nothing ran does not pass."""
    return (Proof("unit tests", gotests.unit_tests(), GO, gotests.judge),)


def waived(task: Task) -> str | None:
    """The layouts before mage have no target that runs them."""
    if task.tree.files("magefiles", ".go"):
        return None
    return "this layout has no mage: run go test ./... yourself"


STEP = Step("unit_tests", "The unit tests", plan, prove=prove, waived=waived)


def _none(text: str) -> Plan:
    return Plan(notes=(Note(text, "P710"),))
