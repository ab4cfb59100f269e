"""The binding: the Python store's method that calls the Go export."""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Callable

from porter.core.command import Command, Outcome
from porter.core.edits import Edit, apply
from porter.core.finding import Finding, Findings, Note
from porter.core.plan import Change, Plan
from porter.core.proof import Covers, Proof, Verdict
from porter.core.step import Step
from porter.core.task import Task
from porter.errors import SourceError
from porter.source.scaffold import bindings
from porter.source.scaffold.pyimports import add_imports


def plan(task: Task) -> Plan:
    """The method, last in the mixin, and its imports."""
    if waived(task) or _existing(task) is not None:
        return Plan()
    made = bindings.binding(task)
    path = task.service.binding
    assert made is not None and path is not None
    source = task.tree.read(path) or b""
    owner = _owner(task, source)
    at = _end(source, owner)
    lead = b"" if source[at - 1 : at] == b"\n" else b"\n"
    method = Edit(at, at, lead + b"\n" + made.text.encode() + b"\n")
    width, own = bindings.line_length(task.tree), task.layout.package or ""
    edits = [*add_imports(source, made.imports, width, own), method]
    after = apply(source, edits)
    ast.parse(after)
    notes = tuple(Note(text, "P523") for text in made.notes)
    return Plan((Change(path, source, after),), notes=notes)


def inspect(task: Task) -> Findings:
    """The method stands, makes the endpoint's request and calls its export."""
    if waived(task):
        return ()
    path, name = task.service.binding, bindings.method_name(task)
    found = _existing(task)
    if found is None:
        text = f"{task.service.binding_class} has no method {name}: Python answers instead of Go"
        return (Finding("P520", text, path, mends="plan"),)
    exports = _exports(found, task.service.go_name)
    wanted = bindings.export(task)
    if wanted not in exports:
        called = ", ".join(exports) or "no export"
        text = f"{found.name} calls {called}, not {wanted}"
        return (Finding("P521", text, path, found.lineno, next=f"call get_lib().{wanted}"),)
    if not _names(found, task.endpoint.request.name):
        text = f"{found.name} does not make a {task.endpoint.request.name}"
        return (Finding("P522", text, path, found.lineno),)
    return ()


def prove(task: Task) -> tuple[Proof, ...]:
    """ruff's lint and format on the binding's file, with the checkout's own settings."""
    path = task.service.binding
    if waived(task) or path is None:
        return ()
    covers = Covers(files=(path, "pyproject.toml", "ruff.toml", ".ruff.toml"))
    lint = Command((sys.executable, "-m", "ruff", "check", path), why="the binding is lint-clean")
    form = Command(
        (sys.executable, "-m", "ruff", "format", "--check", path), why="the binding is formatted"
    )
    return (
        Proof("ruff check", lint, covers, _read("ruff check")),
        Proof("ruff format", form, covers, _read("ruff format")),
    )


def waived(task: Task) -> str | None:
    """Services without a binding, and endpoints that no SqlAlchemyStore method answers."""
    if task.service.binding is None or task.service.binding_class is None:
        return f"{task.service.go_name} has no binding in this checkout"
    if bindings.method_name(task) is None:
        return f"Python's handler of {task.endpoint} calls no SqlAlchemyStore method"
    return None


STEP = Step("binding", "The Python binding", plan, inspect, prove=prove, waived=waived)


def _read(name: str) -> Callable[[Outcome], Verdict]:
    def verdict(outcome: Outcome) -> Verdict:
        lines = tuple(outcome.output.splitlines()[-20:])
        return Verdict(outcome.ok, name, details=() if outcome.ok else lines)

    return verdict


@functools.lru_cache(maxsize=4)
def _parsed(source: bytes) -> ast.Module:
    return ast.parse(source)


def _owner(task: Task, source: bytes) -> ast.ClassDef:
    path = task.service.binding or ""
    where = task.tree.where(path)
    try:
        tree = _parsed(source)
    except (SyntaxError, ValueError) as error:
        raise SourceError(f"{where} does not parse: {error}", next=f"mend {where}") from error
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == task.service.binding_class:
            return node
    raise SourceError(
        f"no class {task.service.binding_class} in {where}",
        next=f"add the method to the mixin in {where} by hand",
    )


def _existing(task: Task) -> ast.FunctionDef | None:
    """The method of the mixin that answers: the one that calls the export, else the first named."""
    owner = _owner(task, task.tree.read(task.service.binding or "") or b"")
    methods = {n.name: n for n in owner.body if isinstance(n, ast.FunctionDef)}
    named = [methods[name] for name in bindings.method_names(task) if name in methods]
    wanted = bindings.export(task)
    calling = [n for n in named if wanted in _exports(n, task.service.go_name)]
    own = [n for n in named if n.name == bindings.method_name(task)]
    return next(iter([*calling, *own]), None)


def _end(source: bytes, owner: ast.ClassDef) -> int:
    """The offset behind the last line of a class."""
    lines = source.splitlines(keepends=True)
    return sum(len(line) for line in lines[: owner.end_lineno])


def _exports(node: ast.AST, prefix: str) -> list[str]:
    return [
        inner.attr
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute) and inner.attr.startswith(prefix)
    ]


def _names(node: ast.AST, name: str) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id == name for inner in ast.walk(node))
