"""The walk in a terminal: the review, leaving it, Ctrl-C, going on, and the green end."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest
from practice import PORTER, Backend

pytestmark = pytest.mark.go

LONG = 240
"""Seconds to wait for anything: a cold build on a busy machine, not a measure."""
GAP = r"(?:\x1b\[[\d;]*m|\s)+"
"""Between two words on the screen: blanks, and changes of colour."""
KEYS = {"ctrl-c": "\x03", "enter": "\r"}


@contextmanager
def terminal(backend: Backend, *args: str) -> Iterator[pexpect.spawn]:
    """Porter in a terminal of 120 columns; it must have ended when the block ends."""
    child = pexpect.spawn(
        PORTER, list(args), cwd=str(backend.root), encoding="utf-8", dimensions=(40, 120),
        timeout=LONG, env={**backend.env, "PROMPT_TOOLKIT_NO_CPR": "1"}, echo=False,
    )  # fmt: skip
    child.logfile_read = sys.stdout
    try:
        yield child
        child.expect(pexpect.EOF)
    finally:
        child.close()


def words(text: str) -> str:
    """The pattern of these words, whatever their colours and the space between them."""
    return GAP.join(re.escape(word) for word in text.split())


def accept(child: pexpect.spawn, step: str) -> None:
    """Say yes to the shown diff of a step."""
    child.expect(words(f"{step}: write"))
    child.send(KEYS["enter"])


def inside(root: Path) -> list[int]:
    """The processes that work in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where = (process / "cwd").readlink()
        except OSError:
            continue
        if where.is_relative_to(root) and int(process.name) != os.getpid():
            found.append(int(process.name))
    return found


def wait_for_command(root: Path, child: pexpect.spawn) -> None:
    """Until porter has a process of its own in the checkout."""
    end = time.monotonic() + LONG
    while len(inside(root)) < 2:
        assert time.monotonic() < end, "no command started"
        assert child.isalive(), child.before


def test_review_quit_resume_interrupt_and_finish(backend: Backend) -> None:
    before = backend.snapshot()
    with terminal(backend, "start", "deleteTag") as child:
        accept(child, "enable")
        child.expect(words("DeleteTag.run_id *string [1/2]"))
        child.expect("q save and quit")
        child.send("n")
        child.expect(words("DeleteTag.key *string [2/2]"))
        child.expect("q save and quit")
        child.send("q")
        child.expect(words("paused (exit 3)"))
    assert child.exitstatus == 3

    with terminal(backend, "start", "deleteTag") as child:
        assert child.expect(["DeleteTag.run_id", words("DeleteTag.key *string [1/1]")]) == 1
        child.expect("q save and quit")
        child.send("s")
        accept(child, "validate")
        child.expect("mage generate")
        wait_for_command(backend.root, child)
        child.send(KEYS["ctrl-c"])
    assert child.exitstatus == 130
    assert inside(backend.root) == []

    with terminal(backend, "start", "deleteTag") as child:
        child.expect("cut off")
        for step in ("service", "store", "binding"):
            accept(child, step)
        child.expect(words("8 implement YOU"))
        child.expect("next: porter brief deleteTag")
    assert child.exitstatus == 3
    rules = (backend.root / "magefiles/generate/validations.go").read_text()
    assert re.findall(r'"DeleteTag_(\w+)": +"(.*)"', rules) == [("Key", "notEmpty,required")]

    backend.porter("demo", "--solve")
    with terminal(backend, "start", "deleteTag") as child:
        child.expect(words("9 python_tests ok") + ".*reached Go")
        child.expect(words("done (exit 0)"))
    assert child.exitstatus == 0
    report = json.loads(backend.porter("check", "deleteTag", "--json", code=0).stdout)
    assert not [f for f in report["findings"] if "RunId" in f["text"]], (
        "a refused rule is no finding"
    )
    assert backend.snapshot() != before
