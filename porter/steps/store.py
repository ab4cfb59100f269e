"""Store: the interface's method, an SQL stub that answers "not implemented", missing models."""

from __future__ import annotations

from porter.core.finding import Finding, Findings, Note
from porter.core.plan import Change, Plan
from porter.core.proof import Proof
from porter.core.step import Step
from porter.core.task import Task
from porter.proof.gocompile import build
from porter.source.brief.models import pairs
from porter.source.checkout.storemethod import in_interface, in_sql, standing_signature
from porter.source.checkout.stubtext import is_stub
from porter.source.golang import parse
from porter.source.scaffold.gormscaffold import planned_models
from porter.source.scaffold.placement import asked
from porter.source.scaffold.storeedits import planned_interface, planned_sql


def plan(task: Task) -> Plan:
    """The method in the interface, the SQL stub, and the Gorm models that are missing."""
    wanted = standing_signature(task)
    store = task.service.store
    if wanted is None or store is None:
        return Plan()
    declared = in_interface(task.tree, task.layout, store, wanted.name)
    written = in_sql(task.tree, store, wanted.name)
    changes: list[Change] = []
    if declared is None:
        changes += planned_interface(task, store, wanted, written)
    if written is None:
        changes += planned_sql(task, store, wanted, declared)
    questions, notes = asked(task) if changes else (), tuple[Note, ...]()
    if written is None or is_stub(parse(task.tree, written.path), written.func):
        models, notes = planned_models(task, store)
        changes += models
    return Plan(tuple(changes), questions, notes)


def inspect(task: Task) -> Findings:
    """Interface and SQL store both have the method, with the same types."""
    wanted = standing_signature(task)
    store = task.service.store
    if wanted is None or store is None:
        return ()
    declared = in_interface(task.tree, task.layout, store, wanted.name)
    written = in_sql(task.tree, store, wanted.name)
    if declared is None:
        text = f"{store.interface} has no method {wanted.name}"
        return (Finding("P410", text, store.interface_dir, mends="plan"),)
    if written is None:
        text = f"{store.receiver.type} has no method {wanted.name}"
        return (Finding("P411", text, store.sql_dir, mends="plan"),)
    if declared.func.shape != written.func.shape:
        text = f"{wanted.name} has other types than in {declared.path}:{declared.line}"
        return (Finding("P412", text, written.path, written.line), *_models(task))
    return _models(task)


def prove(task: Task) -> tuple[Proof, ...]:
    """Everything compiles: the first build that can pass since the enable step."""
    return (build(task, "store"),)


def waived(task: Task) -> str | None:
    """A service without a store, or a handler that calls none."""
    if task.service.store is None:
        return f"{task.service.go_name} has no store in this checkout"
    if standing_signature(task) is None:
        return "its handler calls no store method of its own"
    return None


STEP = Step("store", "Open the store", plan, inspect, prove=prove, waived=waived)


def _models(task: Task) -> Findings:
    """Where a Gorm model disagrees with Python's table, before anyone writes SQL on it."""
    found = []
    for pair in pairs(task):
        if pair.go is None:
            continue
        for code, words, columns in (
            (
                "P420",
                "lacks these columns of the primary key, a merge hits other rows",
                pair.missing_keys,
            ),
            ("P420", "has columns in the primary key that Python has not there", pair.extra_keys),
            ("P421", "has no field for the columns", pair.missing_columns),
            ("P421", "names columns that Python has not", pair.unknown_columns),
        ):
            if columns:
                text = f"the model {pair.go.name} {words}: {', '.join(columns)}"
                evidence = (pair.python.evidence,)
                found.append(
                    Finding(code, text, pair.go.path, pair.go.line, "warning", evidence=evidence)
                )
    return tuple(found)
