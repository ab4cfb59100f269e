"""The witness in a real pytest: a library that cffi opens, a Go-like server and one behind it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from porter.core.endpoint import Route
from porter.proof.evidence import Goal, reached
from porter.proof.report import Report, read
from porter.proof.running import GATE_ENV, REPORT_ENV, WITNESS, witness_folder

pytestmark = pytest.mark.go  # no Go in them, but servers to wait for: not for the fast tier

# Stands in for cffi: what dlopen gives has functions by name.
CFFI = """
class FFI:
    def dlopen(self, name, flags=0):
        import front
        return front.Library()
"""

# A server of its own answers one route and hands the others on, as the Go server does.
FRONT = """
import json, socket, threading, time
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *a): pass
    def version_string(self): return self.signature
    def answer(self, body, server):
        self.send_response_only(200)
        self.send_header("Server", server)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if self.path.endswith("/own") or self.server.behind is None:
            return self.answer(b"mine:" + body, self.server.signature)
        # Not http.client: the witness reads that, and the Go server is no Python.
        host, port = self.server.behind.split(":")
        with socket.create_connection((host, int(port))) as inner:
            head = "POST %s HTTP/1.1\\r\\nConnection: close\\r\\nContent-Length: %d\\r\\n\\r\\n"
            inner.sendall((head % (self.path, length)).encode() + body)
            head, _, body = inner.makefile("rb").read().partition(b"\\r\\n\\r\\n")
        signed = [h[8:] for h in head.decode().splitlines() if h.startswith("Server: ")]
        self.answer(body, signed[0])

def serve(signature, behind=None):
    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.signature, server.behind = signature, behind
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server

class Library:
    constant = 7
    def ThingServiceRenameThing(self, *args): return "renamed"
    def Launch(self, data, size):
        assert len(data) == size
        behind = json.loads(data)["python_address"]
        wait_for(behind)
        return serve("mlflow/1.0", behind)

def wait_for(address):
    # The Go server waits for its Python server too, by trying to connect.
    host, port = address.split(":")
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            return socket.create_connection((host, int(port))).close()
        except ConnectionRefusedError:
            pass
"""

TESTS = """
import cffi, front, http.client, json, os, pytest, subprocess, sys

lib = cffi.FFI().dlopen("/there/lib.so")

@pytest.fixture
def made():
    return lib.ThingServiceRenameThing(1)

def test_ffi(made):
    assert lib.ThingServiceRenameThing(2) == "renamed" and lib.constant == 7

def test_http(tmp_path):
    python = front.serve("Werkzeug/3.0")
    address = "127.0.0.1:%d" % python.server_address[1]
    config = json.dumps({"python_address": address}).encode()
    go = lib.Launch(config, len(config))
    for path in ("/api/2.0/own", "/api/2.0/other?x=1", "/api/2.0/other"):
        client = http.client.HTTPConnection("127.0.0.1", go.server_address[1])
        client.request("POST", path, b"b" * 70000)
        assert client.getresponse().read() == b"mine:" + b"b" * 70000
    with open("left-behind", "w") as file:
        file.write("x")

def test_child():
    python = front.serve("Werkzeug/3.0")
    config = json.dumps({"python_address": "127.0.0.1:%d" % python.server_address[1]}).encode()
    go = lib.Launch(config, len(config))
    asks = "import http.client, sys; c = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1]));"
    asks += "c.request('POST', sys.argv[2], b''); c.getresponse().read()"
    for path in ("/api/2.0/own", "/api/2.0/other"):
        argv = [sys.executable, "-c", asks, str(go.server_address[1]), path]
        subprocess.run(argv, check=True)

def test_fails():
    with pytest.raises(ValueError, match="two words"):
        raise ValueError("other words")

@pytest.mark.skipif(True, reason="no")
def test_skipped(): pass

@pytest.fixture
def broken(): raise TypeError("cannot be made")

def test_error(broken): pass

def test_dies():
    if os.environ.get("DIE"):
        os._exit(0)
"""


def run(tmp_path: Path, **env: str) -> tuple[int, Report]:
    for name, text in (("cffi.py", CFFI), ("front.py", FRONT), ("test_it.py", TESTS)):
        (tmp_path / name).write_text(text)
    told = tmp_path / "report"
    with started(tmp_path, told, env) as process:
        process.communicate(timeout=60)
    return process.returncode, read(told.read_text())


def started(
    folder: Path, told: Path, env: Mapping[str, str], *handed: int
) -> subprocess.Popen[bytes]:
    """pytest on a folder's test_it.py, with the witness and a place to report to."""
    # Where this test runs in a worker, the run it starts is none.
    alone = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    return subprocess.Popen(
        [*(sys.executable, "-m", "pytest", "-q"), *("-p", WITNESS, "-p", "no:cacheprovider"),
         "test_it.py"],
        cwd=folder,
        env={**alone, "PYTHONPATH": str(witness_folder()), REPORT_ENV: str(told), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=handed,
    )  # fmt: skip


@pytest.fixture(scope="module")
def witnessed(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("witnessed")
    code, report = run(folder)
    assert code == report.code == 1
    # What a test leaves in its current folder does not reach the checkout.
    assert not (folder / "left-behind").exists()
    return report


def test_outcomes(witnessed: Report) -> None:
    assert {test.id.partition("::")[2]: test.outcome for test in witnessed.ran} == {
        "test_ffi": "passed",
        "test_http": "passed",
        "test_child": "passed",
        "test_fails": "failed",
        "test_skipped": "skipped",
        "test_error": "error",
        "test_dies": "passed",
    }
    assert witnessed.loaded == ("/there/lib.so",)


def test_calls_are_counted_by_phase(witnessed: Report) -> None:
    assert witnessed.ran[0].exports == (
        ("ThingServiceRenameThing", "call", 1),
        ("ThingServiceRenameThing", "setup", 1),
    )


@pytest.mark.parametrize(("path", "http", "python"), [("/own", 1, 0), ("/other", 0, 2)])
def test_both_signals(witnessed: Report, path: str, http: int, python: int) -> None:
    found = reached(witnessed.ran[1], Goal("X", (Route("POST", path),)))
    assert (found.http, found.python, found.doubtful) == (http, python, 0)


@pytest.mark.parametrize(("path", "python"), [("/own", 0), ("/other", 1)])
def test_of_another_process_only_the_listener_speaks(
    witnessed: Report, path: str, python: int
) -> None:
    """What Go answers a child is seen by nobody and proves nothing; what Python does is seen."""
    found = reached(witnessed.ran[2], Goal("X", (Route("POST", path),)))
    assert (found.http, found.python, found.go) == (0, python, False)


def test_failures_are_told(witnessed: Report) -> None:
    failed = next(test for test in witnessed.ran if test.id.endswith("test_fails"))
    error = next(test for test in witnessed.ran if test.id.endswith("test_error"))
    assert "two words" in failed.failures[0].message
    assert failed.failures[0].chain == ("ValueError: other words",)
    assert failed.failures[0].places[-1].split(":")[0].endswith(("test_it.py", "python_api.py"))
    assert (error.failures[0].phase, error.failures[0].type) == ("setup", "TypeError")


def test_a_run_that_dies_says_where(tmp_path: Path) -> None:
    code, report = run(tmp_path, DIE="1")
    assert (code, report.code) == (0, None)
    assert report.died_in == "test_it.py::test_dies"


@pytest.mark.parametrize(("said", "code", "ran"), [(b"\n", 0, 1), (b"", 3, 0)])
def test_tests_wait_at_the_gate(tmp_path: Path, said: bytes, code: int, ran: int) -> None:
    """Once all is collected; a gate that is gone means that nobody wants to know any more.

    What a test starts has no hold of it.
    """
    (tmp_path / "test_it.py").write_text(
        "import gc, os, pathlib, subprocess\n"
        "pathlib.Path('collected').write_text('')\n"
        "imported = gc.isenabled()\n"
        "def test_open():\n"
        "    assert gc.isenabled() and not imported\n"
        f"    assert {GATE_ENV!r} not in os.environ\n"
        "    gate = pathlib.Path(__file__).with_name('gate').read_text()\n"
        "    assert subprocess.run(['test', '-e', f'/proc/self/fd/{gate}']).returncode\n"
    )
    os.mkfifo(tmp_path / "collected")
    theirs, ours = os.pipe()
    (tmp_path / "gate").write_text(str(theirs))
    told = tmp_path / "report"
    with started(tmp_path, told, {GATE_ENV: str(theirs)}, theirs) as process:
        os.close(theirs)
        (tmp_path / "collected").read_text()
        os.write(ours, said)
        os.close(ours)
        assert process.wait(60) == code
    report = read(told.read_text())
    assert (len(report.collected), len(report.ran)) == (1, ran)


def test_parallel_workers_and_their_controller_collect_garbage(tmp_path: Path) -> None:
    ends = "def pytest_sessionfinish(session):\n    assert gc.isenabled()\n"
    (tmp_path / "conftest.py").write_text(f"import gc\n{ends}")
    (tmp_path / "test_it.py").write_text("import gc\ndef test(): assert gc.isenabled()\n")
    told = tmp_path / "report"
    with started(tmp_path, told, {"PYTEST_ADDOPTS": "-n1"}) as process:
        out = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 0, out


def test_the_witness_needs_nothing_of_porter() -> None:
    for path in witness_folder().rglob("*.py"):
        text = path.read_text()
        assert "import porter" not in text
        assert "from porter" not in text
