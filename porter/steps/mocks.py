"""Mocks: mockery writes them; the step looks whether the mock has the new store method."""

from __future__ import annotations

from porter.core.command import Command
from porter.core.finding import Finding, Findings
from porter.core.proof import Proof
from porter.core.step import Step
from porter.core.task import Task
from porter.proof.gocompile import vet
from porter.source.checkout.storemethod import in_interface, standing_signature
from porter.source.golang import parse


def inspect(task: Task) -> Findings:
    """The mock has the method as the interface has it, or no mock is configured."""
    wanted = standing_signature(task)
    store = task.service.store
    if wanted is None or store is None or store.mock is None:
        return ()
    if task.tree.read(store.mock) is None:
        text = f".mockery.yaml asks for a mock of {store.interface} and there is none"
        return (Finding("P430", text, store.mock, mends="generate"),)
    mock = parse(task.tree, store.mock)
    methods = [f for f in mock.functions if f.receiver is not None and f.name == wanted.name]
    declared = in_interface(task.tree, task.layout, store, wanted.name)
    if not methods:
        text = f"the mock of {store.interface} has no method {wanted.name}"
        return (Finding("P431", text, store.mock, mends="generate"),)
    if declared is not None and all(f.shape != declared.func.shape for f in methods):
        text = f"the mock's {wanted.name} has other types than {declared.path}:{declared.line}"
        return (Finding("P432", text, store.mock, methods[0].line, mends="generate"),)
    return ()


def generates(task: Task) -> Command | None:
    """`go generate`, where `.mockery.yaml` lists the store's interface."""
    store = task.service.store
    if store is None or store.mock is None:
        return None
    return Command(("go", "generate", "./..."), why=f"mockery writes the mock of {store.interface}")


def prove(task: Task) -> tuple[Proof, ...]:
    """`go vet`, as it compiles the tests: a mock that lacks a method keeps it red."""
    return (vet(task, "mocks"),)


def waived(task: Task) -> str | None:
    """A service without a store, or a handler that calls none: there is nothing to mock."""
    if task.service.store is None:
        return f"{task.service.go_name} has no store in this checkout"
    if standing_signature(task) is None:
        return "its handler calls no store method of its own"
    return None


STEP = Step(
    "mocks", "Bring the mocks up to date",
    inspect=inspect, generates=generates, prove=prove, waived=waived,
)  # fmt: skip
