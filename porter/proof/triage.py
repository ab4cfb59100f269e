"""What a failed test says: one of a few kinds, each with its next move.

The order of the kinds matters: what makes a test meaningless (no library, no server, a stub, a
failure on Python too) comes first; two texts or codes that differ speak for themselves; only what
is left is laid to what the test does to Python alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from porter.core.question import Evidence
from porter.core.task import Task
from porter.proof import origins
from porter.proof.biased import Bias, bias_of
from porter.proof.report import Failure, Ran
from porter.proof.texts import Compared, compared

Kind = Literal[
    "library", "server", "stub", "plain", "patched", "entity", "memory", "code", "text",
    "accepted", "other",
]  # fmt: skip

TITLES: dict[Kind, str] = {
    "library": "the library is stale or the export is missing",
    "server": "the server did not come up, or not for long",
    "stub": "the SQL method is still a stub",
    "plain": "fails on plain Python too",
    "patched": "changes Python only, and Go does not see it",
    "entity": "builds an entity that cannot become a proto",
    "memory": "uses a database in memory, which Go cannot share",
    "code": "the error code differs",
    "text": "the error text differs",
    "accepted": "Go accepts what Python rejects",
    "other": "the outcome differs",
}


_NO_LIBRARY = re.compile(
    r"function/symbol '\w+' not found|has no function, constant|undefined symbol"
    r"|cannot load library|dlopen"
)
_REFUSED = re.compile(r"too many (5\d\d) error responses")
_NO_SERVER = re.compile(
    r"address already in use|Port \d+ is in use|Failed to connect on |server did not start"
    r"|Non-zero exit code|Max retries exceeded with url[^\n]*Connection refused"
)


@dataclass(frozen=True, slots=True)
class Triaged:
    """A failed test and what kind of failure it is.

    `expected` and `actual` are the texts or codes that differ; `python` is where Python makes the
    expected one; `bias` what the test does that Go cannot follow.
    """

    test: str
    kind: Kind
    text: str
    next: str
    place: Evidence | None = None
    expected: str = ""
    actual: str = ""
    python: tuple[Evidence, ...] = ()
    bias: Bias | None = None
    again: str = ""

    @property
    def title(self) -> str:
        """The kind in words."""
        return TITLES[self.kind]


def triage(task: Task, test: Ran, *, plain: bool | None = None, again: str = "") -> Triaged:
    """Sort a failed test. `plain`: whether it also fails on plain Python, None where unknown."""
    failure = test.failures[0] if test.failures else Failure("call")
    found = _sorted(task, test, failure, plain=plain)
    return replace(found, place=_place(task, failure), again=again)


def _sorted(task: Task, test: Ran, failure: Failure, *, plain: bool | None) -> Triaged:
    name = task.spelling
    said = "\n".join([f"{failure.type}: {failure.message}", *failure.chain])
    if kind := _unusable(failure, said):
        moves = {
            "library": f"compare the name in the binding with {_export(task)}; mage generate",
            "server": "run it again; a port was taken or the server died (see the log)",
            "stub": "porter brief " + name,
        }
        return Triaged(test.id, kind, _last(said), moves[kind])
    if plain:
        move = "not the port's fault: compare the MLflow checkout with .mlflow.ref"
        return Triaged(test.id, "plain", _last(said), move)
    if refused := _REFUSED.search(said):
        text = f"Go answered with status {refused[1]}, and the client gave up"
        return Triaged(test.id, "code", text, f"porter brief {name} has each error with its code")
    bias, difference = _biased(task, test, failure), compared(failure)
    if difference and difference.kind != "raises":
        return replace(_compared(task, test, difference), bias=bias)
    if bias is not None:
        move = "take the override below into the checkout, and the issue to MLflow"
        return Triaged(test.id, bias.kind, bias.text, move, bias=bias)
    if difference is not None:
        return _compared(task, test, difference)
    return Triaged(test.id, "other", _last(said), f"porter brief {name}")


def _unusable(failure: Failure, said: str) -> Kind | None:
    """Failures in which Go never had its say."""
    missing = failure.type == "AttributeError" and re.fullmatch(r"\w+Service\w+", failure.message)
    if missing or _NO_LIBRARY.search(said):
        return "library"
    taken = "bind: address already in use" in failure.output and failure.phase == "setup"
    if taken or _NO_SERVER.search(said):
        return "server"
    return "stub" if re.search(r"\bnot implemented\b", said, re.IGNORECASE) else None


def _biased(task: Task, test: Ran, failure: Failure) -> Bias | None:
    bias = bias_of(task, test.function)
    if bias is not None and bias.kind == "entity" and not _in_conversion(failure):
        return None
    if bias is None and _in_conversion(failure):
        return bias_of(task, test.function, conversion=_last(failure.message))
    return bias


def _in_conversion(failure: Failure) -> bool:
    """Whether a value could not be put into a proto message, on Python's side of the binding."""
    if failure.type not in ("TypeError", "ValueError", "AttributeError"):
        return False
    deep = " ".join(failure.places[-3:])
    return "to_proto" in failure.text or "_pb2" in deep or "/store/" in deep


def _compared(task: Task, test: Ran, found: Compared) -> Triaged:
    """The kinds that a comparison makes, with the line of Python that the expected text is from."""
    expected, actual = found.expected, found.actual
    python = origins.of_text(task, expected) if expected and found.kind != "code" else ()
    match found.kind:
        case "code":
            text = f"{actual} instead of {expected}"
            move = f"return ErrorCode_{expected} in Go where Python does"
        case "text":
            text = ""
            move = f"give the text as {python[0]} has it" if python else "give Python's text"
        case "raises":
            text = "nothing was raised"
            move = f"porter infer {task.spelling} shows what Python checks"
    kind: Kind = "accepted" if found.kind == "raises" else found.kind
    return Triaged(test.id, kind, text, move, expected=expected, actual=actual, python=python)


def _export(task: Task) -> str:
    return f"{task.service.go_name}{task.endpoint.method}"


def _place(task: Task, failure: Failure) -> Evidence | None:
    """The line of the test tree that failed, as a person knows it."""
    home = f"/{task.layout.mlflow_repo or '.'}/tests/"
    for place in reversed(failure.places):
        at = place.find(home)
        if at >= 0:
            path, _, line = place[at + 1 :].rpartition(":")
            inner = path.removeprefix(f"{task.layout.mlflow_repo}/")
            lines = (task.mlflow.read(inner) or b"").decode("utf-8", "replace").splitlines()
            number = int(line) if line.isdigit() else 1
            text = lines[number - 1].strip() if number <= len(lines) else ""
            return Evidence(path, number, text)
    return None


def _last(text: str) -> str:
    """The first line that says something, shortened."""
    lines = [line.strip() for line in text.splitlines() if line.strip(" :")]
    first = lines[0] if lines else "no message"
    return first if len(first) <= 200 else f"{first[:197]}..."
