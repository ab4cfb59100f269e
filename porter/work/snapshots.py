"""The work tree as a commit that nobody sees: through a temporary index, on a ref of porter's.

HEAD, the index, the stash and the branches are never touched; only objects and one ref under
refs/worktree/porter are written.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from porter.errors import EnvironmentFault
from porter.work.git import IDENTITY, git, git_folder, must, own_folder

REFS = "refs/worktree/porter"
When = Literal["before", "after", "undoing", "undone"]
"""A step is `before` and `after`; an undo is `undoing` (the tree it takes back) and `undone`."""
_NESTED = re.compile(rb"'([^']+)/' does not have a commit checked out")
_GITLINK = "160000"


@dataclass(frozen=True, slots=True)
class Blob:
    """A file as a snapshot holds it."""

    mode: str
    sha: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A path and what stood there in two snapshots; None where there was no file."""

    path: str
    before: Blob | None
    after: Blob | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One entry of an endpoint's journal.

    `at` is nanoseconds since 1970; a step of several endpoints has the same in each journal.
    `undoes` is the `at` of the *before* that an undo takes back, else 0. `tips` are the commits
    just written, one for each endpoint; () for an entry that was read.
    """

    commit: str
    tree: str
    step: str
    when: When
    endpoints: tuple[str, ...]
    at: int
    undoes: int = 0
    tips: tuple[str, ...] = field(default=(), compare=False)


def take(
    root: Path,
    endpoints: Sequence[str],
    step: str,
    when: When,
    *,
    undoes: int = 0,
    beside: str = "",
    tree: str = "",
    parents: Sequence[str] = (),
) -> Snapshot:
    """Write the work tree as a commit, entered under each endpoint (`MlflowService/deleteTag`).

    `beside` is a commit that lives as long as this one does: it becomes a second parent. `tree` is
    the work tree where it was just written, `parents` the journals' newest commits where they were
    just read ("" for none). Raises EnvironmentFault where git cannot write it, also where another
    porter wrote to the journal since.
    """
    tree, at = tree or write_tree(root), time.time_ns()
    trailers = {
        "Step": step,
        "When": when,
        "Endpoints": " ".join(endpoints),
        "At": str(at),
        **({"Undoes": str(undoes)} if undoes else {}),
    }
    message = "\n".join(
        [f"porter {step} {when}", "", *(f"{key}: {value}" for key, value in trailers.items())]
    )
    tips = []
    for number, endpoint in enumerate(endpoints):
        ref = f"{REFS}/{endpoint}"
        parent = parents[number] if parents else _tip(root, ref)
        chain = [part for each in (parent, beside) if each for part in ("-p", each)]
        made = must(root, "commit-tree", tree, *chain, env=IDENTITY, stdin=message.encode()).text
        must(root, "update-ref", ref, made, parent or "0" * len(made))
        tips.append(made)
    newest = tips[-1] if tips else ""
    return Snapshot(newest, tree, step, when, tuple(endpoints), at, undoes, tuple(tips))


def journal(root: Path, endpoint: str, *, newest: int = 0) -> tuple[Snapshot, ...]:
    """The snapshots of an endpoint, oldest first; of these the `newest` where a number is given."""
    ref = f"{REFS}/{endpoint}"
    last = [f"-{newest}"] if newest else []
    log = git(root, "log", "--first-parent", *last, "--format=%H%x00%T%x00%B%x01", ref, "--")
    if log.code:
        return ()
    entries = log.out.decode("utf-8", "replace").split("\x01")[:-1]
    return tuple(_parsed(entry) for entry in reversed(entries))


def endpoints_with_journal(root: Path) -> tuple[str, ...]:
    """The endpoints that have a journal in this work tree."""
    refs = must(root, "for-each-ref", "--format=%(refname)", REFS).text.splitlines()
    return tuple(ref.removeprefix(f"{REFS}/") for ref in refs)


def write_tree(root: Path) -> str:
    """The work tree as a tree object, every byte as it stands; ignored paths are outside."""
    with _index(root) as env:
        _add_all(root, env)
        _add_raw(root, env)
        return must(root, "write-tree", env=env).text


def nested(root: Path, tree: str) -> tuple[str, ...]:
    """Repositories inside the work tree: what is in them is in no snapshot."""
    rows = must(root, "ls-tree", "-r", tree).text.splitlines()
    return tuple(row.partition("\t")[2] for row in rows if row.startswith(_GITLINK))


def changes(root: Path, old: str, new: str) -> tuple[Changed, ...]:
    """What differs between two trees or commits, paths relative to `root`."""
    raw = must(root, "diff-tree", "-r", "-z", "--raw", "--no-renames", "--relative", old, new).out
    fields = raw.decode("utf-8", "surrogateescape").split("\0")[:-1]
    found = []
    for meta, path in zip(fields[::2], fields[1::2], strict=True):
        old_mode, new_mode, old_sha, new_sha, _ = meta.lstrip(":").split(" ")
        if _GITLINK not in (old_mode, new_mode):
            found.append(Changed(path, _blob(old_mode, old_sha), _blob(new_mode, new_sha)))
    return tuple(found)


def content(root: Path, blob: Blob) -> bytes:
    """The bytes of a file in a snapshot."""
    return must(root, "cat-file", "blob", blob.sha).out


def contents(root: Path, blobs: Sequence[Blob]) -> list[bytes]:
    """The bytes of several files in a snapshot, read by one process."""
    asked = "".join(f"{blob.sha}\n" for blob in blobs).encode()
    out = must(root, "cat-file", "--batch", stdin=asked).out if blobs else b""
    found, at = [], 0
    for _ in blobs:
        start = out.index(b"\n", at) + 1
        end = start + int(out[at:start].split()[2])
        found.append(out[start:end])
        at = end + 1
    return found


def _tip(root: Path, ref: str) -> str:
    return git(root, "rev-parse", "--verify", "--quiet", ref).text


def _blob(mode: str, sha: str) -> Blob | None:
    return None if mode == "000000" else Blob(mode, sha)


def _parsed(entry: str) -> Snapshot:
    commit, tree, message = entry.lstrip("\n").split("\0")
    said = dict(line.split(": ", 1) for line in message.splitlines() if ": " in line)
    when = cast("When", said["When"])
    endpoints = tuple(said["Endpoints"].split())
    undoes = int(said.get("Undoes", 0))
    return Snapshot(commit, tree, said["Step"], when, endpoints, int(said["At"]), undoes)


@contextmanager
def _index(root: Path) -> Iterator[dict[str, str]]:
    """A temporary index seeded by the real one, with its times: git trusts files by them.

    A copy with a new time would make an edit of the same second look clean.
    """
    own = own_folder(root)
    try:
        own.mkdir(parents=True, exist_ok=True)
        for old in own.glob("index-*"):
            if time.time() - old.stat().st_mtime > 3600:
                old.unlink()
        handle, name = tempfile.mkstemp(prefix="index-", dir=own)
        os.close(handle)
    except OSError as error:
        raise EnvironmentFault(
            f"the journal cannot be written in {own}: {error.strerror}",
            next=f"make {own.parent} writable",
        ) from error
    path = Path(name)
    real = git_folder(root) / "index"
    try:
        if real.exists():
            shutil.copy2(real, path)
        else:
            path.unlink()
        yield {"GIT_INDEX_FILE": name}
    finally:
        for left in (path, path.with_name(f"{path.name}.lock")):
            with contextlib.suppress(OSError):
                left.unlink()


def _add_all(root: Path, env: dict[str, str]) -> None:
    """`git add -A` less nested repositories that have no commit, which git refuses to add."""
    outside: list[str] = []
    while True:
        exclude = [f":(exclude,top){path}" for path in outside]
        done = git(
            root, "-c", "advice.addEmbeddedRepo=false", "add", "-A", "--", ".", *exclude, env=env
        )
        refused = _NESTED.search(done.err)
        if not done.code:
            return
        if refused is None or (path := refused[1].decode()) in outside:
            said = done.err.decode("utf-8", "replace").strip().splitlines()
            raise EnvironmentFault(
                f"git cannot record the work tree: {said[0] if said else done.code}",
                next=f"git -C {root} status",
            )
        outside.append(path)


def _add_raw(root: Path, env: dict[str, str]) -> None:
    """Replace blobs whose line endings git would convert by the bytes that stand in the tree."""
    eol = must(root, "ls-files", "--eol", "-z", env=env).out
    paths = []
    for row in eol.split(b"\0")[:-1]:
        info, _, path = row.partition(b"\t")
        index, tree, attributes = (*info.split(), b"")[:3]
        binary = tree == b"w/-text" and attributes != b"attr/"
        if (index[2:] != tree[2:] or binary) and tree != b"w/":
            paths.append(path)
    if not paths:
        return
    shas = must(
        root, "hash-object", "-w", "--no-filters", "--stdin-paths", stdin=b"\n".join(paths) + b"\n"
    ).text.split()
    rows = must(root, "ls-files", "-s", "-z", "--", *(os.fsdecode(p) for p in paths), env=env).out
    modes = {row.partition(b"\t")[2]: row[:6] for row in rows.split(b"\0")[:-1]}
    feed = b"".join(
        b"%s %s\t%s\0" % (modes[path], sha.encode(), path)
        for path, sha in zip(paths, shas, strict=True)
        if path in modes
    )
    must(root, "update-index", "-z", "--index-info", env=env, stdin=feed)
