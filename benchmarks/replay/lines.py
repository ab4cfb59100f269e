"""The lines that a person wrote, and which of them porter wrote too."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

_RUFF = (
    sys.executable, "-m", "ruff", "format", "--config", "format.skip-magic-trailing-comma=true",
)  # fmt: skip
Kinds = Mapping[str, Mapping[str, bytes]]


def added(before: Kinds, after: Kinds, settings: bytes) -> dict[str, Counter[str]]:
    """Lines that a side has more of than the parent, by kind of file, formatters run over both.

    Blanks within a line and at its ends do not count, as aligning is the formatter's work; empty
    lines are left out. A line that moved within its kind is no new one.
    """
    out = {}
    for kind, files in after.items():
        old: Counter[str] = Counter()
        new: Counter[str] = Counter()
        for content in before.get(kind, {}).values():
            old.update(_lines(content, kind, settings))
        for content in files.values():
            new.update(_lines(content, kind, settings))
        out[kind] = new - old
    return out


@functools.lru_cache(maxsize=4096)
def _lines(content: bytes, kind: str, settings: bytes) -> tuple[str, ...]:
    done = _ruffed(content, settings) if kind == "binding" else _gofmted(content)
    rows = (" ".join(row.split()) for row in done.decode("utf-8", "replace").splitlines())
    return tuple(row for row in rows if row)


def _gofmted(content: bytes) -> bytes:
    program = shutil.which("gofmt")
    if program is None:
        return content
    done = subprocess.run([program], input=content, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else content


def _ruffed(content: bytes, settings: bytes) -> bytes:
    """Formatted with the checkout's own settings (its pyproject.toml).

    A trailing comma does not keep a call over several lines: how a call is broken is formatting.
    """
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pyproject.toml").write_bytes(settings)
        done = subprocess.run(
            [*_RUFF, "--stdin-filename", f"{folder}/a.py", "-"],
            input=content, capture_output=True, check=False, cwd=folder,
        )  # fmt: skip
    return done.stdout if done.returncode == 0 else content
