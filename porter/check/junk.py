"""Files that get committed with ports by accident: databases, results, other line endings."""

from __future__ import annotations

import re
from collections.abc import Iterable

from porter.core.finding import Finding
from porter.work.changes import Uncommitted

SQLITE = b"SQLite format 3\0"
# Names under which such files were committed in the history of mlflow-go, and their kin.
LEFTOVER = re.compile(
    r"(^|/)(results?(\.\w+)?\.(txt|xml|json)|[^/]*\.(db|sqlite3?|log|prof|test|out|orig|rej|so|dll|"
    r"dylib)|:memory:|mlruns/.*|nohup\.out|core)$"
)
EXECUTABLE = (b"\x7fELF", b"MZ\x90", b"\xcf\xfa\xed\xfe")


def junk(changes: Iterable[Uncommitted]) -> tuple[Finding, ...]:
    """A finding for every changed file that hardly belongs in a port."""
    return tuple(finding for change in changes if (finding := _judge(change)) is not None)


def _judge(change: Uncommitted) -> Finding | None:
    if change.after.startswith(SQLITE):
        return _error("P601", "a database", change)
    if change.after.startswith(EXECUTABLE):
        return _error("P601", "a binary", change)
    if change.before is None and LEFTOVER.search(change.path):
        return _error("P601", "a result or log of a run", change)
    if b"\r\n" in change.after and not (change.before and b"\r\n" in change.before):
        line = change.after[: change.after.index(b"\r\n")].count(b"\n") + 1
        text = "has CRLF line endings, which this file did not have before"
        if change.before is None:
            text = "is new and has CRLF line endings"
        return Finding(
            "P602", text, change.path, line, next=f"convert it: sed -i 's/\\r$//' {change.path}"
        )
    return None


def _error(code: str, what: str, change: Uncommitted) -> Finding:
    move = f"delete it, or add it to .gitignore: {change.path}"
    return Finding(code, f"{what} among the changes", change.path, next=move)
