"""The guide's diffs are what porter plans, and they fit the practice backend as it is shipped."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from fill_guide import EXAMPLE, MARK, filled, planned
from practice import Backend

from porter.guide import chapters
from porter.shipped import shared
from porter.source.resolve import resolve
from porter.target import open_target

FILES = sorted(shared("guide").glob("*.md"))
BLOCK = re.compile(r"^```diff\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


@pytest.mark.go
def test_diffs_are_the_plans(pristine: Backend) -> None:
    target = open_target(pristine.root)
    task = target.task(resolve(EXAMPLE, target.catalog, target.layout))
    diffs = {step.slug: plan.diff() for step, plan, _ in planned(task)}
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert text == filled(text, diffs), f"{path.name} is stale; next: ./dev/guide"
    shown = {mark[1] for path in FILES for mark in MARK.finditer(path.read_text("utf-8"))}
    assert shown == {slug for slug, diff in diffs.items() if diff}


def test_diffs_fit_the_shipped_backend(tmp_path: Path) -> None:
    """In the order of the chapters, on the files that porter demo lays out."""
    shutil.copytree(shared("templates") / "backend" / "tree", tmp_path / "tree")
    for path in FILES:
        for diff in BLOCK.findall(path.read_text(encoding="utf-8")):
            subprocess.run(
                ["git", "apply", "--whitespace=nowarn", "-"], cwd=tmp_path / "tree", text=True,
                input=diff, check=True, env={**os.environ, "GIT_CEILING_DIRECTORIES": "/"},
            )  # fmt: skip


def test_every_mark_has_its_block() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert text.count("<!-- plan:") == len(MARK.findall(text)) == len(BLOCK.findall(text))


def test_readers_see_no_marks() -> None:
    assert not [chapter.slug for chapter in chapters() if "<!--" in chapter.text]
    assert "```diff" in "".join(chapter.text for chapter in chapters())


def test_filling_in_twice_changes_nothing() -> None:
    once = filled("# T\n\n<!-- plan: enable -->\n\nAfter.\n", {"enable": "-a\n+b\n"})
    assert once == "# T\n\n<!-- plan: enable -->\n```diff\n-a\n+b\n```\n\nAfter.\n"
    assert filled(once, {"enable": "-a\n+b\n"}) == once
