"""Noise in a commit of its own: made on request, never applied, and picked with git's own hands."""

from __future__ import annotations

from pathlib import Path

import pytest
from growing import Plot

from porter.work import apart, history

CONTRACT = "pkg/contract/service/tracking.g.go"
WATER = "MlflowService/waterPlant"
START = ("start", "waterPlant", "--no-input", "--until", "enable")


@pytest.fixture(autouse=True)
def noisy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Generating brings a type that no endpoint asked for."""
    monkeypatch.setenv("MAGE_NOISE", "1")


def git_state(plot: Plot) -> tuple[str, ...]:
    asked = (("rev-parse", "HEAD"), ("branch", "-a"), ("stash", "list"), ("ls-files", "-s"))
    return tuple(plot.git(*each) for each in asked)


def contract(plot: Plot) -> str:
    return (plot.root / CONTRACT).read_text()


def picked(plot: Plot) -> str:
    found = apart.waiting(plot.root, WATER)
    assert found is not None
    return found


def commit(plot: Plot, message: str) -> None:
    plot.git("add", "-A")
    plot.git("commit", "-q", "-m", message)


def test_noise_stays_where_nothing_was_asked(plot: Plot) -> None:
    said = plot.porter(*START)
    assert "Weeds" in contract(plot)
    assert "noise  " in said.err
    assert apart.newest(plot.root, WATER) is None


def test_only_mine_puts_it_back(plot: Plot) -> None:
    said = plot.porter(*START, "--only-mine")
    assert "Weeds" not in contract(plot)
    assert "WaterPlant" in contract(plot)
    assert "generated lines of other causes put back" in said.err
    assert apart.newest(plot.root, WATER) is None


def test_apart_makes_a_commit_and_touches_nothing_of_gits(plot: Plot) -> None:
    before = git_state(plot)
    said = plot.porter(*START, "--noise-apart")
    assert git_state(plot) == before
    assert "Weeds" not in contract(plot)
    assert f"they are in a commit of their own, {picked(plot)[:10]}" in said.err
    message = plot.git("log", "-1", "--format=%B", picked(plot))
    assert message.startswith("Regenerate what the port of waterPlant did not cause")


def test_the_commit_is_picked_onto_the_port(plot: Plot) -> None:
    plot.porter(*START, "--noise-apart")
    noise = picked(plot)
    commit(plot, "port waterPlant")
    plot.git("cherry-pick", noise)
    assert "Weeds" in contract(plot)
    assert "WaterPlant" in contract(plot)
    assert plot.git("status", "--short") == ""
    assert plot.git("show", "--format=", "--name-only", "HEAD") == CONTRACT
    assert apart.waiting(plot.root, WATER) is None, "nothing is left to pick"


def test_undo_takes_the_step_back_and_the_commit_with_it(plot: Plot) -> None:
    before = contract(plot)
    plot.porter(*START, "--noise-apart")
    assert plot.porter("undo", "waterPlant").out.startswith("waterPlant: enable taken back")
    assert contract(plot) == before
    assert plot.git("status", "--short") == ""
    assert apart.newest(plot.root, WATER) is None


def test_the_newest_holds_what_earlier_ones_brought(plot: Plot) -> None:
    def step(slug: str, path: str, mine: str, noise: str) -> None:
        """One step as the workshop records it: the port's lines stay, the noise goes apart."""
        begun = history.begin(root, (WATER,), slug)
        full = tree(path, mine + noise)
        kept = apart.commit(root, (WATER,), full, tree(path, mine), 1)
        history.finish(root, begun, beside=kept)

    def tree(path: str, content: str) -> str:
        from porter.work.snapshots import write_tree

        (root / path).write_text(content)
        return write_tree(root)

    root: Path = plot.root
    step("enable", "a.g.go", "mine a\n", "noise a\n")
    step("mocks", "b.g.go", "mine b\n", "noise b\n")
    commit(plot, "the port")
    plot.git("cherry-pick", picked(plot))
    assert (root / "a.g.go").read_text() == "mine a\nnoise a\n"
    assert (root / "b.g.go").read_text() == "mine b\nnoise b\n"
