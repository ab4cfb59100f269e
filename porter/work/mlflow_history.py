"""The history of MLflow's protos in a checkout of it: which files stood at which commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from porter.work.git import git, must

_FOLDER = "mlflow/protos"
_GONE = "0" * 40
_BRANCHES = 8


@dataclass(frozen=True, slots=True)
class Period:
    """Commits from `oldest` to `newest` between which no proto changed: blobs by path."""

    oldest: str
    newest: str
    blobs: Mapping[str, str]


def tips(mlflow: Path) -> tuple[str, ...]:
    """The commits to look back from: the branches of `origin` and what is checked out.

    One that another leads back to is left out.
    """
    refs = must(
        mlflow, "for-each-ref", "--format=%(objectname)", "--sort=-committerdate", "refs/remotes"
    ).text.split()
    head = must(mlflow, "rev-parse", "HEAD").text
    both = tuple(dict.fromkeys([head, *refs[:_BRANCHES]]))
    return tuple(must(mlflow, "merge-base", "--independent", *both).text.split())


def periods(mlflow: Path, tip: str) -> Iterator[Period]:
    """The periods of a branch, newest first, back along first parents."""
    listed = must(mlflow, "ls-tree", "-r", tip, f"{_FOLDER}/").text.splitlines()
    blobs = {row.partition("\t")[2]: row.split()[2] for row in listed}
    newest = tip
    log = must(
        mlflow, "log", "--first-parent", "--raw", "--no-abbrev", "--no-renames",
        "--format=%x00%H %P", tip, "--", f"{_FOLDER}/",
    ).out.decode("utf-8", "replace")  # fmt: skip
    for entry in log.split("\0")[1:]:
        heading, _, rows = entry.partition("\n")
        commit, *parents = heading.split()
        yield Period(commit, newest, dict(blobs))
        for row in rows.splitlines():
            if row.startswith(":"):
                meta, _, path = row.partition("\t")
                _, _, old, _, _ = meta[1:].split()
                blobs.pop(path, None)
                if old != _GONE:
                    blobs[path] = old
        if not parents:
            return
        newest = parents[0]


def contents(mlflow: Path, blobs: Iterable[str]) -> dict[str, bytes]:
    """The bytes of some blobs; those that the repository lacks (a partial clone) are left out."""
    wanted = list(dict.fromkeys(blobs))
    done = git(mlflow, "cat-file", "--batch", stdin="".join(f"{b}\n" for b in wanted).encode())
    found: dict[str, bytes] = {}
    at = 0
    for blob in wanted:
        end = done.out.find(b"\n", at)
        if end < 0:
            break
        fields = done.out[at:end].split()
        at = end + 1
        if len(fields) == 3:
            size = int(fields[2])
            found[blob] = done.out[at : at + size]
            at += size + 1
    return found


def describe(mlflow: Path, commit: str) -> str:
    """`19d91fb7b 2025-05-20`: a commit as a person reads it."""
    return git(mlflow, "show", "-s", "--format=%h %cs", "--abbrev=9", commit).text or commit[:9]
