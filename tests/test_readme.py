"""Every command in README and CONTRIBUTING exists as written, and does what it says it does."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
from practice import Backend

from porter.cli import app

ROOT = Path(__file__).parent.parent
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
DOCUMENTS = ("README.md", "CONTRIBUTING.md")
PLACEHOLDERS = {"EP": "deleteTag", "EP…": "deleteTag", "EP...": "deleteTag", "CHAPTER": "enable"}
HANDS = {"git", "cd", "pip"}
"""Programs of the reader's own that the documents may name."""


def blocks(document: str) -> list[str]:
    """The lines of the document's indented and fenced blocks."""
    text = (ROOT / document).read_text(encoding="utf-8")
    fenced = [
        line for block in re.findall(r"```\w*\n(.*?)```", text, re.S) for line in block.split("\n")
    ]
    return [*fenced, *re.findall(r"^    (?! )(.+)$", text, re.MULTILINE)]


def commands(document: str) -> list[str]:
    """The commands in the blocks, and what stands in backticks and starts with porter or ./dev."""
    text = (ROOT / document).read_text(encoding="utf-8")
    quoted = re.findall(r"`((?:porter |\./dev/)[^`\n]*)`", text)
    lines = [line.removeprefix("$ ").partition("  #")[0].strip() for line in blocks(document)]
    return sorted({line for line in (*lines, *quoted) if line})


def plain(command: str) -> list[str]:
    """The words of a command with something real in the place of `[EP]`, `DIR` and the like."""
    words = [word.strip("[]") for word in shlex.split(command)]
    return [PLACEHOLDERS.get(word, word) for word in words]


ALL = [(document, command) for document in DOCUMENTS for command in commands(document)]


@pytest.mark.parametrize(("document", "command"), ALL, ids=str)
def test_command_exists(document: str, command: str) -> None:
    words = plain(command)
    program = next(word for word in words if "=" not in word)
    if program == "porter":
        parse(words[words.index("porter") + 1 :])
    elif program.startswith("./dev/"):
        assert os.access(ROOT / program, os.X_OK), f"{document} names {program}"
    elif program.startswith(".venv/bin/"):
        assert program.rsplit("/", 1)[1] in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    else:
        assert program in HANDS, f"{document} names {program}: run it in a test"


def test_the_table_names_every_command_and_true_options() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `porter (\w+)[^|]*\|(.*)\|$", text, re.MULTILINE)
    assert {name for name, _ in rows} == set(COMMANDS)
    for name, row in rows:
        known = {option for each in COMMANDS[name].params for option in each.opts}
        assert set(re.findall(r"`(--?[a-z][\w-]*)", row)) <= known, name


def test_every_command_takes_a_folder() -> None:
    rows = COMMANDS.items()
    assert not [name for name, one in rows if not any("-C" in p.opts for p in one.params)]


@pytest.mark.go
def test_commands_run_in_the_order_of_the_readme(backend: Backend) -> None:
    """All but the walk itself (test_walk) and what makes a backend (every test on one)."""
    backend.porter("doctor", "--fix")
    assert "deleteTag" in backend.porter("status", "--missing").stdout
    assert "todo" in backend.porter("status", "deleteTag").stdout
    for form, said in (("checklist", "/runs/delete-tag"), ("markdown", "|"), ("json", "deleteTag")):
        assert said in backend.porter("status", "--format", form).stdout
    assert "required" in backend.porter("infer", "deleteTag").stdout
    assert "deleteTag" in backend.porter("infer", "--all", "--json").stdout
    backend.porter("infer", "deleteTag", "--explain", "run_id", "--mlflow", ".mlflow.repo")
    assert "No tag with name" in backend.porter("brief", "deleteTag").stdout
    backend.porter("lint")
    backend.porter("check", "setTag", "--fast", "--format", "github")
    assert "<testsuite" in backend.porter("check", "--fast", "--format", "junit").stdout
    backend.porter("start", "deleteTag", "--no-input", "--strict", "--until", "validate")
    assert "notEmpty" in (backend.root / "magefiles/generate/validations.go").read_text()
    assert "validate taken back" in backend.porter("undo", "deleteTag").stdout


def parse(args: list[str]) -> None:
    """Fails where porter does not know the command, an option or an argument."""
    if not args:
        return
    command = COMMANDS[args[0]]
    with command.make_context(args[0], args[1:]):
        pass
