"""Making the practice backend on disk: its MLflow, its Python environment, its first commit."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from porter.core.command import Command
from porter.core.report import Sink
from porter.errors import EnvironmentFault, UsageError
from porter.work import cache, commands
from porter.work.files import make_folders, remove_folders, undisturbed, write_whole
from porter.work.git import IDENTITY, must
from porter.work.wheels import download, unpack

# One date for all, so that the same files make the same commit everywhere.
_DATE = {"GIT_AUTHOR_DATE": "2024-10-30T00:00:00Z", "GIT_COMMITTER_DATE": "2024-10-30T00:00:00Z"}


def files_below(folder: Path) -> Iterable[tuple[str, bytes]]:
    """Relative paths and contents of a folder's files, without what Python left there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder).as_posix(), path.read_bytes()


@contextmanager
def whole(folder: Path) -> Iterator[None]:
    """A folder that is new or empty, to be filled or left as it was: what is cut off is deleted.

    Raises UsageError where something is in it.
    """
    new = not folder.exists()
    if not new and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty", next="name a new folder: porter demo DIR")
    try:
        yield
    except BaseException:
        with undisturbed():
            for entry in folder.iterdir() if folder.exists() else ():
                if entry.is_dir() and not entry.is_symlink():
                    shutil.rmtree(entry, ignore_errors=True)
                else:
                    entry.unlink(missing_ok=True)
            if new:
                remove_folders([folder])
        raise


def lay_out(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files into a folder."""
    try:
        for path, content in files:
            make_folders((folder / path).parent)
            write_whole(folder / path, content)
    except OSError as error:
        raise EnvironmentFault(
            f"{folder} cannot be written: {error.strerror}", next="name another folder"
        ) from error


def mlflow_origin(requirement: str, tests: Path, sink: Sink) -> tuple[Path, str]:
    """A git repository with that MLflow wheel and our tests in it, and its commit.

    It is made once per content, in the cache: `.mlflow.ref` names it, and the checkout's own
    copy does not need it again.
    """
    ours = list(files_below(tests))
    key = cache.digest([requirement, *(part for path, data in ours for part in (path, data))])
    place = cache.folder("practice") / f"mlflow-{key[:12]}"
    if not (place / ".git").is_dir():
        work = Path(tempfile.mkdtemp(prefix="new-", dir=place.parent))
        try:
            sink(f"fetching {requirement}")
            unpack(download(requirement, work, sink), work)
            for info in work.glob("*.dist-info"):
                shutil.rmtree(info)
            lay_out(work / "tests", ours)
            commit(work, f"{requirement} with tests of porter's", everything=True)
            work.rename(place)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return place, must(place, "rev-parse", "HEAD").text


def commit(root: Path, message: str, *, everything: bool = False) -> None:
    """Make `root` a repository where it is none, and commit what is in it."""
    if not (root / ".git").exists():
        must(root, "init", "-q", "-b", "main", ".")
    must(root, "add", "-A", *(["-f"] if everything else []), ".")
    must(
        root, "-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null",
        "commit", "-q", "--allow-empty", "-m", message, env={**IDENTITY, **_DATE},
    )  # fmt: skip


def python_environment(root: Path, requirements: str, sink: Sink) -> None:
    """`.venv` in the checkout, a link to one in the cache that is made once per requirements."""
    text = (root / requirements).read_bytes()
    key = cache.digest([text, sys.version])[:12]
    place = cache.folder("practice") / f"python-{key}"
    python = place / "bin" / "python"
    if not (place / ".complete").exists():
        shutil.rmtree(place, ignore_errors=True)
        sink(f"making a Python environment for MLflow ({requirements})")
        env = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
        for argv in _make_environment(place, python, root / requirements):
            outcome = commands.run(Command(argv, limit=1200), root, env, sink=sink)
            if not outcome.ok:
                raise commands.failed(outcome, next="look at the network, then run the same again")
        write_whole(place / ".complete", b"")
    (root / ".venv").symlink_to(place, target_is_directory=True)


def _make_environment(place: Path, python: Path, requirements: Path) -> tuple[tuple[str, ...], ...]:
    uv = shutil.which("uv")
    if uv is not None:
        install = (uv, "pip", "install", "--python", str(python), "-r", str(requirements))
        return ((uv, "venv", "-q", "--python", sys.executable, str(place)), install)
    quiet = ("-q", "--disable-pip-version-check")
    return (
        (sys.executable, "-m", "venv", str(place)),
        (str(python), "-m", "pip", "install", *quiet, "-r", str(requirements)),
    )


def write(path: Path, content: bytes) -> None:
    """Put one file in its place. Raises EnvironmentFault."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise EnvironmentFault(
            f"{path} cannot be written: {error.strerror}",
            next="free the disk, or name another place",
        ) from error
