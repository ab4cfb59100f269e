"""Which tests reach an endpoint: by each way in, through fixtures and helpers, and which do not."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from things import FIND, LOST, RENAME, task

from porter.core.command import Command
from porter.core.endpoint import Endpoint
from porter.core.task import Task
from porter.errors import UsageError
from porter.proof import selection
from porter.proof.selection import mentioned, near_tests, select
from porter.steps import python_tests
from porter.testing import whole

if TYPE_CHECKING:
    from porter.target import Target


@pytest.fixture(scope="module")
def renaming() -> Task:
    return task(RENAME)


def names(found: list[selection.Picked], world: str) -> set[str]:
    return {test.id.rpartition("::")[2] for test in found if test.world == world}


def test_by_store(renaming: Task) -> None:
    assert names(near_tests(renaming), "store") == {
        "test_by_store", "test_inside", "test_by_closure", "test_by_fixture", "test_by_mark",
        "test_by_helper", "test_by_method",
    }  # fmt: skip


def test_by_server(renaming: Task) -> None:
    assert names(near_tests(renaming), "server") == {
        "test_by_client", "test_by_path", "test_by_whole_path", "test_by_fluent", "test_by_with",
        "test_by_command",
    }  # fmt: skip


def test_every_test_says_why(renaming: Task) -> None:
    why = {test.id.rpartition("::")[2]: test.why for test in near_tests(renaming)}
    assert why["test_by_helper"] == (
        "rename_twice()", "rename_once()", "shared.py:4 store.rename_thing",
        "ThingServiceRenameThing",
    )  # fmt: skip
    assert why["test_by_with"] == (
        "test_rest.py:16 mlflow.start", "mlflow.start", "Active.__exit__", "mlflow.rename",
        "MlflowClient.change_name", "InnerClient.rename_thing", "POST /mlflow/things/{id}/rename",
    )  # fmt: skip
    assert why["test_by_command"][1] == "mlflow.things rename"


def test_makers_of_the_store_reach_what_its_init_calls() -> None:
    found = near_tests(task(FIND))
    assert {test.hops for test in found} == {1, 2}
    assert len(found) == 19


def test_the_nearest_are_taken_and_the_rest_said(renaming: Task) -> None:
    chosen = select(renaming, cap=4)
    assert chosen.summary == "4 of 13 tests (--reach takes all)"
    assert {test.world for test in chosen.tests} == {"store", "server"}
    assert select(renaming, reach=True).summary == "13 tests"
    assert replace(chosen, elsewhere=2).summary == (
        "4 of 13 tests (--reach takes all), 2 more elsewhere (--elsewhere)"
    )


def test_without_a_binding_the_handlers_store_method_counts() -> None:
    assert near_tests(task(RENAME, binding=None))


def test_nothing_reaches_it() -> None:
    lost = task(LOST)
    assert not mentioned(lost)
    assert not select(lost).tests
    assert mentioned(task(RENAME))


def test_ids_are_those_of_pytest(renaming: Task) -> None:
    assert "tests/store/test_store.py::TestMore::test_by_method" in select(renaming, reach=True).ids


@pytest.mark.parametrize(("text", "part"), [("1/1", (1, 1)), ("2/3", (2, 3)), ("3/3", (3, 3))])
def test_shards(text: str, part: tuple[int, int]) -> None:
    found = whole.shard(text)
    assert (found.number, found.of) == part


@pytest.mark.parametrize("text", ["0/3", "4/3", "x", "1", "1/0", "-1/2"])
def test_shards_that_are_none(text: str) -> None:
    with pytest.raises(UsageError, match="is no shard"):
        whole.shard(text)


def test_shards_make_up_the_whole(renaming: Task) -> None:
    target = cast("Target", SimpleNamespace(**vars(renaming)))
    parts = [set(whole.dealt(target, whole.Shard(number, 3))) for number in (1, 2, 3)]
    everything = set(whole.dealt(target, whole.Shard()))
    assert set.union(*parts) == everything
    assert sum(map(len, parts)) == len(everything) == 19


@pytest.mark.parametrize("endpoint", [RENAME, LOST])
def test_the_step_proves_where_tests_speak_of_the_endpoint(endpoint: Endpoint) -> None:
    wanted = task(endpoint)
    proofs = python_tests.prove(wanted)
    assert bool(proofs) is (endpoint is RENAME)
    assert [finding.code for finding in python_tests.inspect(wanted)] == (
        [] if endpoint is RENAME else ["P901"]
    )
    assert {finding.severity for finding in python_tests.inspect(wanted)} <= {"error"}
    for proof in proofs:
        assert proof.library
        assert proof.prepare is not None
        command = proof.prepare()
        assert isinstance(command, Command)
        assert command.report
        assert "mlflow.repo/tests/store/test_store.py::test_by_store" in command.argv
