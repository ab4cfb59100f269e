"""Fixtures: a garden on disk with stand-in tools, and porter run in it as from the command line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import garden
import pytest

from porter.cli import run


@dataclass(frozen=True)
class Said:
    """What a run of porter left on the screen."""

    out: str
    err: str


@dataclass(frozen=True)
class Plot:
    """A garden of one test's own."""

    root: Path
    _capture: Callable[[], tuple[str, str]]

    def porter(self, *args: str, code: int | None = 0) -> Said:
        """Run porter in it; the exit code must be `code`, None for any."""
        self._capture()
        done = run([*args, "-C", str(self.root)])
        said = Said(*self._capture())
        assert code in (done, None), said
        return said

    def git(self, *args: str) -> str:
        """Run git in it."""
        return garden.git(self.root, *args)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A garden to copy: making one takes ten runs of git."""
    return garden.make(tmp_path_factory.mktemp("seeded") / "garden")


@pytest.fixture
def plot(
    seeded: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Plot:
    """A copy of the garden, with the stand-in tools on PATH and a cache of its own."""
    for name in ("GOTOOLCHAIN", "VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORTER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", garden.tools(tmp_path / "bin"))
    root = shutil.copytree(seeded, tmp_path / "garden")
    return Plot(root, lambda: tuple(capfd.readouterr()))  # type: ignore[arg-type,return-value]
