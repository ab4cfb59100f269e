"""What the work tree has that HEAD, or another commit, has not; git is only read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from porter.errors import UsageError

if TYPE_CHECKING:
    from git import Blob

# `git diff` renews the index after looking, optional locks or not, unless it is told.
_LOOKING = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "diff.autoRefreshIndex",
    "GIT_CONFIG_VALUE_0": "false",
}


@dataclass(frozen=True, slots=True)
class Uncommitted:
    """A changed or new file: its bytes before and now (None where there was no file)."""

    path: str
    before: bytes | None
    after: bytes


def since(root: Path, ref: str = "HEAD") -> tuple[Uncommitted, ...]:
    """The files below `root` that differ from where the branch left `ref`, untracked ones too.

    Raises UsageError where git knows no such commit.
    """
    import git

    repo = git.Repo(root, search_parent_directories=True)
    repo.git.update_environment(**_LOOKING)
    top = Path(str(repo.working_tree_dir))
    try:
        base = (repo.merge_base(ref, "HEAD") or [repo.commit(ref)])[0]
    except (git.BadName, git.GitCommandError, ValueError) as error:
        raise UsageError(
            f"git knows no commit {ref}", next="name a branch, tag or commit: --since main"
        ) from error
    assert base is not None
    old = {str(item.b_path): _content(item.a_blob) for item in base.diff(None, no_renames=True)}
    found = []
    for name in dict.fromkeys((*old, *repo.untracked_files)):
        file = top / name
        if file.is_file() and not file.is_symlink() and file.is_relative_to(root.resolve()):
            path = file.relative_to(root.resolve()).as_posix()
            found.append(Uncommitted(path, old.get(name), file.read_bytes()))
    return tuple(found)


def _content(blob: Blob | None) -> bytes | None:
    """A blob's bytes; a clone that left large files out may lack it."""
    try:
        return blob.data_stream.read() if blob is not None else None
    except ValueError:
        return None
