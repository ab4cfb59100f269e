"""Whether `mage generate` would move MLflow's checkout, judged by mage's own test.

mage's repo:init leaves `.mlflow.repo` alone where origin's URL equals the remote of `.mlflow.ref`
and its branch, `describe --tags` or commit equals the reference; else it fetches and checks out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from porter.errors import EnvironmentFault
from porter.work.git import git

REF_FILE = ".mlflow.ref"
FOLDER = ".mlflow.repo"


@dataclass(frozen=True, slots=True)
class Matches:
    """mage would leave it alone; `reference` is what it stands at."""

    reference: str


@dataclass(frozen=True, slots=True)
class Differs:
    """mage would move it: `found` stands there, `would` says what would happen."""

    found: str
    would: str
    reference: str = ""


MlflowState = Matches | Differs


def mlflow_state(root: Path) -> MlflowState:
    """Whether MLflow's checkout is at what `.mlflow.ref` names, and what mage would do if not."""
    try:
        text = (root / REF_FILE).read_text(encoding="utf-8")
    except OSError:
        if not (root / "magefiles").is_dir():
            return Matches("")  # the older layout lies inside MLflow itself: nothing to move
        return Differs("", f"fail, as there is no {REF_FILE}")
    remote, separator, reference = text.partition("#")
    remote, reference = remote.strip(), reference.strip()
    if not (separator and remote and reference) or "#" in reference:
        return Differs("", f"fail, as {REF_FILE} does not read remote#reference")
    repo = root / FOLDER
    if not repo.is_dir():
        return Differs("", f"clone {remote} and check out {reference}", reference)
    origin = git(repo, "remote", "get-url", "origin")
    if origin.code or origin.text.strip() != remote:
        found = origin.text.strip() or "no origin"
        return Differs(found, _sync(remote, reference), reference)
    here = _references(repo)
    if reference in here:
        return Matches(reference)
    return Differs(here[-1][:12] if here else "no commit", _sync(remote, reference), reference)


def warning(root: Path) -> str | None:
    """One line where MLflow's checkout is not what `.mlflow.ref` names, for who only reads."""
    state = mlflow_state(root)
    if isinstance(state, Matches):
        return None
    return f"{FOLDER} is not at {REF_FILE}: mage generate would {state.would}"


def require_mlflow(root: Path) -> None:
    """Raise EnvironmentFault where `mage generate` would move MLflow's checkout."""
    state = mlflow_state(root)
    if isinstance(state, Differs):
        at = f"{FOLDER} is at {state.found}" if state.found else f"{FOLDER} is not ready"
        raise EnvironmentFault(
            f"{at}, {REF_FILE} names {state.reference or 'nothing'}: "
            f"mage generate would {state.would}",
            next="mage repo:init moves it now; or name what is there in .mlflow.ref",
        )


def _references(repo: Path) -> tuple[str, ...]:
    """What mage compares the reference with: branch, tag and commit, those that there are."""
    asked = (
        ("rev-parse", "--abbrev-ref", "HEAD"),
        ("describe", "--tags", "HEAD"),
        ("rev-parse", "HEAD"),
    )
    answers = (git(repo, *args) for args in asked)
    return tuple(done.text.strip() for done in answers if not done.code)


def _sync(remote: str, reference: str) -> str:
    return f"fetch {remote} and check out {reference}, and pull where that is a branch"
