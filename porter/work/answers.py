"""The contributor's answers: one JSON per endpoint in porter's folder of the git directory."""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType

from porter.core.question import Answer, Answers
from porter.errors import EnvironmentFault
from porter.work.files import write_whole
from porter.work.git import own_folder


def load(root: Path, endpoint: str) -> Answers:
    """The answers of an endpoint (`MlflowService/deleteTag`), none where none are kept.

    Raises EnvironmentFault where the file is there and cannot be understood.
    """
    path = _path(root, endpoint)
    try:
        entries = json.loads(path.read_bytes())
        return Answers(MappingProxyType({key: Answer(**entry) for key, entry in entries.items()}))
    except FileNotFoundError:
        return Answers()
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise EnvironmentFault(
            f"the answers in {path} cannot be read: {error}",
            next=f"mend the file, or delete it and be asked again: {path}",
        ) from error


def save(root: Path, endpoint: str, answers: Answers) -> None:
    """Keep the answers of an endpoint, the file whole. Raises EnvironmentFault."""
    path = _path(root, endpoint)
    entries = {
        key: {"value": a.value, "by": a.by, "step": a.step, "seen": a.seen, "over": a.over}
        for key, a in answers.given.items()
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, (json.dumps(entries, indent=1, sort_keys=True) + "\n").encode())
    except OSError as error:
        raise EnvironmentFault(
            f"the answers cannot be kept in {path}: {error.strerror}",
            next=f"make {path.parent} writable, then run the same command again",
        ) from error


def forget(root: Path, endpoint: str, step: str) -> Answers:
    """Drop the answers that were given in a step; what is left."""
    answers = load(root, endpoint)
    left = answers.without(step)
    if left != answers:
        save(root, endpoint, left)
    return left


def folder(root: Path) -> Path:
    """Where the answers of a checkout lie; it may not be there."""
    return own_folder(root) / "answers"


def _path(root: Path, endpoint: str) -> Path:
    return folder(root) / f"{endpoint}.json"
