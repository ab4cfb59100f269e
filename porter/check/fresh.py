"""Whether the generated files are what generating writes: seen in a copy, not in the tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from porter.core.command import Command, Outcome
from porter.core.finding import Finding
from porter.core.proof import GO, Covers, Proof, Verdict
from porter.core.report import Reporter
from porter.core.view import View
from porter.source.checkout.descriptors import edited
from porter.source.checkout.headers import is_generated
from porter.target import Target
from porter.work import commands
from porter.work.checkout import Disk
from porter.work.copies import copied
from porter.work.proving import Prover

CODE = "P603"
_AGAIN = "mage generate && go generate ./..."


def proof(generating: Sequence[Command]) -> Proof:
    """Under what the verdict is remembered: all Go, MLflow's content, and the commands."""
    covers = Covers(
        GO.files, (*GO.suffixes, ".yaml"), mlflow=True, extra=tuple(map(str, generating))
    )
    return Proof("generated files", generating[0], covers, _unread)


def fresh(
    target: Target, prover: Prover, generating: Sequence[Command], reporter: Reporter
) -> Verdict:
    """Run what generates in a copy of the tree and compare; remembered for this content.

    Raises EnvironmentFault where a tool is missing or the copy cannot be made.
    """
    asked = proof(generating)
    known = prover.remembered(asked)
    if known is not None:
        return known
    with copied(target.root, (target.layout.mlflow_repo,)) as place:
        for command in generating:
            with reporter.running(command) as sink:
                outcome = commands.run(command, place, target.toolchain.env, sink=sink)
            if not outcome.ok:
                text = f"{command} failed in a copy of the tree"
                finding = Finding(CODE, text, next=f"read {outcome.log}")
                return Verdict(False, text, (finding,), commands.last_lines(outcome.output))
        by_hand = edited(target.tree, target.layout.protos_dir)
        verdict = _verdict(tuple(_stale(target.tree, place, by_hand)))
    prover.keep(asked, verdict)
    return verdict


def _stale(tree: View, place: Path, by_hand: Mapping[str, Sequence[str]]) -> Iterable[Finding]:
    """A finding for each file that differs; `by_hand` are types that a person took out of some."""
    made = Disk(place)
    paths = set(made.files("", ".go", deep=True)) | set(tree.files("", ".go", deep=True))
    for path in sorted(paths):
        here, there = tree.read(path), made.read(path)
        if here == there or not (is_generated(here or b"") or is_generated(there or b"")):
            continue
        text, move = "is not what generating writes: stale, or edited by hand", _AGAIN
        if path in by_hand:
            text = f"is not what generating writes: {', '.join(by_hand[path])} taken out by hand"
            move = "generating brings them back: keep them out with porter start --only-mine"
        line = _first_difference(here or b"", there or b"")
        yield Finding(CODE, text, path, line, next=move)


def _first_difference(here: bytes, there: bytes) -> int:
    pairs = zip(here.splitlines(), there.splitlines(), strict=False)
    same = next((n for n, (a, b) in enumerate(pairs) if a != b), None)
    return 1 + (same if same is not None else min(len(here.splitlines()), len(there.splitlines())))


def _verdict(findings: tuple[Finding, ...]) -> Verdict:
    if not findings:
        return Verdict(True, "fresh, seen in a copy")
    return Verdict(False, f"{len(findings)} stale or edited by hand", findings)


def _unread(_: Outcome) -> Verdict:
    raise AssertionError("this proof is run in a copy, by fresh()")
