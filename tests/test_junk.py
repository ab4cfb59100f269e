"""What `check` calls junk, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import garden
import pytest

from porter.check.junk import junk
from porter.errors import UsageError
from porter.work.changes import Uncommitted, since


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


def test_changes_since_a_commit(tmp_path: Path) -> None:
    garden.write(tmp_path, {"kept": b"1", "edited": b"1", "gone": b"1"})
    garden.commit(tmp_path)
    garden.write(tmp_path, {"edited": b"2", "new": b"3"})
    (tmp_path / "gone").unlink()
    before = garden.contents(tmp_path)
    found = {c.path: (c.before, c.after) for c in since(tmp_path)}
    assert found == {"edited": (b"1", b"2"), "new": (None, b"3")}
    assert garden.contents(tmp_path) == before
    with pytest.raises(UsageError, match="knows no commit nowhere"):
        since(tmp_path, "nowhere")
