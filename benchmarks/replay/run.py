"""One run over the ports: what is known already is not done again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import porter
from replay.bars import Result, Way
from replay.build import build
from replay.compare import compare
from replay.evidence import mlflow_of
from replay.history import Port
from replay.objects import Repository
from replay.outcome import Outcome
from replay.scaffold import scaffold

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Run:
    """Where everything is: the two repositories, and the folder for what is kept between runs."""

    target: Repository
    mlflow: Repository
    work: Path
    way: Way = "scaffold"
    skip: tuple[str, ...] = ()

    def all(self, ports: Sequence[Port], progress: Progress) -> Result:
        """Replay ports, one after the other."""
        result = Result(self.way)
        for port in ports:
            progress(port.endpoint)
            outcome = self.outcome(port)
            result.outcomes.append(outcome)
            result.comparisons.append(compare(port, self.target, outcome))
        return result

    def outcome(self, port: Port) -> Outcome:
        """What porter made of a port: as kept for this very porter, else made now."""
        commit, exact = self._mlflow(port)
        name = f"{port.commit[:12]}-{port.endpoint}-{commit[:12]}-{fingerprint()}"
        whole, part = (
            self.work / self.way / f"{'-'.join([name, *skip])}.json" for skip in ((), self.skip)
        )
        for kept in (whole, part):
            if kept.is_file():
                return Outcome.read(json.loads(kept.read_text(encoding="utf-8")))
        made = self._make(port, Outcome(commit, exact))
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(made.json()), encoding="utf-8")
        return made

    def _make(self, port: Port, outcome: Outcome) -> Outcome:
        from porter.steps import STEPS

        if self.way == "build":
            place = self.work / "trees" / port.endpoint
            try:
                return build(port, (self.target, self.mlflow), place, outcome, self.skip)
            except Exception as error:  # one case that breaks is a result, and hides no other
                outcome.error = f"{type(error).__name__}: {error}"
                return outcome

        tree = self.target.tree(port.parent)
        mlflow = self.mlflow.tree(outcome.mlflow, ".mlflow.repo")
        return scaffold(port, tree, mlflow, STEPS, outcome)

    def _mlflow(self, port: Port) -> tuple[str, bool]:
        place = self.work / "mlflow.json"
        known = json.loads(place.read_text(encoding="utf-8")) if place.is_file() else {}
        key = f"{port.parent} {port.date}"
        if key not in known:
            known[key] = mlflow_of(port, self.target.tree(port.parent), self.mlflow)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(json.dumps(known, indent=1), encoding="utf-8")
        commit, exact = known[key]
        return str(commit), bool(exact)


def fingerprint() -> str:
    """A name for the content of porter and of what replays it."""
    package = Path(porter.__file__).parent
    own = Path(__file__).parent
    files = [
        *package.rglob("*.py"),
        *(package.parent / "templates").rglob("*.j2"),
        *(
            own / name
            for name in (
                "scaffold.py",
                "outcome.py",
                "build.py",
                "generated.py",
                "launch.py",
                "trees.py",
            )
        ),
    ]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path.relative_to(package.parent)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
