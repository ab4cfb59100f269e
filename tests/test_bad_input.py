"""Each bad input gets one clear error, a next move and the right exit code; nothing is written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import garden
import pytest

from porter.cli import run

ENDPOINTS = "magefiles/generate/endpoints.go"
HANDLERS = ".mlflow.repo/mlflow/server/handlers.py"
STORE = "pkg/tracking/store/store.go"


@dataclass
class Case:
    """`spoil` changes the garden; `argv` is run in it; `exit` and `says` are what must come."""

    argv: str
    exit: int
    says: str
    spoil: Callable[[Path], object] = lambda _: None
    tools: dict[str, str | None] = field(default_factory=dict)


def replaced(path: str, old: str, new: str) -> Callable[[Path], object]:
    def spoil(root: Path) -> None:
        text = (root / path).read_text()
        assert old in text
        (root / path).write_text(text.replace(old, new))

    return spoil


def moved(root: Path) -> None:
    repo = root / ".mlflow.repo"
    (repo / "more").write_text("more")
    garden.commit(repo)


CASES = {
    "unknown": Case("start growPlant --no-input", 2, "there is no endpoint growPlant"),
    "misspelt": Case("start waterPlnt --no-input", 2, "did you mean waterPlant"),
    "ambiguous": Case("start listArtifacts --no-input", 2, "MlflowArtifactsService/listArtifacts"),
    "service unknown": Case("start openShed --no-input", 2, "does not list"),
    "no such step": Case("start setTag --until nowhere --no-input", 2, "no step nowhere"),
    "no such command": Case("grow", 2, "No such command"),
    "no such option": Case("status --loud", 2, "No such option"),
    "no such service": Case("status --service Kitchen", 2, "no service Kitchen"),
    "no such chapter": Case("guide roses", 2, "no chapter roses"),
    "no such commit": Case("check --fast --since nowhere", 2, "git knows no commit nowhere"),
    "infer without a name": Case("infer", 2, "either one endpoint or all"),
    "no terminal": Case("start setTag", 2, "--no-input"),
    "not started": Case("check waterPlant --fast", 1, "is not started"),
    "nothing to undo": Case("undo waterPlant", 2, "nothing to undo"),
    "MLflow is missing": Case(
        "start waterPlant --no-input", 4, "no MLflow at .mlflow.repo",
        lambda root: (root / ".mlflow.repo").rename(root / "elsewhere"),
    ),
    "not at .mlflow.ref": Case(
        "start waterPlant --no-input", 4, "mage generate would fetch", moved
    ),
    "endpoints.go does not parse": Case(
        "start waterPlant --no-input", 1, "endpoints.go", replaced(ENDPOINTS, "package", "pack age")
    ),
    "store.go does not parse": Case(
        "start waterPlant --no-input", 1, "store.go", replaced(STORE, "interface {", "interface {{")
    ),
    "handlers.py does not parse": Case(
        "start waterPlant --no-input", 1, "handlers.py", replaced(HANDLERS, "def ", "def def ")
    ),
    "mage is missing": Case(
        "start waterPlant --no-input", 4, "mage 1.15.0 is not installed", tools={"mage": None}
    ),
    "mage is of another version": Case(
        "start waterPlant --no-input", 4, "asks for 1.15.0", tools={"mage": "print('v1.2.3')"}
    ),
    "a dirty line": Case(
        "start waterPlant --no-input", 1, "has changes of yours",
        replaced(ENDPOINTS, '// "waterPlant"', '//  "waterPlant"'),
    ),
}  # fmt: skip


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOTOOLCHAIN", "VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORTER_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A garden to copy: making one takes ten runs of git."""
    return garden.make(tmp_path_factory.mktemp("planted") / "garden")


@pytest.mark.usefixtures("cached")
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_bad_input(
    case: Case,
    planted: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    root = shutil.copytree(planted, tmp_path / "garden")
    monkeypatch.setenv("PATH", garden.tools(tmp_path / "bin", **case.tools))
    case.spoil(root)
    before = garden.contents(root)
    code = run([*case.argv.split(), "-C", str(root)])
    said = capfd.readouterr()
    assert (code, case.says in said.err + said.out) == (case.exit, True), said.err
    assert "next: " in said.err + said.out
    assert "bug" not in said.err
    after = garden.contents(root)
    assert {p: c for p, c in after.items() if not p.startswith(".git/porter/")} == before


@pytest.mark.usefixtures("cached")
def test_not_a_checkout(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "-C", str(tmp_path)]) == 2
    said = capfd.readouterr().err
    assert "is not a checkout of mlflow-go" in said
    assert "next: " in said


@pytest.mark.usefixtures("cached")
def test_an_error_is_a_document_with_json(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["status", "--json", "-C", str(tmp_path)]) == 2
    document = json.loads(capfd.readouterr().out)
    assert document["exit"] == 2
    assert document["next"]


@pytest.mark.usefixtures("cached")
def test_a_bug_leaves_its_traceback_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a thorn")

    monkeypatch.setattr("porter.guide.chapters", broken)
    assert run(["guide"]) == 70
    said = capfd.readouterr().err
    assert "a bug in porter: ZeroDivisionError: a thorn" in said
    report = next((tmp_path / "cache" / "reports").iterdir())
    assert "a thorn" in report.read_text()
