"""A proof: a command that leaves the tree as it is, the files it speaks of, and how to read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from porter.core.command import Command, Outcome
from porter.core.finding import Findings


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a proof says: whether it holds, in words for the status line, and what it found."""

    ok: bool
    summary: str = ""
    findings: Findings = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Covers:
    """What a proof is remembered under: these files' content and nothing else.

    `files` are single paths, `suffixes` all files of the checkout that end so ("" folder =
    everywhere), `folders` whole folders, `mlflow` the content of MLflow's own checkout, `extra`
    whatever else decides the outcome (test ids).
    """

    files: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    mlflow: bool = False
    extra: tuple[str, ...] = ()


GO = Covers(files=("go.mod", "go.sum"), suffixes=(".go",))


@dataclass(frozen=True)
class Proof:
    """One proof of a step. `library`: needs the FFI library, built once per source state.

    `prepare` gives the command that really runs, where finding it out takes time, or the verdict
    where there is nothing to run: `command` then names the proof, and `status` asks what is
    remembered of it without preparing.
    """

    name: str
    command: Command
    covers: Covers
    read: Callable[[Outcome], Verdict]
    library: bool = False
    prepare: Callable[[], Command | Verdict] | None = None
