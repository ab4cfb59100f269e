"""Which tests come to an endpoint is found once, and anew when a file that it hangs on changes."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest
from things import CHECKOUT, FIND, MLFLOW, RENAME, task

from porter.core.endpoint import Endpoint
from porter.proof import selection
from porter.proof.selection import Reaching
from porter.target import Target
from porter.testing import reaching
from porter.work.checkout import Disk
from porter.work.tools import Toolchain

TEST = "tests/rest/test_rest.py"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PORTER_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "checkout"
    for top, files in ((root, CHECKOUT), (root / "mlflow.repo", MLFLOW)):
        for path, text in files.items():
            (top / path).parent.mkdir(parents=True, exist_ok=True)
            (top / path).write_text(text)
    return root


def found(
    root: Path,
    endpoint: Endpoint = RENAME,
    binding: str = "pkg/store/things.py",
    enabled: frozenset[str] = frozenset(),
) -> Reaching:
    """As a new porter finds it, with all of the checkout's Go read for other reasons."""
    wanted = task(endpoint, binding=binding)
    service = dataclasses.replace(wanted.service, enabled=enabled)
    wanted = dataclasses.replace(
        wanted, layout=dataclasses.replace(wanted.layout, services=(service,))
    )
    tree, mlflow = Disk(root), Disk(root / "mlflow.repo")
    for path in tree.files("", ".go", deep=True):
        tree.read(path)
    target = Target(
        root, tree, wanted.layout, mlflow, wanted.catalog, mlflow.root,
        Toolchain(root, (), {}, (sys.executable,)),
    )  # fmt: skip
    return reaching.found(target, dataclasses.replace(wanted, tree=tree, mlflow=mlflow))


def test_as_without_the_memory(root: Path) -> None:
    for _ in range(2):
        assert found(root) == selection.reaching(task(RENAME))
        assert found(root, FIND) == selection.reaching(task(FIND))


def test_an_edit_of_go_changes_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = found(root)
    (root / "pkg/sql").mkdir()
    (root / "pkg/sql/things.go").write_text("package sql\n")
    monkeypatch.delattr(selection, "reaching")
    assert found(root) == before
    assert found(root, enabled=frozenset({"dropThing"})) == before, "nor what else is enabled"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (f"mlflow.repo/{TEST}", "", "def test_new(client): client.change_name('0', 'x')\n"),
        ("conftest.py", "test_replaced", "test_other"),
        ("pkg/store/things.py", "ThingServiceRenameThing", "ThingServiceDropThing"),
        ("magefiles/tests.go", "test_rest.py", "test_gone.py"),
    ],
)
def test_what_it_hangs_on_does(root: Path, path: str, old: str, new: str) -> None:
    before = found(root)
    file = root / path
    text = file.read_text()
    file.write_text(text.replace(old, new) if old else text + new)
    assert found(root) != before


def test_another_binding_is_another_fact(root: Path) -> None:
    before = found(root)
    (root / "pkg/store/other.py").write_text("class _Store: ...\n")
    assert found(root, binding="pkg/store/other.py") != before
