"""Running processes: streamed, logged, limited, and none left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from dying import gone

from porter.core.command import Command
from porter.errors import EnvironmentFault
from porter.work import commands, processes
from porter.work.commands import run

ENV = {"PATH": os.environ["PATH"]}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(processes, "GRACE", 0.2)


def shell(script: str, limit: float = 20) -> Command:
    return Command(("sh", "-c", script), limit=limit, env=(("WORD", "hello"),))


@pytest.mark.parametrize(("theirs", "whole"), [({}, "/mine"), ({"PYTHONPATH": "/a"}, "/mine:/a")])
def test_a_persons_python_path_stays(tmp_path: Path, theirs: dict[str, str], whole: str) -> None:
    command = Command(("sh", "-c", "echo $PYTHONPATH"), python_path="/mine")
    assert run(command, tmp_path, {**ENV, **theirs}).output == f"{whole}\n"


@pytest.mark.parametrize("exit_", [1, 0])
def test_a_full_disk_is_no_verdict(tmp_path: Path, exit_: int) -> None:
    """/dev/full answers every write as a full disk does (full(4))."""
    command = shell(f"head -c 1 /dev/zero > /dev/full; exit {exit_}")
    if exit_ == 0:
        assert run(command, tmp_path, ENV).ok
        return
    with pytest.raises(EnvironmentFault, match=r"sh found the disk full: .*[Nn]o space left"):
        run(command, tmp_path, ENV)


def test_streams_and_logs(tmp_path: Path) -> None:
    seen: list[str] = []
    outcome = run(
        shell("echo $WORD; echo err >&2; printf 'a\\r\\nhalf'; exit 3"),
        tmp_path,
        ENV,
        sink=seen.append,
    )
    assert seen == ["hello", "err", "a", "half"]
    assert (outcome.code, outcome.ok, outcome.timed_out) == (3, False, False)
    assert outcome.output == "hello\nerr\na\nhalf\n"
    assert outcome.log is not None
    assert outcome.log.read_text() == outcome.output
    error = commands.failed(outcome, next="do this")
    assert "exit code 3" in error.message
    assert "  half\nthe whole output: " in error.message
    assert error.next == "do this"


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    assert (
        run(shell("printf 'a\\377b\\n'"), tmp_path, ENV).output == "a\N{REPLACEMENT CHARACTER}b\n"
    )


def test_missing_program(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="no-such-tool is not installed") as error:
        run(Command(("no-such-tool",)), tmp_path, ENV)
    assert error.value.next == "porter doctor --fix"


# A parent and a child that ignore TERM, the child in a session of its own; both say who they are.
STUBBORN = """
trap '' TERM
$0 sh -c 'trap "" TERM; echo $$; exec sleep 60' &
echo $$
wait
"""


@pytest.mark.parametrize("own_session", ["env", "setsid"])
def test_a_hanging_command_is_ended_with_its_children(tmp_path: Path, own_session: str) -> None:
    command = Command(("sh", "-c", STUBBORN, own_session), limit=0.3)
    outcome = run(command, tmp_path, ENV)
    pids = [int(line) for line in outcome.output.splitlines()[:2]]
    assert outcome.timed_out
    assert not outcome.ok
    assert "ended after its limit of 0.3 s" in outcome.output
    assert all(gone(pid) for pid in pids)
    assert "did not end within 0.3 s" in commands.failed(outcome, next="").message


def test_what_outlives_the_command_is_ended(tmp_path: Path) -> None:
    outcome = run(shell("sleep 60 & echo $!"), tmp_path, ENV)
    assert outcome.ok
    assert outcome.seconds < 10
    assert gone(int(outcome.output))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_ends_the_children(tmp_path: Path, number: signal.Signals) -> None:
    pids: list[int] = []

    def sink(line: str) -> None:
        pids.append(int(line))
        if len(pids) == 2:
            os.kill(os.getpid(), number)

    with pytest.raises(KeyboardInterrupt):
        run(Command(("sh", "-c", STUBBORN, "env"), limit=20), tmp_path, ENV, sink=sink)
    assert len(pids) == 2
    assert all(gone(pid) for pid in pids)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_children_hear_ctrl_c_where_porter_is_to_ignore_it(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        own = "import os, signal; os.kill(os.getppid(), signal.SIGINT); os.kill(0, signal.SIGINT)"
        outcome = run(Command((sys.executable, "-c", own), limit=20), tmp_path, ENV)
        assert outcome.code == -signal.SIGINT
        assert "KeyboardInterrupt" in outcome.output
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_runs_in_a_thread(tmp_path: Path) -> None:
    done: list[str] = []
    thread = threading.Thread(
        target=lambda: done.append(run(shell("echo hi"), tmp_path, ENV).output)
    )
    thread.start()
    thread.join()
    assert done == ["hi\n"]


def test_a_cache_that_cannot_be_written_costs_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("PORTER_CACHE", str(tmp_path / "file/cache"))
    assert run(shell("echo hi"), tmp_path, ENV).output == "hi\n"


def test_capture(tmp_path: Path) -> None:
    done = commands.capture(["sh", "-c", "cat; echo no >&2; exit 2"], tmp_path, stdin=b"in\n")
    assert (done.code, done.out, done.err, done.text) == (2, b"in\n", b"no\n", "in")
    with pytest.raises(EnvironmentFault, match=r"did not end within 0\.2 s"):
        commands.capture(["sleep", "60"], tmp_path, limit=0.2)
    with pytest.raises(EnvironmentFault, match="not installed"):
        commands.capture(["no-such-tool"], tmp_path)


def test_last_lines() -> None:
    text = "".join(f"{n}\n\n" for n in range(30))
    assert commands.last_lines(text) == tuple(str(n) for n in range(10, 30))


def test_porter_killed_hard_leaves_a_log(tmp_path: Path) -> None:
    """Each line is in the log as soon as it came, even where nothing can be tidied any more."""
    script = (
        "import os, signal; from pathlib import Path; from porter.core.command import Command;"
        "from porter.work.commands import run\n"
        "def kill(line): os.kill(os.getpid(), signal.SIGKILL)\n"
        f"run(Command(('echo', 'said')), Path({str(tmp_path)!r}), dict(os.environ), sink=kill)"
    )
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=env, check=False)
    assert done.returncode == -signal.SIGKILL
    assert [p.read_text() for p in (tmp_path / "cache/logs").iterdir()] == ["said\n"]
