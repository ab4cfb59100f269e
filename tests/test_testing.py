"""`porter test` on the practice backend: what is green is green, and what only looks so is not.

Each way in which a run can lie is done to a fresh backend, on an endpoint that it has ported.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from practice import Backend

pytestmark = pytest.mark.go

EXAMPLE = "setTag"
ROUTES = "pkg/server/routes/tracking.g.go"
EXPORTS = "pkg/lib/tracking.g.go"
BINDING = "mlflow_go_backend/store/tracking.py"
SQL = "pkg/tracking/store/sql/tags.go"
CONFTEST = "conftest.py"


def said(backend: Backend, *args: str, code: int = 1) -> dict[str, Any]:
    """What `porter test` says of the two tests called `test_set_tag`, by store and by server."""
    done = backend.porter(
        "test", EXAMPLE, "--only", "::test_set_tag", "--no-units", "--json", *args, code=code
    )
    document: dict[str, Any] = json.loads(done.stdout)
    assert document["ok"] is (code == 0)
    return document


def change(backend: Backend, path: str, old: str, new: str) -> None:
    file = backend.root / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def codes(document: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in document["python_tests"]["findings"]]


def test_green(backend: Backend) -> None:
    before = backend.snapshot()
    document = said(backend, code=0)
    assert document["python_tests"]["summary"] == "2 ran, 2 reached Go (1 FFI, 1 HTTP)"
    server, store = (test["reached"] for test in document["tests"])
    assert (server["http"], server["ffi"], server["python"]) == (2, 0, 0)
    assert (store["http"], store["ffi"], store["python"]) == (0, 3, 0)
    assert backend.snapshot() == before


def test_the_library_does_not_build(backend: Backend) -> None:
    change(backend, SQL, "package sql\n", "package sql\n\nvar broken = missing\n")
    document = said(backend)
    assert "does not build" in document["python_tests"]["summary"]
    assert document["tests"] == []


def test_the_binding_is_missing(backend: Backend) -> None:
    change(backend, BINDING, "def set_tag(", "def set_another_tag(")
    document = said(backend)
    assert codes(document) == ["P906"]
    assert [test["outcome"] for test in document["tests"]] == ["passed"]


def test_the_binding_names_the_export_and_does_not_call_it(backend: Backend) -> None:
    call = "self.service.call_endpoint(get_lib().TrackingServiceSetTag, request)"
    change(
        backend, BINDING, call, "super().set_tag(run_id, tag) or get_lib().TrackingServiceSetTag"
    )
    document = said(backend)
    assert codes(document) == ["P906"]
    assert [test["outcome"] for test in document["tests"]] == ["passed", "passed"]


def test_the_route_is_proxied(backend: Backend) -> None:
    change(backend, ROUTES, '"/mlflow/runs/set-tag"', '"/mlflow/runs/set-another-tag"')
    document = said(backend)
    assert codes(document) == ["P907"]
    assert [test["outcome"] for test in document["tests"]] == ["passed", "passed"]
    assert "Python answered" in document["python_tests"]["summary"]


def test_a_stub_is_left(backend: Backend) -> None:
    file = backend.root / SQL
    head, _, _ = file.read_text().partition("\treturn s.transact(")
    stub = '\treturn contract.NewError(protos.ErrorCode_NOT_IMPLEMENTED, "not implemented")\n}\n'
    file.write_text(head + stub)
    document = said(backend)
    assert codes(document) == ["P801"]
    assert document["tests"] == []


def test_no_tests_are_collected(backend: Backend) -> None:
    hook = "\n\ndef pytest_collection_modifyitems(items):\n    items.clear()\n"
    change(backend, CONFTEST, "import contextlib\n", f"import contextlib{hook}")
    assert codes(said(backend)) == ["P905"]


def test_pytest_crashes(backend: Backend) -> None:
    hook = "\n\ndef pytest_runtest_call(item):\n    __import__('os')._exit(0)\n"
    change(backend, CONFTEST, "import contextlib\n", f"import contextlib{hook}")
    document = said(backend)
    assert codes(document) == ["P903"]
    assert "::test_set_tag" in document["python_tests"]["summary"]


def test_the_export_is_renamed(backend: Backend) -> None:
    change(backend, EXPORTS, "TrackingServiceSetTag", "TrackingServiceSetATag")
    document = said(backend)
    assert codes(document) == ["P910"]
    assert [each["kind"] for each in document["failed"]] == ["library"]
    assert "TrackingServiceSetTag" in document["failed"][0]["next"]


def test_a_hanging_test_is_ended_with_its_children(backend: Backend) -> None:
    hook = "\n\ndef pytest_runtest_call(item):\n    __import__('time').sleep(1000)\n"
    change(backend, CONFTEST, "import contextlib\n", f"import contextlib{hook}")
    document = said(backend, "--limit", "20")
    assert codes(document) == ["P902"]
    assert "did not end within 20 s" in document["python_tests"]["summary"]
    assert left_behind(backend.root) == []


def test_a_port_that_is_taken(backend: Backend) -> None:
    hook = (
        "    import socket\n"
        "    taken = socket.socket()\n"
        "    taken.bind(('127.0.0.1', 0))\n"
        "    config.taken = taken\n"
        "    patch('mlflow.utils.find_free_port', lambda: taken.getsockname()[1]).start()\n"
    )
    start = "def pytest_configure(config):\n"
    change(backend, CONFTEST, start, start + hook)
    document = said(backend, "--limit", "120")
    assert [each["kind"] for each in document["failed"]] == ["server"]
    assert left_behind(backend.root) == []


def left_behind(root: Path) -> list[str]:
    """Processes that still run out of a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(root) in line and process.name != str(os.getpid()):
            found.append(line)
    return found
