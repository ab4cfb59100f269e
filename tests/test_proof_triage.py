"""What a failed test says: what it compares, its kind, the Python line, the drafted override."""

from __future__ import annotations

from dataclasses import replace

import pytest

from porter.core.command import Command
from porter.core.endpoint import Catalog, Endpoint, Message, Route
from porter.core.layout import Layout, Service
from porter.core.task import Task
from porter.core.view import Memory
from porter.proof import running
from porter.proof.report import Failure, Ran
from porter.proof.texts import Compared, compared, difference
from porter.proof.triage import triage

TESTS = """
def test_plain(store): ...
def test_patched(store, monkeypatch):
    monkeypatch.setenv("LIMIT", "1")
def test_mocked(store):
    with mock.patch("mlflow.x"): ...
def test_memory(): SqlAlchemyStore("sqlite://")
"""

STORE = """
class SqlAlchemyStore:
    def rename(self, name):
        raise MlflowException(f"Thing with name={name} already exists")
"""

CONFTEST = """
PATCHES = (("tests.store.test_store.test_old", "tests/override_my_store.py"),)
"""


def task() -> Task:
    request = Message("mlflow.RenameThing", "mlflow", ())
    wanted = Endpoint(
        "ThingService", "renameThing", (Route("POST", "/mlflow/things/rename"),), request, request
    )
    service = Service(
        "ThingService", "ThingService", "things", "protos", None, None, None, None, None,
        frozenset({"renameThing"}),
    )  # fmt: skip
    layout = Layout(
        "standalone", "example.com/x", "", "pkg", "endpoints.go", None, None, "magefiles", "protos",
        "contract", "routes", "lib", None, (service,), "mlflow.repo",
    )  # fmt: skip
    mlflow = Memory(
        {
            "tests/store/test_store.py": TESTS.encode(),
            "tests/other/test_other.py": TESTS.encode(),
            "mlflow/store/tracking/sqlalchemy_store.py": STORE.encode(),
        }
    )
    tree = Memory({"conftest.py": CONFTEST.encode()})
    return Task(wanted, layout, tree, mlflow, Catalog((wanted,), {}, {}))


MATCH = "Regex pattern did not match.\n Regex: {!r}\n Input: {!r}"
WANTED, CAME = "Thing with name=a already exists", "Thing already exists"


@pytest.mark.parametrize(
    ("message", "text", "expected"),
    [
        (MATCH.format(WANTED, CAME), "", Compared("text", WANTED, CAME)),
        (
            f"Regex did not match.\n  Expected regex: {WANTED!r}\n  Actual message: {CAME!r}",
            "", Compared("text", WANTED, CAME),
        ),
        (
            MATCH.format(r"name=\(a\) .* exists", "no such thing"), "",
            Compared("text", "name=(a) … exists", "no such thing"),
        ),
        (
            "assert 'INTERNAL_ERROR' == 'INVALID_PARAMETER_VALUE'",
            "    assert e.value.error_code == ErrorCode.Name(INVALID_PARAMETER_VALUE)",
            Compared("code", "INVALID_PARAMETER_VALUE", "INTERNAL_ERROR"),
        ),
        (
            "assert 'the words wanted' in 'other words came'",
            "    assert 'the words wanted' in str(e.value)",
            Compared("text", "the words wanted", "other words came"),
        ),
        (
            "assert 'other words came' == 'the words wanted'",
            "    assert response['message'] == 'the words wanted'",
            Compared("text", "the words wanted", "other words came"),
        ),
        (
            "DID NOT RAISE <class 'MlflowException'>",
            'with pytest.raises(MlflowException, match=r"Invalid name \\(x\\)"):',
            Compared("raises", "Invalid name (x)", ""),
        ),
        ("DID NOT RAISE <class 'MlflowException'>", "", Compared("raises", "", "")),
        ("assert 3 == 4", "", None),
        ("assert 'a' == 'b'", "", None),
    ],
)  # fmt: skip
def test_compared(message: str, text: str, expected: Compared | None) -> None:
    assert compared(Failure("call", "AssertionError", message, text=text)) == expected


def test_difference_shows_both_and_the_words() -> None:
    assert difference("name 'a' exists", "name a exists") == (
        "- name 'a' exists",
        "+ name a exists",
        "  name [-'a'-][+a+] exists",
    )


PLAIN = "tests/store/test_store.py::test_plain"


def failed(message: str, type_: str = "MlflowException", test: str = PLAIN, **more: str) -> Ran:
    failure = replace(Failure("call", type_, message), **more)  # type: ignore[arg-type]
    return Ran(test, "failed", failures=(failure,))


@pytest.mark.parametrize(
    ("ran", "kind", "move"),
    [
        (failed("function/symbol 'ThingServiceX' not found in library", "AttributeError"),
         "library", "mage generate"),
        (failed("cffi library '/x.so' has no function, constant or global variable named 'X'",
                "AttributeError"), "library", "mage generate"),
        (failed("ThingServiceRename", "AttributeError"), "library", "ThingServiceRenameThing"),
        (failed("Max retries exceeded (Caused by ResponseError('too many 500 error responses'))"),
         "code", "porter brief renameThing"),
        (failed("cannot load library '/x.so'", "OSError"), "library", "mage generate"),
        (failed("Failed to connect on 127.0.0.1:5000 within 30 seconds", "Exception"),
         "server", "again"),
        (failed("x", "Exception", output="listen: bind: address already in use", phase="setup"),
         "server", "again"),
        (failed("API request failed: Max retries exceeded with url: /x (Caused by "
                "NewConnectionError('[Errno 111] Connection refused'))", "MlflowException"),
         "server", "again"),
        (failed("renameThing is not implemented"), "stub", "porter brief renameThing"),
        (failed(MATCH.format("x y", "NOT_IMPLEMENTED: not implemented")), "stub", "porter brief"),
        (failed(MATCH.format(WANTED, CAME), "AssertionError"), "text", "sqlalchemy_store.py:4"),
        (failed("assert 'INTERNAL_ERROR' == 'BAD_REQUEST'", "AssertionError",
                text="    assert code == 'BAD_REQUEST'"), "code", "ErrorCode_BAD_REQUEST"),
        (failed("DID NOT RAISE", "Failed"), "accepted", "porter infer renameThing"),
        (failed("DID NOT RAISE", "Failed", "tests/store/test_store.py::test_patched"),
         "patched", "override"),
        (failed("assert 1 == 2", "AssertionError", "tests/store/test_store.py::test_mocked[a]"),
         "patched", "override"),
        (failed("no such table", "MlflowException", "tests/store/test_store.py::test_memory"),
         "memory", "override"),
        (failed("bad argument type for built-in operation", "TypeError", text="metric.to_proto()"),
         "entity", "override"),
        (failed("assert 1 == 2", "AssertionError"), "other", "porter brief"),
    ],
)  # fmt: skip
def test_kinds(ran: Ran, kind: str, move: str) -> None:
    found = triage(task(), ran)
    assert found.kind == kind
    assert move in found.next


def test_a_test_that_fails_on_python_too_is_not_the_ports_fault() -> None:
    ran = failed("assert 1 == 2", "AssertionError")
    assert triage(task(), ran, plain=True).kind == "plain"
    assert triage(task(), ran, plain=False).kind == "other"
    # A stub stays a stub.
    assert triage(task(), failed("is not implemented"), plain=True).kind == "stub"


def test_texts_that_differ_speak_for_themselves_in_a_patched_test() -> None:
    ran = failed(MATCH.format(WANTED, CAME), test="tests/store/test_store.py::test_patched")
    found = triage(task(), ran)
    assert (found.kind, found.bias and found.bias.kind) == ("text", "patched")


@pytest.mark.parametrize(
    "wanted", [WANTED, "Thing with name=a", "Thing with name=.* already exists"]
)
def test_the_python_line_that_makes_the_text(wanted: str) -> None:
    found = triage(task(), failed(MATCH.format(wanted, CAME)))
    assert [str(place) for place in found.python] == [
        "mlflow.repo/mlflow/store/tracking/sqlalchemy_store.py:4"
    ]
    assert "name={name}" in found.python[0].text


def test_no_python_line_is_better_than_a_wrong_one() -> None:
    assert triage(task(), failed(MATCH.format("Thing lies elsewhere now", CAME))).python == ()


@pytest.mark.parametrize(
    ("folder", "file"),
    [("store/test_store", "tests/override_my_store.py"),
     ("other/test_other", "tests/override_test_other.py")],
)  # fmt: skip
def test_the_override_is_drafted_in_the_checkouts_habit(folder: str, file: str) -> None:
    ran = failed("DID NOT RAISE", test=f"tests/{folder}.py::test_patched")
    bias = triage(task(), ran).bias
    assert bias is not None
    assert bias.file == file
    assert f'"tests.{folder.replace("/", ".")}.test_patched",' in bias.entry
    assert f'"{file}",' in bias.entry
    assert bias.function == "def test_patched(store, monkeypatch):\n    ()\n"
    compile(f"PATCHES = (\n{bias.entry})", "conftest.py", "exec")
    assert "monkeypatch.setenv" in bias.issue
    assert str(bias.place) == f"mlflow.repo/tests/{folder}.py:4"


def test_the_place_is_the_last_line_of_the_test_tree() -> None:
    places = ("/at/mlflow.repo/tests/store/test_store.py:4", "/at/mlflow.repo/mlflow/x.py:9")
    ran = failed("boom", places=places)  # type: ignore[arg-type]
    place = triage(task(), ran).place
    assert place is not None
    assert (str(place), place.text) == (
        "mlflow.repo/tests/store/test_store.py:4",
        'monkeypatch.setenv("LIMIT", "1")',
    )


def test_the_command_that_runs_one_test_again() -> None:
    command = replace(
        running.pytest(replace(task(), python=("uv", "run", "python")), ["tests/a.py::test_a"]),
        env=(("MLFLOW_GO_LIBRARY_PATH", "/l ib"),),
        python_path="/x",
    )
    assert running.again(command, "tests/b.py::test_b[sql-1]") == (
        "MLFLOW_GO_LIBRARY_PATH='/l ib' uv run python -m pytest --confcutdir=. --color=no -q "
        "'mlflow.repo/tests/b.py::test_b[sql-1]'"
    )
    assert isinstance(command, Command)
