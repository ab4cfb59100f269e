"""What the witness in the checkout's pytest wrote, as values: one JSON object a line.

The lines are those of `porter/prove_plugin`. A run that died leaves a report without an end, and a
test that started and never ended; both are told, never guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

OK = ("passed", "xfailed")
BAD = ("failed", "error")


@dataclass(frozen=True, slots=True)
class Failure:
    """How a test failed in one phase: the exception, where, and what the test printed."""

    phase: str
    type: str = ""
    message: str = ""
    code: str = ""
    chain: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    text: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Requests of a client to one path: how many, and who signed the answers."""

    method: str
    path: str
    server: str
    count: int


@dataclass(frozen=True, slots=True)
class Ran:
    """One test: how it ended and what it set off.

    `exports` counts the calls of Go exports by name and phase, `answers` what clients were
    answered, `proxied` what the Go server handed on. `listener`: something listened between the
    Go server and the Python server.
    """

    id: str
    outcome: str
    seconds: float = 0.0
    exports: tuple[tuple[str, str, int], ...] = ()
    answers: tuple[Answer, ...] = ()
    proxied: tuple[tuple[str, str, int], ...] = ()
    listener: bool = False
    failures: tuple[Failure, ...] = ()

    def called(self, export: str) -> int:
        """How often the Go export was called, in all phases."""
        return sum(count for name, _, count in self.exports if name == export)

    @property
    def function(self) -> str:
        """The id without its parameters."""
        return self.id.partition("[")[0]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run. `code` None: pytest never came to its end; `died_in` the test it was in."""

    collected: tuple[str, ...] = ()
    uncollected: tuple[tuple[str, str], ...] = ()
    ran: tuple[Ran, ...] = ()
    died_in: str | None = None
    code: int | None = None
    loaded: tuple[str, ...] = ()
    damaged: int = field(default=0)
    """Lines that could not be read: a process that dies may leave half a line."""

    @property
    def passed(self) -> tuple[Ran, ...]:
        """The tests that ran to a good end."""
        return tuple(test for test in self.ran if test.outcome in OK)

    @property
    def failed(self) -> tuple[Ran, ...]:
        """The tests that failed, fixtures included."""
        return tuple(test for test in self.ran if test.outcome in BAD)


def read(text: str) -> Report:
    """The report in the text of one or several files of the witness."""
    collected: list[str] = []
    uncollected, ran, loaded, codes = [], [], [], []
    open_tests: list[str] = []
    damaged = sessions = 0
    for line in _lines(text):
        match line:
            case {"event": "collected", "ids": [*ids]}:
                sessions += 1
                collected += [str(each) for each in ids if each not in collected]
            case {"event": "uncollected", "id": str(where), "text": str(why)}:
                uncollected.append((where, why))
            case {"event": "start", "id": str(where)}:
                open_tests.append(where)
            case {"event": "test", "id": str(where)}:
                if where in open_tests:
                    open_tests.remove(where)
                ran.append(_ran(line))
            case {"event": "finish", "code": int(code)}:
                codes.append(code)
                loaded += [str(each) for each in line.get("loaded", ())]
            case _:
                damaged += 1
    return Report(
        tuple(collected), tuple(uncollected), tuple(ran),
        open_tests[-1] if open_tests else None,
        max(codes) if codes and len(codes) >= sessions and not open_tests else None,
        tuple(dict.fromkeys(loaded)), damaged,
    )  # fmt: skip


def _lines(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            value = None
        yield value if isinstance(value, dict) else {}


def _ran(line: dict[str, Any]) -> Ran:
    return Ran(
        _within_mlflow(str(line["id"])),
        str(line.get("outcome", "unrun")),
        float(line.get("seconds", 0.0)),
        tuple((str(n), str(p), int(c)) for n, p, c in line.get("exports", ())),
        tuple(Answer(str(m), str(p), str(s), int(c)) for m, p, s, c in line.get("answers", ())),
        tuple((str(m), str(p), int(c)) for m, p, c in line.get("proxied", ())),
        bool(line.get("listener")),
        tuple(_failure(each) for each in line.get("errors", ())),
    )


def _within_mlflow(where: str) -> str:
    """An id relative to MLflow's tree, wherever pytest found its root."""
    at = where.partition("::")[0].find("/tests/")
    return where if where.startswith("tests/") or at < 0 else where[at + 1 :]


def _failure(line: dict[str, Any]) -> Failure:
    texts = {key: str(line.get(key, "")) for key in ("phase", "type", "message", "code", "text")}
    return Failure(
        **texts,
        chain=tuple(str(each) for each in line.get("chain", ())),
        places=tuple(str(each) for each in line.get("places", ())),
        output=str(line.get("output", "")),
    )
