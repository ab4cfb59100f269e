"""Trees of a git repository as views, read from its objects without a checkout."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, cast

from porter.core.view import within
from porter.work.git import must


class Repository:
    """A git repository whose objects are read through one `git cat-file --batch`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._process: subprocess.Popen[bytes] | None = None

    def blob(self, name: str) -> bytes:
        """The content of an object. Raises KeyError where the repository lacks it."""
        if self._process is None:
            self._process = subprocess.Popen(
                ["git", "cat-file", "--batch"],
                cwd=self.root,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        into, out = cast("BinaryIO", self._process.stdin), cast("BinaryIO", self._process.stdout)
        into.write(f"{name}\n".encode())
        into.flush()
        head = out.readline().split()
        if len(head) != 3:
            raise KeyError(name)
        content = out.read(int(head[2]))
        out.read(1)
        return content

    def text(self, *args: str) -> str:
        """What a git command prints. Raises EnvironmentFault where it fails."""
        return must(self.root, *args).text

    @functools.lru_cache(maxsize=16)  # noqa: B019 - one repository lives as long as the run
    def tree(self, commit: str, name: str = "") -> GitTree:
        """The tree of a commit, one object per commit so that facts are remembered."""
        rows = self.text("ls-tree", "-r", "--full-tree", commit).splitlines()
        pairs = (row.partition("\t") for row in rows)
        blobs = {path: meta.split()[2] for meta, _, path in pairs if meta.split()[1] == "blob"}
        return GitTree(self, blobs, name)

    def close(self) -> None:
        """End the reading process."""
        if self._process is not None:
            self._process.communicate()
            self._process = None


class GitTree:
    """A `View` of a commit. `name` is put before each path by `where`."""

    def __init__(self, repository: Repository, blobs: dict[str, str], name: str) -> None:
        self.repository, self.blobs, self.name = repository, blobs, name
        self._read: dict[str, bytes] = {}
        self._folders: dict[str, list[str]] | None = None

    def read(self, path: str) -> bytes | None:
        """See `View`."""
        if path not in self.blobs:
            return None
        if path not in self._read:
            try:
                self._read[path] = self.repository.blob(self.blobs[path])
            except KeyError:  # a large file that was left out of this copy of the history
                return None
        return self._read[path]

    def files(self, folder: str, suffix: str = "", *, deep: bool = False) -> tuple[str, ...]:
        """See `View`."""
        if self._folders is None:
            self._folders = _by_folder(self.blobs)
        inside: Iterable[str] = self.blobs if deep else self._folders.get(folder, [])
        return tuple(sorted(p for p in inside if within(p, folder, suffix, deep=deep)))

    def where(self, path: str) -> str:
        """See `View`."""
        return f"{self.name}/{path}" if self.name else path


def _by_folder(paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(path.rpartition("/")[0], []).append(path)
    return found
