"""Taking a step back: its files as they stood before it, and nothing that a person wrote."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from porter.errors import EnvironmentFault, PorterError, UsageError
from porter.work import history, snapshots
from porter.work.files import make_folders, remove_folders, undisturbed, write_whole
from porter.work.history import Recorded
from porter.work.snapshots import Blob

_LINK = "120000"


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo took back. `kept` is the commit that still holds what was taken away."""

    step: str
    endpoints: tuple[str, ...]
    paths: tuple[str, ...]
    kept: str
    cut_off: bool = False


def undo(root: Path, endpoint: str) -> Undone:
    """Take back the newest step of an endpoint that changed a file, edits and generated files.

    Raises UsageError where there is none, and PorterError, with nothing written, where another
    endpoint's later step or a person changed one of its files since.
    """
    recorded = _newest(root, endpoint)
    _refuse_later(root, recorded)
    if recorded.after is not None:
        _refuse_edited(root, recorded)
    undoes = recorded.before.at
    kept = snapshots.take(root, recorded.endpoints, recorded.step, "undoing", undoes=undoes)
    _restore(root, {change.path: change.before for change in recorded.changes})
    snapshots.take(root, recorded.endpoints, recorded.step, "undone", undoes=undoes)
    return Undone(
        recorded.step, recorded.endpoints, recorded.paths, kept.commit, recorded.after is None
    )


def _newest(root: Path, endpoint: str) -> Recorded:
    for recorded in reversed(history.steps(root, endpoint)):
        if recorded.changes:
            return recorded
    raise UsageError(
        f"nothing to undo: no step of {endpoint} that stands changed a file",
        next=f"porter status {endpoint}",
    )


def _refuse_later(root: Path, recorded: Recorded) -> None:
    others = history.later(root, recorded)
    if others:
        endpoint, path = others[-1]
        raise PorterError(
            f"{path} was changed after {recorded.step} by a step of {endpoint}",
            next=f"porter undo {endpoint}",
        )


def _refuse_edited(root: Path, recorded: Recorded) -> None:
    edited = [
        change.path
        for change in recorded.changes
        if _on_disk(root / change.path)
        not in (_bytes(root, change.after), _bytes(root, change.before))
    ]
    if edited:
        raise PorterError(
            f"{', '.join(edited)} was edited after {recorded.step}; undo would lose that",
            next=f"git -C {root} diff {recorded.after.commit if recorded.after else ''} -- "
            f"{edited[0]}, then undo those edits yourself",
        )


def _restore(root: Path, wanted: dict[str, Blob | None]) -> None:
    """Put files as wanted, all or none."""
    contents = {path: (blob, _bytes(root, blob)) for path, blob in wanted.items()}
    was = {path: _state(root / path) for path in wanted}
    try:
        for path, (blob, content) in contents.items():
            _put(root, path, blob.mode if blob else "", content)
    except BaseException as error:
        with undisturbed():
            for path_, (mode, content) in was.items():
                with contextlib.suppress(OSError):
                    _put(root, path_, mode, content)
        if isinstance(error, OSError):
            raise EnvironmentFault(
                f"{path} cannot be put back: {error.strerror}; nothing was changed",
                next="make the checkout writable, then undo again",
            ) from error
        raise


def _put(root: Path, path: str, mode: str, content: bytes | None) -> None:
    """Make a file (or link, or nothing) of a path; a file that is right already is left alone."""
    target = root / path
    if _state(target) == (mode, content):
        return
    if content is None or mode == _LINK or target.is_symlink():
        target.unlink(missing_ok=True)
    if content is None:
        inside = [p for p in target.parents if p != root and p.is_relative_to(root)]
        remove_folders(inside)
        return
    make_folders(target.parent)
    if mode == _LINK:
        target.symlink_to(os.fsdecode(content))
        return
    write_whole(target, content)
    executable = 0o111 if mode == "100755" else 0
    target.chmod(target.stat().st_mode & ~0o111 | executable & (target.stat().st_mode >> 2 | 0o100))


def _state(path: Path) -> tuple[str, bytes | None]:
    if path.is_symlink():
        return _LINK, _on_disk(path)
    content = _on_disk(path)
    if content is None:
        return "", None
    return ("100755" if path.stat().st_mode & 0o100 else "100644"), content


def _on_disk(path: Path) -> bytes | None:
    try:
        return os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
    except OSError:
        return None


def _bytes(root: Path, blob: Blob | None) -> bytes | None:
    return snapshots.content(root, blob) if blob else None
