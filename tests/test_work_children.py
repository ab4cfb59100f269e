"""Processes beside each other: followed by one thread, held at a gate, and all of them ended."""

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
from porter.work import processes
from porter.work.children import Children

ENV = {"PATH": os.environ["PATH"]}
GATE = "PORTER_GATE"
ASKS = f"read -r _ <&${GATE}; echo $?"
"""A line on the gate makes it 0, the gate's end 1."""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(processes, "GRACE", 0.2)


def shell(script: str, limit: float = 20, gate: str = "") -> Command:
    return Command(("bash", "-c", script), limit=limit, gate=gate)


def test_each_hears_the_other(tmp_path: Path) -> None:
    """Neither ends without the other: both run at once, and their lines stay apart."""
    os.mkfifo(tmp_path / "there")
    os.mkfifo(tmp_path / "back")
    heard: list[tuple[str, int]] = []

    def sink(line: str) -> None:
        heard.append((line, threading.get_ident()))

    with Children(tmp_path, ENV) as children:
        one = children.start(shell("echo a > there; cat back"), sink)
        other = children.start(shell("cat there; echo b > back"), sink)
        assert children.wait(one).output == "b\n"
        assert children.wait(other).output == "a\n"
    assert {line for line, _ in heard} == {"a", "b"}
    assert {thread for _, thread in heard} == {threading.get_ident()}


def test_waiting_for_one_hears_the_others(tmp_path: Path) -> None:
    """More than a pipe holds, from one that nobody waits for yet."""
    os.mkfifo(tmp_path / "end")
    with Children(tmp_path, ENV) as children:
        loud = children.start(shell("yes | head -n 200000; echo > end"))
        quiet = children.start(shell("read line < end"))
        assert children.wait(quiet).ok
        assert len(children.wait(loud).output) == 400000


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_ends_all(tmp_path: Path, number: signal.Signals) -> None:
    pids: list[int] = []

    def sink(line: str) -> None:
        pids.append(int(line))
        if len(pids) == 2:
            os.kill(os.getpid(), number)

    with pytest.raises(KeyboardInterrupt), Children(tmp_path, ENV) as children:
        first = children.start(shell("trap '' TERM; echo $$; exec sleep 60"), sink)
        children.start(shell("echo $$; exec sleep 60"), sink)
        children.wait(first)
    assert len(pids) == 2
    assert all(gone(pid) for pid in pids)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_leaving_ends_what_nobody_waited_for(tmp_path: Path) -> None:
    pids: list[int] = []
    with Children(tmp_path, ENV) as children:
        children.start(shell("echo $$; exec sleep 60"), lambda line: pids.append(int(line)))
        with children.started(shell("exec sleep 60"), print):
            while not pids:
                children.turn()
    assert gone(pids[0])


def test_one_that_is_not_there_ends_the_others(tmp_path: Path) -> None:
    pids: list[int] = []
    with pytest.raises(EnvironmentFault, match="no-such-tool"), Children(tmp_path, ENV) as children:
        children.start(shell("echo $$; exec sleep 60"), lambda line: pids.append(int(line)))
        while not pids:
            children.turn()
        children.start(Command(("no-such-tool",)))
    assert gone(pids[0])


def test_a_held_command_gets_ready_and_waits(tmp_path: Path) -> None:
    said: list[str] = []
    with Children(tmp_path, ENV) as children:
        held = children.start(shell(f"echo ready; {ASKS}", gate=GATE), said.append, held=True)
        while not said:
            children.turn()
        children.wait(children.start(shell("true")))
        assert said == ["ready"]
        held.release()
        assert children.wait(held).output == "ready\n0\n"


def test_one_that_ended_before_its_release_has_ended(tmp_path: Path) -> None:
    """As pytest does where it is not installed: nothing is written to what is another's by now."""
    with Children(tmp_path, ENV) as children:
        held = children.start(shell("echo no pytest; exit 1", gate=GATE), held=True)
        assert children.wait(held).code == 1
        held.release()
        assert children.wait(held).output == "no pytest\n"


def test_the_limit_counts_from_the_release(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "never")
    with Children(tmp_path, ENV) as children:
        waits = children.start(shell(ASKS, limit=0.2, gate=GATE), held=True)
        late = children.start(shell("read line < never", limit=0.5))
        assert children.wait(late).timed_out
        waits.release()
        assert not children.wait(waits).timed_out
        hangs = children.start(shell(f"{ASKS}; read line < never", 0.2, GATE), held=True)
        hangs.release()
        assert children.wait(hangs).timed_out


def test_the_gates_end_says_that_nobody_is_there(tmp_path: Path) -> None:
    """Where porter was killed hard, nothing else can tell the command to leave."""
    os.mkfifo(tmp_path / "said")
    script = (
        "import os, signal; from pathlib import Path; from porter.core.command import Command\n"
        "from porter.work.children import Children\n"
        f"command = Command(('bash', '-c', {f'({ASKS}) > said'!r}), gate={GATE!r})\n"
        f"Children(Path({str(tmp_path)!r}), dict(os.environ)).start(command, held=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=env, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "said").read_text() == "1\n"


def test_one_that_is_not_held_is_told_no_gate(tmp_path: Path) -> None:
    with Children(tmp_path, ENV) as children:
        told = children.start(shell(f'echo "<${GATE}>"', gate=GATE))
        assert children.wait(told).output == "<>\n"
