"""The hands on a real checkout: snapshots show nowhere, and undo gives back every byte."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from porter.core.plan import Change, Plan
from porter.work import history
from porter.work.checkout import Disk, apply, find_root
from porter.work.undo import undo

TAG = "MlflowService/deleteTag"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    target = os.environ.get("PORTER_TARGET")
    if not target:
        pytest.skip("PORTER_TARGET names no checkout of mlflow-go")
    copy = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--shared", target, str(copy)], check=True)
    return copy


def state(root: Path, *, of_git: bool) -> dict[str, bytes]:
    own = ("objects", "porter", "worktree")
    return {
        str(p.relative_to(root)): p.read_bytes()
        for p in root.rglob("*")
        if p.is_file() and (".git" in p.relative_to(root).parts) is of_git
        and not set(own) & set(p.relative_to(root).parts)
    }  # fmt: skip


@pytest.mark.target
def test_a_step_and_its_undo(clone: Path) -> None:
    root = find_root(clone)
    tree, of_git = state(root, of_git=False), state(root, of_git=True)
    disk = Disk(root)
    files = disk.files("", ".go", deep=True)[:40]
    changes = tuple(Change(path, disk.read(path), b"// changed\n") for path in files)
    before = history.begin(root, (TAG,), "enable")
    apply(root, Plan((*changes, Change("new/made.go", None, b"package made\n"))))
    recorded = history.finish(root, before)
    assert set(recorded.paths) == {*files, "new/made.go"}
    undo(root, TAG)
    assert state(root, of_git=False) == tree
    assert state(root, of_git=True) == of_git
    assert not (root / "new").exists()
