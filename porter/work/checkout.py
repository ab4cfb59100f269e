"""The checkout on disk: read as a `View`, and changed by applying a whole plan or none of it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from porter.core.plan import Change, Plan
from porter.errors import EnvironmentFault, SourceError, UsageError
from porter.work.files import make_folders, remove_folders, undisturbed, write_whole

_ENDPOINTS = (
    "magefiles/generate/endpoints.go",
    "mlflow/go/tools/generate/endpoints.go",
    "mlflow_go/go/cmd/generate/endpoints.go",
)
_MARK = "go.mod"
_SKIPPED = frozenset({"__pycache__", "node_modules"})


@dataclass(frozen=True, eq=False)
class Disk:
    """A folder as a `View`: each file is read at most once, so make a new one after writing.

    With `deep`, folders inside the asked one that start with a dot, `__pycache__` and
    `node_modules` are passed over; asked for by name they are read. `name` is how a person
    knows the folder (`.mlflow.repo`), put before each path by `where`.
    """

    root: Path
    name: str = ""
    _read: dict[str, bytes | None] = field(default_factory=dict, repr=False)
    _listed: dict[tuple[str, bool], tuple[str, ...]] = field(default_factory=dict, repr=False)

    def read(self, path: str) -> bytes | None:
        """See `View`."""
        if path not in self._read:
            try:
                self._read[path] = (self.root / path).read_bytes()
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
                self._read[path] = None
            except OSError as error:
                raise EnvironmentFault(
                    f"{self.where(path)} cannot be read: {error.strerror}",
                    next=f"make {self.where(path)} readable",
                ) from error
        return self._read[path]

    def files(self, folder: str, suffix: str = "", *, deep: bool = False) -> tuple[str, ...]:
        """See `View`."""
        if (folder, deep) not in self._listed:
            self._listed[folder, deep] = tuple(sorted(self._list(folder, deep=deep)))
        return tuple(path for path in self._listed[folder, deep] if path.endswith(suffix))

    def where(self, path: str) -> str:
        """See `View`."""
        return f"{self.name}/{path}" if self.name else path

    @property
    def seen(self) -> Mapping[str, bytes | None]:
        """What was read so far, with its bytes."""
        return self._read

    @property
    def listed(self) -> Mapping[tuple[str, bool], tuple[str, ...]]:
        """The folders that were listed so far (with `deep`), and what was in them."""
        return self._listed

    def _list(self, folder: str, *, deep: bool) -> list[str]:
        found: list[str] = []
        try:
            entries = list(os.scandir(self.root / folder))
        except (FileNotFoundError, NotADirectoryError):
            return found
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_file():
                found.append(path)
            elif (
                deep
                and entry.is_dir(follow_symlinks=False)
                and not entry.name.startswith(".")
                and entry.name not in _SKIPPED
            ):
                found += self._list(path, deep=True)
        return found


def find_root(start: Path) -> Path:
    """The checkout of mlflow-go that `start` is in: the nearest folder with its endpoints.go.

    Raises UsageError where there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if any((folder / path).is_file() for path in _ENDPOINTS):
            if not (folder / _MARK).is_file() and not (folder / "mlflow/go" / _MARK).is_file():
                break
            return folder
    missing = "" if start.exists() else ", it does not exist"
    raise UsageError(
        f"{start} is not a checkout of mlflow-go{missing}: looked for {_MARK} and {_ENDPOINTS[0]}",
        next="cd into a checkout, or name it: porter -C DIR …",
    )


def find_tree(path: Path, package: str) -> Path:
    """The folder that holds `package`: `path`, or the one above it where `path` is the package.

    Raises UsageError where neither holds it.
    """
    for folder in (path, path.parent):
        if (folder / package).is_dir() and (folder == path or path.name == package):
            return folder
    raise UsageError(
        f"{path} holds no {package}/", next=f"name a source tree or an installed {package} package"
    )


def apply(root: Path, plan: Plan) -> tuple[str, ...]:
    """Write a plan's changes, all or none; the paths that were written.

    Raises SourceError where a file is no longer what the plan was made from, and EnvironmentFault
    where the disk does not take it. In both cases, and on Ctrl-C, the tree is as it was.
    """
    targets = [(change, _target(root, change)) for change in plan.changes]
    _refuse_stale(targets)
    done: list[tuple[Change, Path]] = []
    folders: list[Path] = []
    try:
        for change, path in targets:
            folders = make_folders(path.parent) + folders
            done.append((change, path))
            write_whole(path, change.after)
    except BaseException as error:
        with undisturbed():
            left = _roll_back(done, folders)
        if isinstance(error, OSError):
            raise _unwritable(change.path, error, left) from error
        raise
    return tuple(change.path for change, _ in targets)


def _target(root: Path, change: Change) -> Path:
    path = root / change.path
    inside = Path(os.path.realpath(path)).is_relative_to(Path(os.path.realpath(root)))
    if not inside:
        raise EnvironmentFault(
            f"{change.path} lies outside the checkout ({Path(os.path.realpath(path))})",
            next=f"replace the link {change.path} by a file of the checkout",
        )
    return path


def _refuse_stale(targets: list[tuple[Change, Path]]) -> None:
    stale = [change.path for change, path in targets if _current(path) != change.before]
    if stale:
        raise SourceError(
            f"{', '.join(stale)} changed while porter was planning; nothing was written",
            next="run the same command again",
        )


def _current(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EnvironmentFault(
            f"{path} cannot be read: {error.strerror}", next=f"make {path} a readable file"
        ) from error


def _roll_back(done: list[tuple[Change, Path]], folders: list[Path]) -> list[str]:
    """Put back what was written; the paths where even that failed."""
    left: list[str] = []
    for change, path in reversed(done):
        try:
            if change.before is None:
                path.unlink(missing_ok=True)
            elif _current(path) != change.before:
                write_whole(path, change.before)
        except (OSError, EnvironmentFault):
            left.append(change.path)
    with contextlib.suppress(OSError):
        remove_folders(folders)
    return left


def _unwritable(path: str, error: OSError, left: list[str]) -> EnvironmentFault:
    state = f"could not be put back: {', '.join(left)}" if left else "nothing was changed"
    return EnvironmentFault(
        f"{path} cannot be written: {error.strerror or error}; {state}",
        next="free the disk or make the checkout writable, then run the same command again",
    )
