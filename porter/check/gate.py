"""The target's own gate: its pre-commit hooks, run where pre-commit is there, else named."""

from __future__ import annotations

from porter.core.command import Command, Outcome
from porter.core.finding import Finding
from porter.core.proof import Covers, Proof, Verdict
from porter.core.view import View

CONFIG = ".pre-commit-config.yaml"


def hooks(tree: View) -> tuple[str, ...]:
    """The ids of the hooks that the checkout configures, none where it has no pre-commit."""
    import yaml

    try:
        found = yaml.safe_load(tree.read(CONFIG) or b"") or {}
        return tuple(str(hook["id"]) for repo in found["repos"] for hook in repo["hooks"])
    except (yaml.YAMLError, KeyError, TypeError):
        return ()


def proof(paths: tuple[str, ...]) -> Proof:
    """The checkout's hooks on the files that changed."""
    command = Command(
        ("pre-commit", "run", "--files", *paths), why="the checkout's own gate", limit=900
    )
    return Proof("pre-commit", command, Covers(files=(CONFIG, *paths)), _read)


def _read(outcome: Outcome) -> Verdict:
    failed = [line.split(".")[0] for line in outcome.output.splitlines() if line.endswith("Failed")]
    if outcome.ok:
        return Verdict(True, "all hooks pass")
    text = f"hooks fail: {', '.join(failed) or 'see its output'}"
    finding = Finding("P604", text, next=str(outcome.command))
    return Verdict(False, text, (finding,), tuple(outcome.output.splitlines()[-20:]))
