"""The practice backend under test: made once a run, copied for every test, driven as people do.

Copies stand at one path, one after the other: Go keeps what it compiled by path, so that a fresh
copy costs no fresh build. Tools and compiled code are those of porter's cache; what porter
remembers (proofs, status) starts empty in every run.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from porter.work import cache

PORTER = str(Path(sys.executable).parent / "porter")
SHARED = ("go", "lib", "mage", "practice", "pycache", "tools", "versions")
"""Folders of the cache that hold tools and compiled code, nothing that a test judges."""


@dataclass(frozen=True)
class Backend:
    """A practice backend on disk, and porter started in it as a process."""

    root: Path
    env: dict[str, str]

    def porter(self, *args: str, code: int = 0, **env: str) -> subprocess.CompletedProcess[str]:
        """Run porter without a terminal; the exit code must be `code`."""
        done = subprocess.run(
            [PORTER, *args], cwd=self.root, env={**self.env, **env}, text=True, check=False,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=600,
        )  # fmt: skip
        said = f"porter {' '.join(args)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == code, said
        return done

    def git(self, *args: str) -> str:
        """What a git command says here."""
        return git(self.root, *args)

    def snapshot(self) -> dict[str, tuple[int, str]]:
        """Mode and content of every file of the checkout but git's own and what git ignores."""
        paths = self.git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        return {p: state(self.root / p) for p in paths.split("\0") if p}

    def journal(self) -> dict[str, str]:
        """What porter promises to leave alone: HEAD, the index, the stash and the branches."""
        return {
            "HEAD": (self.root / ".git" / "HEAD").read_text(),
            "index": self.git("ls-files", "--stage"),
            "refs": self.git("for-each-ref", "refs/heads", "refs/stash", "refs/tags"),
            "MLflow": git(self.root / ".mlflow.repo", "rev-parse", "HEAD"),
        }


def git(root: Path, *args: str) -> str:
    """What a git command says in `root`."""
    command = ["git", "-C", str(root), *args]
    return subprocess.run(command, text=True, check=True, capture_output=True).stdout


def state(path: Path) -> tuple[int, str]:
    """A file's mode and a hash of its content; a link's is where it points."""
    if not path.exists() and not path.is_symlink():
        return (0, "missing")
    data = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
    return (path.lstat().st_mode, hashlib.sha256(data).hexdigest())


@pytest.fixture(scope="session")
def practice_home() -> Iterator[Path]:
    """A folder of this run alone, at the same path as that of the last run."""
    clone = cache.digest([str(Path(__file__).resolve())])[:12]
    for number in range(20):
        place = cache.folder("tests", f"{clone}-{number}")
        lock = _locked(place / "lock")
        if lock is not None:
            with lock:
                yield place
            return
    raise AssertionError("twenty test runs at once")


@pytest.fixture(scope="session")
def pristine(practice_home: Path) -> Backend:
    """The backend as `porter demo` makes it. Tests read it; those that write take `backend`."""
    own = practice_home / "cache"
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    for name in SHARED:
        (own / name).symlink_to(cache.folder(name), target_is_directory=True)
    plain = {k: v for k, v in os.environ.items() if k not in ("CI", "VIRTUAL_ENV", "PYTHONPATH")}
    env = {**plain, "TERM": "xterm-256color", "PYTHONDONTWRITEBYTECODE": "1"}
    root = practice_home / "pristine"
    shutil.rmtree(root, ignore_errors=True)
    Backend(practice_home, env).porter("demo", str(root))
    return Backend(root, {**env, "PORTER_CACHE": str(own)})


@pytest.fixture
def backend(pristine: Backend, practice_home: Path) -> Backend:
    """A fresh copy of the backend, git and MLflow included, to do anything to."""
    root = practice_home / "backend"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(pristine.root, root, symlinks=True)
    git(root, "update-index", "--refresh")  # the copies' times are new to it
    return Backend(root, pristine.env)


def _locked(path: Path) -> IO[str] | None:
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
