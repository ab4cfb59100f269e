"""How a test failed, told so that a reader who was not there can sort it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_LONGEST = 8000


def told(report: Any, excinfo: Any) -> dict[str, Any]:
    """The phase, the exception, its message and cause, and the place in the test."""
    if excinfo is None:
        return {"phase": report.when, "type": "", "text": shortened(str(report.longrepr))}
    error = excinfo.value
    return {
        "phase": report.when,
        "type": type(error).__name__,
        "message": shortened(str(error)),
        "code": str(getattr(error, "error_code", "") or ""),
        "chain": [shortened(f"{type(e).__name__}: {e}") for e in _causes(error)],
        "places": [place for place in map(_place, excinfo.traceback) if place][-12:],
        "text": shortened(str(report.longrepr)),
        "output": shortened(report.caplog + report.capstderr + report.capstdout),
    }


def shortened(text: str) -> str:
    """The text, its middle left out where it is very long."""
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[:half]}\n[...]\n{text[-half:]}"


def _place(entry: Any) -> str:
    path = str(entry.path).replace("\\", "/")
    return "" if "/_pytest/" in path or "/pluggy/" in path else f"{path}:{entry.lineno + 1}"


def _causes(error: Any) -> Iterator[BaseException]:
    seen = 0
    while error is not None and seen < 5:
        error, seen = error.__cause__ or error.__context__, seen + 1
        if error is not None:
            yield error
