"""Tests that the checkout does not run by itself: found by their receivers, taken where asked."""

from __future__ import annotations

import pytest
from things import CHECKOUT, MLFLOW, RENAME, task

from porter.core.proof import Verdict
from porter.core.task import Task
from porter.core.view import Memory
from porter.proof import proofs
from porter.proof.elsewhere import elsewhere, packages, spoken_of
from porter.proof.selection import mentioned, select

FAR = "tests/elsewhere/test_fluent.py"
NONE_RUN = {"magefiles/tests.go": 'package m\nvar f = "mlflow.repo/tests/rest/test_none.py"\n'}


def changed(checkout: dict[str, str], mlflow: dict[str, str]) -> Task:
    wanted = task(RENAME)
    tree = {**CHECKOUT, **checkout}
    python = {**MLFLOW, **mlflow}
    return Task(
        wanted.endpoint, wanted.layout,
        Memory({path: text.encode() for path, text in tree.items()}),
        Memory({path: text.encode() for path, text in python.items()}), wanted.catalog,
    )  # fmt: skip


def test_a_receiver_has_to_be_a_store_a_client_or_mlflow() -> None:
    found = {test.id.rpartition("::")[2]: test for test in elsewhere(task(RENAME))}
    assert set(found) == {"test_by_fluent", "test_by_name", "test_by_client", "test_by_store"}
    assert {test.file for test in found.values()} == {FAR}


def test_they_come_to_go_over_ffi_and_say_so() -> None:
    found = {test.id.rpartition("::")[2]: test for test in elsewhere(task(RENAME))}
    assert {test.world for test in found.values()} == {"store"}
    assert found["test_by_client"].why == (
        "test_fluent.py:10 MlflowClient().change_name", "MlflowClient.change_name",
        "InnerClient.rename_thing", "ThingServiceRenameThing",
    )  # fmt: skip


def test_without_a_binding_none_of_them_comes_to_go() -> None:
    assert elsewhere(task(RENAME, binding=None)) == []


def test_taken_where_asked() -> None:
    wanted = task(RENAME)
    ids = select(wanted, reach=True, others=elsewhere(wanted)).ids
    assert f"{FAR}::test_by_name" in ids
    assert f"{FAR}::test_by_name" not in select(wanted, reach=True).ids


def test_taken_where_the_checkout_runs_none_that_reaches_the_endpoint() -> None:
    wanted = changed(NONE_RUN, {})
    assert mentioned(wanted)
    assert {test.file for test in select(wanted).tests} >= {FAR}


def test_no_evidence_where_a_mention_was_all() -> None:
    word = "def test_word(other): other.rename_thing(1)\n"
    silent = {path: "" for path in MLFLOW if path.startswith("tests/")}
    wanted = changed(NONE_RUN, {**silent, "tests/elsewhere/test_word.py": word})
    assert spoken_of(wanted)
    prepare = proofs.python_tests(wanted).prepare
    assert prepare is not None
    verdict = prepare()
    assert isinstance(verdict, Verdict)
    assert not verdict.ok
    (found,) = verdict.findings
    assert (found.code, found.severity) == ("P901", "error")
    assert "POST /mlflow/things/{id}/rename" in (found.next or "")


@pytest.mark.parametrize(
    ("path", "names"), [(FAR, {"sklearn"}), ("tests/rest/test_rest.py", {"pytest", "requests"})]
)
def test_what_a_file_imports(path: str, names: set[str]) -> None:
    assert packages(task(RENAME), path) == names
