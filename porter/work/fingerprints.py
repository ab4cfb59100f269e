"""Hashes of what a proof speaks of: files of the checkout, and MLflow's own checkout by git."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from porter.core.proof import Covers
from porter.errors import EnvironmentFault
from porter.work import cache
from porter.work.checkout import Disk
from porter.work.git import git


@dataclass
class Fingerprints:
    """Hashes over a checkout at one moment: each file is read once. Make a new one after writing.

    Nothing is written to git. `mlflow` is the folder of MLflow's checkout.
    """

    root: Path
    mlflow: Path
    _files: dict[str, str] = field(default_factory=dict)
    _groups: dict[tuple[str, ...], str] = field(default_factory=dict)
    _mlflow: str = ""
    disk: Disk = field(init=False)

    def __post_init__(self) -> None:
        self.disk = Disk(self.root)

    def of(self, covers: Covers, *more: str) -> str:
        """The hash of all that `covers` names, with `more` (versions, the command)."""
        parts = [self._group("file", covers.files, self._named(covers.files))]
        parts += [
            self._group("suffix", (suffix,), self._ending(suffix)) for suffix in covers.suffixes
        ]
        parts += [self._group("folder", (name,), self._inside(name)) for name in covers.folders]
        if covers.mlflow:
            self._mlflow = self._mlflow or mlflow_content(self.mlflow)
            parts.append(self._mlflow)
        return cache.digest([*parts, *covers.extra, *more])

    def _group(self, kind: str, names: tuple[str, ...], paths: Iterable[str]) -> str:
        key = (kind, *names)
        if key not in self._groups:
            self._groups[key] = cache.digest(
                part for path in paths for part in (path, self._file(path))
            )
        return self._groups[key]

    def _file(self, path: str) -> str:
        if path not in self._files:
            content = self.disk.read(path)
            self._files[path] = "" if content is None else content_hash(content)
        return self._files[path]

    def _named(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(names))

    def _ending(self, suffix: str) -> tuple[str, ...]:
        return self.disk.files("", suffix, deep=True)

    def _inside(self, folder: str) -> tuple[str, ...]:
        return self.disk.files(folder, deep=True)


def file_hash(path: Path) -> str:
    """The hash of a file's content, "" where there is no file."""
    try:
        return content_hash(path.read_bytes())
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return ""


def content_hash(content: bytes) -> str:
    """The hash of a file's bytes."""
    return hashlib.blake2b(content, digest_size=20).hexdigest()


def mlflow_content(folder: Path) -> str:
    """The content of MLflow's checkout: its commit, and each file that differs from it.

    Ignored files are outside. Raises EnvironmentFault where it is no git checkout.
    """
    head = git(folder, "rev-parse", "--verify", "HEAD")
    status = git(folder, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames")
    if head.code or status.code:
        raise EnvironmentFault(f"{folder} is no git checkout of MLflow", next="mage repo:init")
    parts = [head.text]
    for row in status.out.split(b"\0")[:-1]:
        path = row[3:].decode("utf-8", "surrogateescape")
        parts += [row.decode("utf-8", "replace"), file_hash(folder / path)]
    return cache.digest(parts)
