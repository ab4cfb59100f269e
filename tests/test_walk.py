"""The whole walk on the practice backend, through the command line, without a terminal."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from practice import Backend, state

pytestmark = pytest.mark.go

EXAMPLE = "deleteTag"
DONE = dict.fromkeys(
    ("enable", "validate", "service", "store", "mocks", "binding", "unit_tests", "implement",
     "python_tests"),
    "ok",
)  # fmt: skip
PAUSED = {**DONE, "implement": "YOU", "python_tests": "wait"}


def cells(document: str) -> dict[str, str]:
    """Step → state of the one endpoint in the JSON of `start`."""
    ((_, rows),) = json.loads(document)["steps"].items()
    return {row["step"]: row["state"] for row in rows}


def take_back(backend: Backend, endpoint: str) -> list[str]:
    """Undo until nothing is left; the steps taken back. A person's edits are taken back first."""
    taken = []
    while True:
        done = subprocess_undo(backend, endpoint)
        if done.returncode == 0:
            taken.append(done.stdout.split()[1])
        elif edited := re.search(r"next: git -C \S+ diff (\w+) -- (\S+), then", done.stderr):
            commit, path = edited.groups()
            backend.git("restore", "--worktree", f"--source={commit}", "--", path)
        else:
            assert "nothing to undo" in done.stderr, done.stderr
            assert done.returncode == 2
            return taken


def subprocess_undo(backend: Backend, endpoint: str) -> subprocess.CompletedProcess[str]:
    """`porter undo`, whatever its exit code."""
    for code in (0, 1, 2):
        try:
            return backend.porter("undo", endpoint, code=code)
        except AssertionError:
            if code == 2:
                raise
    raise AssertionError


def test_from_start_to_green_and_back(backend: Backend) -> None:
    before, journal = backend.snapshot(), backend.journal()

    paused = backend.porter("start", EXAMPLE, "--no-input", "--json", code=3)
    assert cells(paused.stdout) == PAUSED
    red = json.loads(backend.porter("check", EXAMPLE, "--json", code=1).stdout)
    assert "P801" in {finding["code"] for finding in red["findings"]}, "the stub is found"

    backend.porter("demo", "--solve")
    green = backend.porter("start", EXAMPLE, "--no-input", code=0).stdout
    reached = re.search(r"(\d+) ran, (\d+) reached Go \((\d+) FFI, (\d+) HTTP\)", green)
    assert reached, green
    assert all(int(count) > 0 for count in reached.groups())

    solved = backend.snapshot()
    again = backend.porter("start", EXAMPLE, "--no-input", "--json", code=0)
    assert cells(again.stdout) == DONE
    assert "$ " not in again.stderr, "nothing ran again: what is proven is remembered"
    backend.porter("check", EXAMPLE, code=0)
    assert backend.snapshot() == solved

    taken = take_back(backend, EXAMPLE)
    assert taken == ["binding", "mocks", "store", "service", "validate", "enable"]
    assert backend.snapshot() == before
    assert backend.journal() == journal
    assert backend.git("status", "--short") == ""


def test_check_writes_nothing(backend: Backend) -> None:
    backend.porter("start", EXAMPLE, "--no-input", "--until", "service")
    before = everything(backend.root)
    backend.porter("check", EXAMPLE, code=1)
    assert everything(backend.root) == before


def everything(root: Path) -> dict[str, tuple[int, str, int]]:
    """Mode, content and time of all files, git's too, less porter's own folder."""
    own = root / ".git" / "porter"
    paths = [p for p in root.rglob("*") if own not in (p, *p.parents) and not p.is_dir()]
    return {str(p): (*state(p), p.lstat().st_mtime_ns) for p in paths}


def test_two_endpoints_share_commands_and_undo(backend: Backend) -> None:
    before = backend.snapshot()
    pair = (EXAMPLE, "setExperimentTag")
    done = backend.porter("start", *pair, "--no-input", "--until", "mocks")
    commands = re.findall(r"\$ (mage generate|go generate|go vet|go build)\b", done.stderr)
    assert commands == ["mage generate", "mage generate", "go build", "go generate", "go vet"]
    for endpoint in pair:
        rows = re.findall(rf"^ \d \w+ +ok +{endpoint}\b", done.stdout, re.MULTILINE)
        assert len(rows) == 5, done.stdout

    undone = backend.porter("undo", EXAMPLE).stdout.splitlines()[0]
    assert undone.startswith(f"{EXAMPLE}: mocks taken back")
    assert undone.endswith("also MlflowService/setExperimentTag"), "it says who else loses it"
    assert take_back(backend, "setExperimentTag") == ["store", "service", "validate", "enable"]
    assert backend.snapshot() == before


def test_a_go_test_is_written_once(backend: Backend) -> None:
    """Written and green; taken back with its step; not offered again to a person who removed it."""
    test = backend.root / "pkg/tracking/service/traces_test.go"
    start = ("start", "deleteTraces", "--no-input", "--until", "unit_tests")
    wrote = backend.porter(*start)
    assert "write a table test of it? → yes" in wrote.stdout
    content = test.read_text()
    assert content.count("func TestDeleteTraces") == 1

    undone = backend.porter("undo", "deleteTraces").stdout
    assert undone.startswith("deleteTraces: unit_tests taken back") and not test.exists()

    backend.porter(*start)
    assert test.read_text() == content
    test.unlink()
    again = backend.porter(*start)
    assert not test.exists() and "table test" not in again.stdout
