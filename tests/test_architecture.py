"""The structure holds: who may import whom, sizes, and one chapter a step."""

from __future__ import annotations

import ast
import re
import statistics
from pathlib import Path

import pytest

from porter.guide import chapters
from porter.steps import STEPS

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "porter").rglob("*.py"))
LAYERS = {
    "core": {"core"},
    "source": {"core", "source"},
    "proof": {"core", "source", "proof"},
    "work": {"core", "work"},
    "steps": {"core", "source", "proof", "steps"},
    "terminal": {"core", "terminal"},
    "target": {"core", "source", "work", "target"},
    "workshop": {"core", "source", "work", "target", "workshop"},
    "session": {"core", "source", "proof", "steps", "work", "target", "workshop", "session"},
}
# What remembers lint is lint.
FEATURES = {"linted": {"lint"}}
FEATURE = {"core", "source", "work", "proof", "target", "workshop"}
HOME = {"typer": "cli", "rich": "terminal", "questionary": "terminal", "jinja2": "scaffold/render"}
# Words that say nothing about what a file or a class is for.
EMPTY_NAMES = re.compile(r"util|helper|manager|misc|common", re.IGNORECASE)


def part(path: Path) -> str:
    """`porter/work/tools.py` → `work`, `porter/status.py` → `status`."""
    return path.relative_to(ROOT / "porter").parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """The dotted names that a file imports, at the top or inside functions, typing apart."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    own = part(path)
    if own in ("cli", "__main__", "__init__", "prove_plugin"):
        return
    allowed = LAYERS.get(own, FEATURE | FEATURES.get(own, set()) | {own}) | {
        "errors",
        "shipped",
        "__init__",
    }
    for name in imports(path):
        if name.startswith("porter."):
            assert name.split(".")[1] in allowed, f"{path.name} imports {name}"
        for library, home in HOME.items():
            if name.split(".")[0] == library:
                assert home in path.as_posix(), f"{library} belongs in {home}, not in {path.name}"


@pytest.mark.parametrize("path", [f for f in FILES if part(f) == "steps"], ids=lambda p: p.stem)
def test_no_step_imports_another(path: Path) -> None:
    if path.stem != "__init__":
        assert not [name for name in imports(path) if name.startswith("porter.steps")]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_sizes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name
        if isinstance(node, ast.ClassDef):
            assert not EMPTY_NAMES.search(node.name)
    assert not EMPTY_NAMES.search(path.stem)


def test_median_size() -> None:
    assert statistics.median(len(f.read_text("utf-8").splitlines()) for f in FILES) < 100


def test_only_work_runs_processes_and_writes() -> None:
    writing = re.compile(
        r"\bsubprocess\b|\.write_(text|bytes)\(|\bopen\([^)]*['\"][wax]b?['\"]|os\.exec"
    )
    allowed = ("work/", "cli.py", "prove_plugin")
    for path in FILES:
        where = path.relative_to(ROOT / "porter").as_posix()
        if not where.startswith(allowed):
            assert not writing.search(path.read_text("utf-8")), where


def test_nothing_below_session_prints() -> None:
    for path in FILES:
        if part(path) not in ("cli", "terminal", "__main__", "prove_plugin"):
            assert not re.search(r"^\s*print\(|sys\.exit\(", path.read_text("utf-8"), re.MULTILINE)


def test_chapters_and_steps_match() -> None:
    steps = [(number, step.slug) for number, step in enumerate(STEPS, 1)]
    assert [(c.number, c.slug) for c in chapters() if c.number] == steps
    modules = {f.stem for f in FILES if part(f) == "steps" and f.stem != "__init__"}
    assert modules == {slug for _, slug in steps}


def test_chapters_have_titles() -> None:
    assert all(chapter.title and not chapter.title.startswith("#") for chapter in chapters())
