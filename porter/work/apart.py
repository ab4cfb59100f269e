"""Noise in a commit of its own: made, never applied, and kept by the journal until it is picked.

Its parent is the tree without the noise, so that `git cherry-pick` brings just the noise on top of
the commit with the port. It hangs on the step's *after* as a second parent: no ref of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from porter.work import history, snapshots
from porter.work.git import IDENTITY, git, must, own_folder
from porter.work.snapshots import Blob

_MESSAGE = """\
Regenerate what the port of {names} did not cause

{count} lines of generated files. They come from other versions of the tools, from protos that
moved, or from an earlier regeneration that was forgotten.
"""


def commit(root: Path, endpoints: Sequence[str], full: str, mine: str, count: int) -> str:
    """The commit that takes the tree `mine` to the tree `full`, `count` lines of noise.

    Noise of earlier steps in files that stand as they did is in it too: the newest is enough.
    """
    tree = _with_earlier(root, endpoints[0], full, mine)
    base = must(root, "commit-tree", mine, env=IDENTITY, stdin=b"porter: without the noise").text
    known = git(root, "var", "GIT_AUTHOR_IDENT").code == 0
    names = ", ".join(endpoint.rpartition("/")[2] for endpoint in endpoints)
    return must(
        root, "commit-tree", tree, "-p", base,
        env={} if known else IDENTITY,
        stdin=_MESSAGE.format(names=names, count=count).encode(),
    ).text  # fmt: skip


def newest(root: Path, endpoint: str) -> str | None:
    """The commit of the newest step of an endpoint that stands and has one, or None."""
    for recorded in reversed(history.steps(root, endpoint)):
        if recorded.after is not None:
            row = must(root, "rev-list", "--parents", "-n", "1", recorded.after.commit).text
            parents = row.split()[1:]
            if len(parents) > 1:
                return parents[1]
    return None


def waiting(root: Path, endpoint: str) -> str | None:
    """The newest commit where HEAD does not have what it brings."""
    found = newest(root, endpoint)
    if found is None:
        return None
    brings = {change.path for change in snapshots.changes(root, f"{found}^", found)}
    lacks = {change.path for change in snapshots.changes(root, "HEAD", found)}
    return found if brings & lacks else None


def _with_earlier(root: Path, endpoint: str, full: str, mine: str) -> str:
    """The tree `full` with the earlier commit's noise in files that are as they were for it."""
    earlier = newest(root, endpoint)
    if earlier is None:
        return full
    since = {change.path for change in snapshots.changes(root, f"{earlier}^", mine)}
    since |= {change.path for change in snapshots.changes(root, mine, full)}
    kept = [c for c in snapshots.changes(root, f"{earlier}^", earlier) if c.path not in since]
    return _changed(root, full, {c.path: c.after for c in kept if c.after}) if kept else full


def _changed(root: Path, tree: str, blobs: dict[str, Blob]) -> str:
    """A tree with other blobs at some paths, through an index of its own."""
    index = own_folder(root) / "index-apart"
    env = {"GIT_INDEX_FILE": str(index)}
    prefix = must(root, "rev-parse", "--show-prefix").text
    rows = "".join(f"{blob.mode} {blob.sha}\t{prefix}{path}\0" for path, blob in blobs.items())
    try:
        must(root, "read-tree", tree, env=env)
        must(root, "update-index", "-z", "--index-info", env=env, stdin=rows.encode())
        return must(root, "write-tree", env=env).text
    finally:
        index.unlink(missing_ok=True)
