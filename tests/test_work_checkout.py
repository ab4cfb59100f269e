"""Reading a folder as a view, and applying a plan: all of it or nothing."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from porter.core.plan import Change, Plan
from porter.errors import EnvironmentFault, SourceError, UsageError
from porter.work.checkout import Disk, apply, find_root


def tree(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a.go").write_bytes(b"one\r\n")
    (tmp_path / "b.go").write_bytes(b"two\n")
    return tmp_path


def test_disk_reads_once_and_lists(root: Path) -> None:
    (root / "pkg/x").mkdir(parents=True)
    (root / ".git").mkdir()
    for path in ("pkg/a.go", "pkg/x/b.go", ".git/c.go"):
        (root / path).write_text("x")
    disk = Disk(root, ".mlflow.repo")
    assert disk.read("a.go") == b"one\r\n"
    (root / "a.go").write_text("changed")
    assert disk.read("a.go") == b"one\r\n"
    assert disk.read("none.go") is None
    assert disk.read("pkg") is None
    assert disk.files("pkg", ".go") == ("pkg/a.go",)
    assert disk.files("", ".go", deep=True) == ("a.go", "b.go", "pkg/a.go", "pkg/x/b.go")
    assert disk.files(".git", ".go") == (".git/c.go",)
    assert disk.files("none") == ()
    assert disk.where("a.go") == ".mlflow.repo/a.go"
    assert len({disk, Disk(root)}) == 2


@pytest.mark.parametrize("inside", ["", "pkg/sql"])
def test_find_root(root: Path, inside: str) -> None:
    (root / "magefiles/generate").mkdir(parents=True)
    (root / "magefiles/generate/endpoints.go").write_text("package generate\n")
    (root / "go.mod").write_text("module m\n")
    (root / "pkg/sql").mkdir(parents=True)
    assert find_root(root / inside) == root


def test_find_root_refuses(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a checkout") as error:
        find_root(tmp_path)
    assert "-C DIR" in error.value.next
    with pytest.raises(UsageError, match="does not exist"):
        find_root(tmp_path / "none")


def test_apply_writes_everything(root: Path) -> None:
    (root / "a.go").chmod(0o755)
    plan = Plan((Change("a.go", b"one\r\n", b"1\r\n"), Change("new/deep/c.go", None, b"c")))
    assert apply(root, plan) == ("a.go", "new/deep/c.go")
    assert tree(root) == {"a.go": b"1\r\n", "b.go": b"two\n", "new/deep/c.go": b"c"}
    assert (root / "a.go").stat().st_mode & 0o777 == 0o755


def test_apply_keeps_a_link(root: Path) -> None:
    (root / "link.go").symlink_to("a.go")
    apply(root, Plan((Change("link.go", b"one\r\n", b"1"),)))
    assert (root / "link.go").is_symlink()
    assert (root / "a.go").read_bytes() == b"1"


def test_apply_refuses_to_leave_the_checkout(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "x.go"
    outside.write_text("x")
    (root / "link.go").symlink_to(outside)
    for path in ("link.go", "../y.go"):
        with pytest.raises(EnvironmentFault, match="outside"):
            apply(root, Plan((Change(path, b"x", b"y"),)))
    assert outside.read_text() == "x"


def check_untouched(root: Path, plan: Plan, error: type[Exception], said: str) -> None:
    before = tree(root)
    with pytest.raises(error, match=said):
        apply(root, plan)
    assert tree(root) == before
    assert sorted(p.name for p in root.iterdir()) == sorted({k.split("/")[0] for k in before})


STALE = Plan((Change("b.go", b"two\n", b"2"), Change("a.go", b"other", b"1")))
GONE = Plan((Change("b.go", b"two\n", b"2"), Change("c.go", b"was there", b"1")))
LARGE = Plan((Change("b.go", b"two\n", b"2"), Change("new/c.go", None, b"x" * 100_000)))


def test_apply_refuses_what_changed_meanwhile(root: Path) -> None:
    check_untouched(root, STALE, SourceError, r"a\.go changed while")
    check_untouched(root, GONE, SourceError, r"c\.go changed while")


def test_apply_on_a_full_disk_changes_nothing(root: Path) -> None:
    with file_size_limit(10_000):
        check_untouched(root, LARGE, EnvironmentFault, r"new/c\.go cannot be written.*nothing was")


def test_apply_in_a_read_only_place_changes_nothing(root: Path) -> None:
    (root / "a.go").chmod(0o444)
    if os.geteuid() != 0:
        plan = Plan((Change("b.go", b"two\n", b"2"), Change("a.go", b"one\r\n", b"1")))
        check_untouched(root, plan, EnvironmentFault, "nothing was changed")
    plan = Plan((Change("b.go", b"two\n", b"2"), Change("a.go/c.go", None, b"1")))
    check_untouched(root, plan, EnvironmentFault, r"a\.go/c\.go cannot be")


def test_ctrl_c_between_two_files_changes_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = iter([os.fsync])

    def fsync(number: int) -> None:
        next(writes, interrupt)(number)

    def interrupt(_: int) -> None:
        signal.raise_signal(signal.SIGINT)

    plan = Plan((Change("b.go", b"two\n", b"2"), Change("c.go", None, b"1")))
    monkeypatch.setattr(os, "fsync", fsync)
    before = tree(root)
    with pytest.raises(KeyboardInterrupt):
        apply(root, plan)
    monkeypatch.undo()
    assert tree(root) == before


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """A disk that takes files of at most `size` bytes: writing more fails as a full one does."""
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, was[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)
        signal.signal(signal.SIGXFSZ, ignored)
