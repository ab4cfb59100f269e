"""The command line as a whole: every move that porter names exists, every command has its -C."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import typer

from porter.cli import app, run

FILES = sorted((Path(__file__).parent.parent / "porter").rglob("*.py"))
# Prose about porter begins with a verb; a move is a command.
VERBS = {"keeps", "uses"}
MOVE = re.compile(r"(?:^|[`·:] ?|, |; )porter ([a-z]+)")
COMMANDS = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def moves(path: Path) -> set[str]:
    """The commands named in a file's strings, docstrings apart."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    texts = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    )
    return {found for text in texts for found in MOVE.findall(text)} - VERBS


def test_every_move_that_is_named_exists() -> None:
    named = {name: path.name for path in FILES for name in moves(path)}
    assert {"start", "undo", "status", "doctor"} <= set(named)
    assert {name: file for name, file in named.items() if name not in COMMANDS} == {}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_takes_a_directory(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    assert "-C DIR" in capsys.readouterr().out


def test_the_directory_may_stand_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(tmp_path), "status"]) == run(["status", "-C", str(tmp_path)]) == 2
    first, second = capsys.readouterr().err.split("next:")[::1][:2]
    assert str(tmp_path) in first
    assert str(tmp_path) in second


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == run([]) == 0
    said = capsys.readouterr().out
    assert said.startswith("porter 0.")
    assert "start" in said


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["infer"], "either one endpoint or all"),
        (["infer", "waterPlant", "--all"], "either one endpoint or all"),
        (["infer", "--all", "--explain", "litres"], "a field belongs to one endpoint"),
    ],
)
def test_infer_takes_one_endpoint_or_all(
    argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(argv) == 2
    assert said in capsys.readouterr().err
