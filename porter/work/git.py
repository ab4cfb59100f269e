"""git as porter calls it: no optional locks, no hooks' environment, no configuration in the way."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from porter.errors import EnvironmentFault
from porter.work.commands import Captured, capture

IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "porter"), ("EMAIL", "porter@localhost"))
}
_PLAIN = ("-c", "core.autocrlf=false", "-c", "core.safecrlf=false", "-c", "core.quotePath=false")


def git(
    root: Path, *args: str, env: Mapping[str, str] | None = None, stdin: bytes = b""
) -> Captured:
    """Run git in `root`, whatever its exit code. `env` is added to the environment."""
    full = {**_environment(), **(env or {})}
    return capture(["git", *_PLAIN, *args], root, env=full, stdin=stdin)


def must(
    root: Path, *args: str, env: Mapping[str, str] | None = None, stdin: bytes = b""
) -> Captured:
    """Run git in `root`. Raises EnvironmentFault with its first line where it fails."""
    done = git(root, *args, env=env, stdin=stdin)
    if done.code:
        said = done.err.decode("utf-8", "replace").strip().splitlines() or [f"exit {done.code}"]
        raise EnvironmentFault(
            f"git {args[0]} failed in {root}: {said[-1]}",
            next=f"git -C {root} status",
        )
    return done


def own_folder(root: Path) -> Path:
    """`git rev-parse --git-path porter`: porter's own folder of this work tree, not yet made.

    Raises EnvironmentFault where `root` is in no git repository.
    """
    return git_folder(root) / "porter"


def git_folder(root: Path) -> Path:
    """The git directory of the work tree, found as git finds it but without a process."""
    for folder in (root, *root.parents):
        entry = folder / ".git"
        if entry.is_dir():
            return entry
        if entry.is_file():
            link = entry.read_text(encoding="utf-8").partition("gitdir:")[2].strip()
            return (folder / link).resolve()
    raise EnvironmentFault(
        f"{root} is in no git repository: porter keeps its journal in one",
        next=f"git -C {root} init, and commit what is there",
    )


def _environment() -> dict[str, str]:
    """porter's environment less what a git hook or a caller set for another repository."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
