"""Tests that Go cannot pass because they reach into Python: the override, and the issue to file.

Seen in the checkout's own overrides: a changed environment, patched internals, entities that
cannot become a proto, databases in memory.
"""

from __future__ import annotations

import ast
import posixpath
from dataclasses import dataclass
from typing import Literal

from porter.core.question import Evidence
from porter.core.task import Task
from porter.source.mlflow import Function, tests_index
from porter.source.mlflow.bodies import body
from porter.source.mlflow.tests_index import Test

_PATCHES = ("setenv", "delenv", "setattr", "setitem")
_MEMORY = ("sqlite://", "sqlite:///:memory:", "sqlite:////:memory:")


@dataclass(frozen=True, slots=True)
class Bias:
    """What a test does to Python alone, where, and what would take it out of the way."""

    kind: Literal["patched", "entity", "memory"]
    text: str
    place: Evidence
    entry: str
    """The entry for the list in conftest.py."""
    file: str
    function: str
    """The function to put into `file`."""
    title: str
    issue: str
    """Title and text of the issue for MLflow."""


def bias_of(task: Task, function: str, *, conversion: str = "") -> Bias | None:
    """The bias of a test (id without parameters), or None. `conversion` is the message of a value
    that could not become a proto.
    """
    path = function.partition("::")[0]
    test = next((t for t in tests_index.tests(task.mlflow, path) if t.id == function), None)
    if test is None:
        return None
    assert isinstance(test.found.node, Function)
    for call in body(test.found.node).calls:
        place = Evidence(_known(task, test), call.line, test.found.module.line(call.line))
        if call.receiver == "monkeypatch" and call.name in _PATCHES:
            return _bias(task, test, "patched", f"monkeypatch.{call.name}", place)
        if call.name == "patch" or call.receiver.endswith("patch"):
            return _bias(task, test, "patched", "mock.patch", place)
    for text in body(test.found.node).texts:
        if text.value in _MEMORY:
            place = Evidence(_known(task, test), text.line, test.found.module.line(text.line))
            return _bias(task, test, "memory", text.value, place)
    if conversion:
        place = Evidence(_known(task, test), test.line, test.found.evidence.text)
        return _bias(task, test, "entity", conversion, place)
    return None


def _bias(
    task: Task, test: Test, kind: Literal["patched", "entity", "memory"], what: str, place: Evidence
) -> Bias:
    reason = {
        "patched": f"{what} changes Python only",
        "entity": f"the value cannot become a proto ({what})",
        "memory": f"{what} lives in Python's memory",
    }[kind]
    dotted = f"{test.path.removesuffix('.py').replace('/', '.')}.{test.name}"
    file = _file(task, test)
    replaced = tests_index.overridden(task.tree)
    if replaced and set(replaced.values()) == {"conftest.py"}:
        file = "conftest.py"
    entry = _entry(reason, dotted, test.name, file)
    return Bias(
        kind, reason, place, entry, file, _function(test),
        f"{test.name} cannot be run against another store implementation",
        _issue(test, reason, place),
    )  # fmt: skip


def _entry(reason: str, dotted: str, name: str, file: str) -> str:
    """The lines for conftest.py, as it writes them."""
    comment = f"# {reason}: the Go library never sees it.\n"
    if file == "conftest.py":
        return f'    {comment}    patch("{dotted}", {name}).start()\n'
    lines = f'        (\n            "{dotted}",\n            "{file}",\n        ),\n'
    return f"        {comment}{lines}"


def _known(task: Task, test: Test) -> str:
    """The test's file as a person finds it from the checkout."""
    return f"{task.layout.mlflow_repo}/{test.path}".lstrip("/")


def _file(task: Task, test: Test) -> str:
    """The file in which the checkout replaces tests of this module, else one named after it."""
    module = test.path.removesuffix(".py").replace("/", ".")
    for name, path in tests_index.overridden(task.tree).items():
        if name.startswith(f"{module}."):
            return path
    return f"tests/override_{posixpath.basename(test.path)}"


def _function(test: Test) -> str:
    """A test of the same name and fixtures that does nothing: the habit of the checkout."""
    node = test.found.node
    assert isinstance(node, Function)
    return f"def {test.name}({ast.unparse(node.args)}):\n    ()\n"


def _issue(test: Test, reason: str, place: Evidence) -> str:
    return (
        f"`{test.id}` ties the behaviour it checks to the Python implementation: {reason} "
        f"(line {place.line}: `{place.text}`).\n\n"
        "A store that is implemented in another language and sits behind the same Python class "
        "cannot pass it, although it behaves as the test wants. Could the test set this up through "
        "the store or the request, or ask `_MLFLOW_GO_STORE_TESTING` as others do?\n"
    )
