"""Scratch trees: a clone at a port's parent with the right MLflow beside it, and its own ref."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from porter.work.git import IDENTITY, git, must
from replay.objects import Repository

_PYTHON = (".py", ".proto")


def scratch(target: Repository, parent: str, mlflow: Repository, commit: str, place: Path) -> Path:
    """A fresh clone of `target` at `parent` in `place`, `.mlflow.repo` at `commit`.

    Its `.mlflow.ref` names that very commit and is committed, so that generating moves nothing.
    Of MLflow only the Python and the protos of its package are written out.
    """
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    must(place.parent, "clone", "-q", "--shared", "--no-checkout", _at(target), str(place))
    must(place, "update-ref", "--no-deref", "HEAD", parent)
    must(place, "read-tree", parent)
    _forget(place, _absent(place))
    must(place, "checkout-index", "-a", "-f", "-q")
    beside = place / ".mlflow.repo"
    must(place, "clone", "-q", "--shared", "--no-checkout", _at(mlflow), str(beside))
    must(beside, "update-ref", "--no-deref", "HEAD", commit)
    must(beside, "read-tree", commit)
    listed = must(beside, "ls-files", "-z", "mlflow").out.split(b"\0")
    wanted = [path for path in listed if path.endswith(tuple(s.encode() for s in _PYTHON))]
    must(beside, "checkout-index", "-f", "-z", "--stdin", stdin=b"\0".join([*wanted, b""]))
    (place / ".mlflow.ref").write_text(f"{_at(mlflow)}#{commit}", encoding="utf-8")
    must(place, "add", "-f", ".mlflow.ref", env=IDENTITY)
    git(place, "commit", "-q", "--no-verify", "-m", "a ref of its own", env=IDENTITY)
    return place


def _absent(tree: Path) -> list[bytes]:
    """The paths whose content the history lacks: large files may have been left out of a copy."""
    rows = [row for row in must(tree, "ls-files", "-s", "-z").out.split(b"\0") if row]
    blobs = [row.split()[1] for row in rows]
    asked = must(tree, "cat-file", "--batch-check", stdin=b"\n".join([*blobs, b""])).out
    known = asked.splitlines()
    return [r.partition(b"\t")[2] for r, k in zip(rows, known, strict=True) if b" blob " not in k]


def _forget(tree: Path, paths: list[bytes]) -> None:
    listed = b"\0".join([*paths, b""]) if paths else b""
    must(tree, "update-index", "--force-remove", "-z", "--stdin", stdin=listed)


def changed(tree: Path) -> dict[str, bytes | None]:
    """What differs from the commit in a work tree, whole; None for a file that is gone."""
    rows = must(tree, "status", "--porcelain", "-z", "-uall", "--no-renames").out.split(b"\0")
    paths = [os.fsdecode(row[3:]) for row in rows if row]
    return {p: (tree / p).read_bytes() if (tree / p).is_file() else None for p in paths}


def state(tree: Path) -> str:
    """A name for the content of a work tree, its index left alone."""
    with tempfile.TemporaryDirectory() as folder:
        env = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
        must(tree, "read-tree", "HEAD", env=env)
        must(tree, "add", "-A", env=env)
        return must(tree, "write-tree", env=env).text


def restore(tree: Path) -> None:
    """Back to the commit; ignored files (`.mlflow.repo`) stay."""
    must(tree, "checkout", "-q", "-f", "HEAD")
    must(tree, "clean", "-qfd")


def _at(repository: Repository) -> str:
    return str(repository.root.resolve())
