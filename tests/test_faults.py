"""Ctrl-C, a full disk, a cache that cannot be written, two porters: the next run is right."""

from __future__ import annotations

import errno
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import garden
import pytest
from dying import gone
from growing import Plot

pytestmark = pytest.mark.go  # no Go in them, but processes to wait for: not for the fast tier

CONTRACT = "pkg/contract/service/tracking.g.go"
START = ("start", "waterPlant", "--no-input", "--until", "enable")
PORTER = Path(sys.executable).parent / "porter"
FULL = "if 'generate' in sys.argv:\n    open('/dev/full', 'wb', 0).write(b'x')\n"
# It tells its own process id and that of a child through a pipe, then hangs as a tool may.
HANGS = """
if '-version' in sys.argv:
    print('Mage Build Tool v1.15.0')
else:
    import subprocess
    child = subprocess.Popen(['sleep', '1000'])
    with open(os.environ['HANGS'], 'w') as told:
        told.write(f'{os.getpid()} {child.pid} hangs')
    child.wait()
"""


def tools(plot: Plot, monkeypatch: pytest.MonkeyPatch, mage: str) -> None:
    """Another mage than the garden's."""
    folder = plot.root.parent / "other"
    monkeypatch.setenv("PATH", garden.tools(folder, mage=mage))


@contextmanager
def running(plot: Plot, *args: str) -> Iterator[subprocess.Popen[str]]:
    """Porter as a process of its own."""
    with subprocess.Popen(
        [PORTER, *args], cwd=plot.root, text=True, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def heard(stream: int, word: str) -> str:
    """What comes out of a stream until a word of it; fails where it does not come in a minute."""
    said = ""
    while word not in said:
        assert select.select([stream], [], [], 60)[0], f"no {word!r} in {said!r}"
        data = os.read(stream, 65536)
        assert data, f"no {word!r} in {said!r}"
        said += data.decode()
    return said


@pytest.fixture
def pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Where a tool that hangs tells its processes."""
    place = tmp_path / "hangs"
    os.mkfifo(place)
    monkeypatch.setenv("HANGS", str(place))
    # Held open for writing too, so that it has no end before the tool speaks.
    stream = os.open(place, os.O_RDWR)
    yield stream
    os.close(stream)


def hung(pipe: int) -> list[int]:
    """Once the tool hangs: its process and its child's."""
    return [int(word) for word in heard(pipe, "hangs").split()[:2]]


def test_interrupted_while_a_tool_runs(
    plot: Plot, monkeypatch: pytest.MonkeyPatch, pipe: int
) -> None:
    right = os.environ["PATH"]
    tools(plot, monkeypatch, HANGS)
    with running(plot, *START) as process:
        pids = hung(pipe)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    assert all(gone(pid) for pid in pids)
    monkeypatch.setenv("PATH", right)
    assert "enable was cut off; going on with it" in plot.porter(*START).err
    assert "WaterPlant" in (plot.root / CONTRACT).read_text()
    plot.porter("undo", "waterPlant")
    assert plot.git("status", "--short") == ""


def test_interrupted_check_leaves_no_copy(
    plot: Plot, monkeypatch: pytest.MonkeyPatch, pipe: int
) -> None:
    before = garden.contents(plot.root)
    tools(plot, monkeypatch, HANGS.replace("else:", "elif 'generate' in sys.argv:"))
    with running(plot, "check", "createPlant") as process:
        pids = hung(pipe)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    assert all(gone(pid) for pid in pids)
    assert list(Path(os.environ["PORTER_CACHE"], "copies").iterdir()) == []
    after = garden.contents(plot.root)
    assert {p: c for p, c in after.items() if not p.startswith(".git/porter/")} == before


def test_a_tool_that_finds_the_disk_full(plot: Plot, monkeypatch: pytest.MonkeyPatch) -> None:
    right = os.environ["PATH"]
    tools(plot, monkeypatch, FULL + garden.TOOLS["mage"])
    said = plot.porter(*START, code=4).err
    assert "mage found the disk full" in said
    assert "next: free the disk" in said
    monkeypatch.setenv("PATH", right)
    plot.porter(*START)
    assert "WaterPlant" in (plot.root / CONTRACT).read_text()


def test_porter_itself_finds_the_disk_full(plot: Plot, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/somewhere")

    monkeypatch.setattr("tempfile.mkdtemp", full)
    said = plot.porter(*START, code=4).err
    assert "/somewhere cannot be written" in said
    assert "bug" not in said


def test_a_cache_that_cannot_be_written_is_done_without(
    plot: Plot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTER_CACHE", "/dev/null/cache")
    plot.porter(*START)
    assert "ok" in plot.porter("status", "waterPlant").out


def test_the_second_porter_waits_and_says_for_whom(
    plot: Plot, monkeypatch: pytest.MonkeyPatch, pipe: int
) -> None:
    right = os.environ["PATH"]
    tools(plot, monkeypatch, HANGS)
    with running(plot, *START) as first:
        hung(pipe)
        monkeypatch.setenv("PATH", right)
        with running(plot, *START) as second:
            assert second.stdout is not None
            waiting = heard(second.stdout.fileno(), "since")
            assert f"waiting for porter start waterPlant (process {first.pid}" in waiting
            first.send_signal(signal.SIGINT)
            assert first.wait(30) == 130
            second.communicate(timeout=60)
            assert second.returncode == 0
    assert "WaterPlant" in (plot.root / CONTRACT).read_text()
