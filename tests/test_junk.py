"""What `check` calls junk, and what it leaves alone."""

from __future__ import annotations

import pytest

from porter.check.junk import junk
from porter.work.changes import Uncommitted


@pytest.mark.parametrize(
    ("path", "before", "after", "code"),
    [
        ("mlflow.db", None, b"SQLite format 3\0...", "P601"),
        ("data", None, b"SQLite format 3\0...", "P601"),
        ("pkg/lib/lib", None, b"\x7fELF...", "P601"),
        ("results.txt", None, b"214 passed", "P601"),
        (":memory:", None, b"", "P601"),
        ("pkg/a.go", b"a\n", b"a\r\nb\r\n", "P602"),
        ("pkg/new.go", None, b"a\r\n", "P602"),
        ("pkg/a.go", b"a\r\n", b"a\r\nb\r\n", None),
        ("pkg/a.go", b"a\n", b"a\nb\n", None),
        ("pkg/core/a.go", None, b"a\n", None),
        ("docs/results.md", None, b"a\n", None),
    ],
)
def test_junk(path: str, before: bytes | None, after: bytes, code: str | None) -> None:
    found = junk([Uncommitted(path, before, after)])
    assert [f.code for f in found] == ([code] if code else [])
    assert all(f.file == path and f.next for f in found)
