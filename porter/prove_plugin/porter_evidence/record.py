"""What was seen, counted per test and phase, and written as JSON lines."""

from __future__ import annotations

import json
import threading
from collections import Counter
from pathlib import Path
from typing import Any


class Recorder:
    """Counts calls of the test that runs now. Threads may report at any time."""

    def __init__(self, path: str) -> None:
        self.phase = "collect"
        self._id = ""
        self._lock = threading.Lock()
        self._exports: Counter[tuple[str, str]] = Counter()
        self._answers: Counter[tuple[str, str, str]] = Counter()
        self._proxied: Counter[tuple[str, str]] = Counter()
        self._behind = False
        self._out = Path(path).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as the run

    def called(self, export: str) -> None:
        """An export of the Go library is being called."""
        with self._lock:
            self._exports[export, self.phase] += 1

    def answered(self, method: str, path: str, server: str) -> None:
        """A client in this process got an answer; `server` is its Server header."""
        with self._lock:
            self._answers[method, path, server] += 1

    def proxied(self, method: str, path: str) -> None:
        """The Go server handed a request on to the Python server."""
        with self._lock:
            self._proxied[method, path] += 1

    def listening(self) -> None:
        """From now on a listener stands between the Go server and the Python server."""
        self._behind = True

    def begin(self, nodeid: str) -> None:
        """A test starts."""
        with self._lock:
            self._id = nodeid
            for counter in (self._exports, self._answers, self._proxied):
                counter.clear()
        self.write({"event": "start", "id": nodeid})

    def end(self, outcome: str, seconds: float, errors: list[dict[str, Any]]) -> None:
        """The test is over."""
        with self._lock:
            line = {
                "event": "test",
                "id": self._id,
                "outcome": outcome,
                "seconds": round(seconds, 3),
                "exports": [[*key, n] for key, n in sorted(self._exports.items())],
                "answers": [[*key, n] for key, n in sorted(self._answers.items())],
                "proxied": [[*key, n] for key, n in sorted(self._proxied.items())],
                "listener": self._behind,
                "errors": errors,
            }
            self._id, self.phase = "", "between"
        self.write(line)

    def write(self, line: dict[str, Any]) -> None:
        """One line, on disk at once: the process may not live to write another."""
        with self._lock:
            self._out.write(json.dumps(line) + "\n")
            self._out.flush()
