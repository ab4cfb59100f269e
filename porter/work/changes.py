"""What the work tree has that HEAD, or another commit, has not; git is only read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from porter.errors import UsageError
from porter.work.git import git, must


@dataclass(frozen=True, slots=True)
class Uncommitted:
    """A changed or new file: its bytes before and now (None where there was no file)."""

    path: str
    before: bytes | None
    after: bytes


def since(root: Path, ref: str = "HEAD") -> tuple[Uncommitted, ...]:
    """The files that differ from `ref`'s merge base, new and untracked ones among them.

    Raises UsageError where git knows no such commit.
    """
    base = _base(root, ref)
    named = must(root, "diff", "--name-only", "-z", "--no-renames", "--relative", base, "--").out
    new = must(root, "ls-files", "--others", "--exclude-standard", "-z").out
    paths = [p.decode("utf-8", "surrogateescape") for p in (named + new).split(b"\0") if p]
    found = []
    for path in dict.fromkeys(paths):
        file = root / path
        if file.is_file() and not file.is_symlink():
            before = git(root, "cat-file", "blob", f"{base}:./{path}")
            after = file.read_bytes()
            found.append(Uncommitted(path, None if before.code else before.out, after))
    return tuple(found)


def _base(root: Path, ref: str) -> str:
    if git(root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").code:
        raise UsageError(
            f"git knows no commit {ref}", next="name a branch, tag or commit: --since main"
        )
    base = git(root, "merge-base", ref, "HEAD").text
    return base or ref
