"""The state of one run of the interpreter: the path, what was raised, what was not understood."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from porter.core.constraint import InferenceNote
from porter.core.endpoint import Catalog, Endpoint
from porter.core.question import Evidence
from porter.source.constraints.formulas import TRUE, Atom, Formula, both
from porter.source.constraints.values import NONE, Const, Origin, Ref, Value
from porter.source.mlflow import Found, Index, Module

Flow = Literal["on", "raise", "return", "loop"]
"""How a block ends: it goes on, raises, returns, or leaves the round of its loop."""
STEPS = 60_000
"""How many expressions one endpoint may cost; the largest of MLflow 3.18 needs a third of it."""
DEPTH = 26
"""How many calls deep is followed."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition on the path. `survived`: only a raise lies on its other side."""

    formula: Formula
    survived: bool = False


@dataclass(frozen=True)
class Event:
    """An exception on its way: `soft` is one that an outside function may raise by itself."""

    name: str
    path: tuple[Gate, ...]
    chain: tuple[Evidence, ...]
    soft: bool = False
    lookup: bool = False
    """Whether it only says that a record is there, or is not: no check of a field's value."""


@dataclass(frozen=True)
class Cut:
    """A field cut to a length: a slice `[:limit]` on a path where the field is longer."""

    path: tuple[Gate, ...]
    ref: Value
    limit: int
    chain: tuple[Evidence, ...]


@dataclass
class Trap:
    """A `try` that is being run: what its handlers catch, and what they caught."""

    names: tuple[frozenset[str] | None, ...]
    caught: list[list[Event]] = field(default_factory=list)


@dataclass
class Frame:
    """A function that is being run."""

    module: Module
    env: dict[str, Value]
    parent: dict[str, Value] | None = None
    owner: Found | None = None
    entry: int = 0
    returns: list[tuple[Formula, Value]] = field(default_factory=list)
    yields: list[tuple[Formula, Value]] = field(default_factory=list)
    handling: Event | None = None


@dataclass(frozen=True)
class Call:
    """A call that is being looked at: where it stands, and what it hands over."""

    frame: Frame
    node: ast.AST
    args: list[Value] = field(default_factory=list)
    named: dict[str, Value] = field(default_factory=dict)

    @property
    def given(self) -> list[Value]:
        """All arguments."""
        return [*self.args, *self.named.values()]

    @property
    def first(self) -> Value:
        """The first positional argument, None where there is none."""
        return self.args[0] if self.args else NONE

    @property
    def at(self) -> str:
        """Where it stands, as the name of what it makes."""
        return place(self.frame, self.node)

    def on(self, *args: Value) -> Call:
        """The same call with other positional arguments."""
        return Call(self.frame, self.node, list(args), self.named)


def place(frame: Frame, node: ast.AST) -> str:
    """Where a node stands, as the name of what it makes."""
    return f"{frame.module.path}:{getattr(node, 'lineno', 0)}:{getattr(node, 'col_offset', 0)}"


def doubt(frame: Frame, node: ast.AST, what: str) -> Atom:
    """The condition of something at this node that nobody can tell."""
    return Atom("opaque", arg=f"{place(frame, node)} {what}")


class Machine:
    """One run over one endpoint. Mutable, and gone when the run is over."""

    def __init__(self, index: Index, catalog: Catalog, endpoint: Endpoint) -> None:
        self.index = index
        self.catalog = catalog
        self.endpoint = endpoint
        self.path: tuple[Gate, ...] = ()
        self.chain: tuple[Evidence, ...] = ()
        self.raised: list[Event] = []
        self.cuts: list[Cut] = []
        self.notes: dict[tuple[str, str], InferenceNote] = {}
        self.traps: list[Trap] = []
        self.active: list[ast.AST] = []
        self.numbers: dict[tuple[str, str], int] = {}
        self.steps = 0
        self.outside = 0
        """How many calls were made of functions that nobody knows: any of them may raise."""
        self.globals: dict[tuple[str, str], Value] = {}
        self.done: dict[object, tuple[frozenset[Gate], Value]] = {}
        self.decorated: dict[ast.AST, tuple[ast.expr, ...]] = {}
        self.entered = 0
        """How many functions were entered through their decorators."""
        self.chains: dict[ast.AST, tuple[Evidence, ...]] = {}
        """The chain to a function that is entered through its decorators."""
        self.refused: set[str] = set()
        self.enums: dict[ast.AST, dict[str, Const] | None] = {}

    @property
    def spent(self) -> bool:
        """Whether the budget is used up; says so once."""
        self.steps += 1
        if self.steps > STEPS:
            self.note("P303", "", "too much code to follow all of it")
            return True
        return False

    def request(self, origin: Origin) -> Ref:
        """The request itself, parsed or as it came."""
        return Ref("", origin, message=self.endpoint.request)

    def note(self, code: str, where: str, text: str, *evidence: Evidence) -> None:
        """Something that was not understood, kept once per place."""
        self.notes.setdefault((code, where + text), InferenceNote("", code, text, evidence))

    @contextmanager
    def under(self, *gates: Gate) -> Iterator[None]:
        """Everything inside happens only where the gates hold."""
        before = self.path
        self.path = (*before, *(g for g in gates if g.formula != TRUE))
        try:
            yield
        finally:
            self.path = before

    def since(self, born: int) -> Formula:
        """The condition of being here, counted from a point of the path."""
        return both(g.formula for g in self.path[born:] if not g.survived)

    def throw(self, event: Event) -> None:
        """Hands an exception to the innermost `try` that catches it, or out of the handler."""
        for trap in reversed(self.traps):
            for number, names in enumerate(trap.names):
                if catches(names, event):
                    trap.caught[number].append(event)
                    return
        if not (event.soft or event.lookup):
            self.raised.append(event)
            self._remember_opaque(event)

    def _remember_opaque(self, event: Event) -> None:
        """Fields that are known to be refused for what functions make of them, on every path."""
        atoms = [a for g in event.path if not g.survived for a in g.formula.atoms()]
        fields: set[str] = set().union(*(a.deps for a in atoms))
        sure = len(fields) == 1 and all(a.op != "opaque" and a.deps for a in atoms)
        if sure and any(a.op == "pure" for a in event.path[-1].formula.atoms()):
            self.refused |= fields

    def may_raise(
        self, name: str, module: Module, node: ast.AST, formula: Formula, *, sure: bool = False
    ) -> None:
        """An outside function that raises `name` where `formula` holds.

        `sure`: just there and nowhere else, so that it is a check even where nothing catches it.
        """
        if self.traps or sure:
            path = (*self.path, Gate(formula))
            chain = (*self.chain, module.evidence(node))
            self.throw(Event(name, path, chain, soft=not sure))


_PARENTS = {
    "JSONDecodeError": "ValueError", "UnicodeDecodeError": "ValueError", "KeyError": "LookupError",
    "InvalidUrlException": "MlflowException", "RestException": "MlflowException",
}  # fmt: skip


def catches(names: frozenset[str] | None, event: Event) -> bool:
    """Whether an `except` of these names (None: all) takes the exception."""
    if names is None or names & {"Exception", "BaseException"}:
        return True
    if event.name in names or _PARENTS.get(event.name) in names:
        return True
    return event.name == "Exception" and event.soft
