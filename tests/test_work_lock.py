"""Two porters on one checkout, and a person's own edits in the way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from porter.core.plan import Change, Plan
from porter.errors import EnvironmentFault
from porter.work import history
from porter.work.dirty import Dirty, dirty
from porter.work.git import own_folder
from porter.work.lock import Holder, locked

HOLD = """
import sys
from pathlib import Path
from porter.work.lock import locked
with locked(Path(sys.argv[1]), "start deleteTag"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for args in (["init", "-q"], ["config", "user.name", "a"], ["config", "user.email", "b"]):
        subprocess.run(["git", "-C", str(tmp_path), *args], check=True)
    return tmp_path


def holder(root: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_the_second_porter_is_told_who_holds_the_lock(root: Path) -> None:
    with holder(root) as process:
        said = rf"in use by porter start deleteTag \(process {process.pid}, since \d\d:\d\d:\d\d\)"
        with pytest.raises(EnvironmentFault, match=said), locked(root, "check"):
            pytest.fail("two at once")
        process.kill()
    with locked(root, "check"):
        pass


def test_the_second_porter_waits(root: Path) -> None:
    told: list[Holder] = []
    with holder(root) as process:

        def waiting(who: Holder) -> None:
            told.append(who)
            assert process.stdin is not None
            process.stdin.close()

        with locked(root, "check", wait=30, waiting=waiting):
            assert [who.pid for who in told] == [process.pid]
    assert (own_folder(root) / "lock").read_bytes() == b""


def commit(root: Path, content: bytes) -> None:
    (root / "a.go").write_bytes(content)
    subprocess.run(["git", "-C", str(root), "add", "-A"], check=True)
    subprocess.run(["git", "-C", str(root), "commit", "-qm", "x"], check=True)


COMMITTED = b"1\n2\n3\n4\n5\n"
# What stands now, what the plan makes of it, and the lines that both touch (None: not dirty).
DIRTY: dict[str, tuple[bytes, bytes, tuple[int, ...] | None]] = {
    "clean": (COMMITTED, b"X\n2\n3\n4\n5\n", None),
    "elsewhere": (b"mine\n2\n3\n4\n5\n", b"mine\n2\n3\n4\n5\nX\n", ()),
    "same line": (b"1\nmine\n3\n4\n5\n", b"1\nX\n3\n4\n5\n", (2,)),
    "deletes theirs": (b"1\n2\nmine\n3\n4\n5\n", b"1\n2\n3\n4\n5\n", (3,)),
    "behind theirs": (COMMITTED + b"mine\n", COMMITTED + b"mine\nX\n", ()),
    "before theirs": (COMMITTED + b"mine\n", COMMITTED + b"X\nmine\n", ()),
    "inside theirs": (COMMITTED + b"a\nb\n", COMMITTED + b"a\nX\nb\n", (7,)),
}


@pytest.mark.parametrize("name", DIRTY)
def test_dirty(root: Path, name: str) -> None:
    now, planned, lines = DIRTY[name]
    commit(root, COMMITTED)
    (root / "a.go").write_bytes(now)
    plan = Plan((Change("a.go", now, planned), Change("new.go", None, b"x")))
    assert dirty(root, plan) == (() if lines is None else (Dirty("a.go", lines),))


def test_what_stands_in_a_snapshot_is_no_obstacle(root: Path) -> None:
    commit(root, COMMITTED)
    (root / "a.go").write_bytes(b"mine\n")
    history.begin(root, ("MlflowService/deleteTag",), "enable")
    assert dirty(root, Plan((Change("a.go", b"mine\n", b"X\n"),))) == ()


def test_a_file_that_was_never_committed(root: Path) -> None:
    commit(root, COMMITTED)
    (root / "b.go").write_bytes(b"mine\n")
    found = dirty(root, Plan((Change("b.go", b"mine\n", b"X\n"),)))
    assert found[0].overlap
