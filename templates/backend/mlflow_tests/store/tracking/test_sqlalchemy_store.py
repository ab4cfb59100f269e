"""Experiments and runs, without a server."""

import pytest
from mlflow.entities import (
    Dataset,
    DatasetInput,
    ExperimentTag,
    InputTag,
    Metric,
    Param,
    RunTag,
)
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


@pytest.fixture
def store(tmp_path):
    return SqlAlchemyStore(f"sqlite:///{tmp_path}/mlflow.db", (tmp_path / "artifacts").as_uri())


@pytest.fixture
def experiment_id(store):
    return store.create_experiment("experiment")


@pytest.fixture
def run_id(store, experiment_id):
    return store.create_run(experiment_id, "user", 1, [], "run").info.run_id


def test_default_experiment(store):
    experiment = store.get_experiment("0")
    assert experiment.name == "Default"
    assert experiment.lifecycle_stage == "active"


def test_create_and_get_experiment(store):
    tags = [ExperimentTag("a", "b"), ExperimentTag("c", "")]
    experiment_id = store.create_experiment("name", "s3://bucket", tags)
    experiment = store.get_experiment(experiment_id)
    assert experiment.name == "name"
    assert experiment.artifact_location == "s3://bucket"
    assert experiment.tags == {"a": "b", "c": ""}


def test_relative_artifact_location_becomes_absolute(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    experiment_id = store.create_experiment("name", "mlruns")
    assert store.get_experiment(experiment_id).artifact_location == f"{tmp_path}/mlruns"


def test_create_experiment_validation(store):
    for name, message in (
        ("", "Invalid experiment name: ''"),
        ("x" * 501, "'name' exceeds the maximum length of 500 characters"),
    ):
        with pytest.raises(MlflowException, match=message) as error:
            store.create_experiment(name)
        assert error.value.error_code == "INVALID_PARAMETER_VALUE"


def test_create_experiment_twice(store, experiment_id):
    message = r"Experiment\(name=experiment\) already exists. Error: "
    with pytest.raises(MlflowException, match=message) as error:
        store.create_experiment("experiment")
    assert error.value.error_code == "RESOURCE_ALREADY_EXISTS"


def test_get_missing_experiment(store):
    with pytest.raises(MlflowException, match="No Experiment with id=1234 exists") as error:
        store.get_experiment("1234")
    assert error.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_create_and_get_run(store, experiment_id):
    tags = [RunTag("a", "b")]
    run_id = store.create_run(experiment_id, "user", 7, tags, "my run").info.run_id
    run = store.get_run(run_id)
    assert (run.info.user_id, run.info.start_time, run.info.end_time) == ("user", 7, None)
    assert run.info.run_name == "my run"
    assert run.data.tags == {"a": "b", "mlflow.runName": "my run"}


def test_run_is_named_by_its_tag(store, experiment_id):
    run = store.create_run(experiment_id, "user", 1, [RunTag("mlflow.runName", "tag")], None)
    assert run.info.run_name == "tag"


def test_create_run_in_deleted_experiment(store, experiment_id):
    store.delete_experiment(experiment_id)
    message = f"The experiment {experiment_id} must be in the 'active' state. Current state is del"
    with pytest.raises(MlflowException, match=message) as error:
        store.create_run(experiment_id, "user", 1, [], None)
    assert error.value.error_code == "INVALID_PARAMETER_VALUE"


def test_get_run_has_what_python_logged(store, run_id):
    dataset = Dataset("name", "digest", "type", "source", schema="schema")
    store.log_metric(run_id, Metric("loss", float("nan"), 1, 2))
    store.log_param(run_id, Param("depth", "3"))
    store.log_inputs(run_id, [DatasetInput(dataset, [InputTag("a", "b")])])
    run = store.get_run(run_id)
    assert str(run.data.metrics) == "{'loss': nan}"
    assert run.data.params == {"depth": "3"}
    (dataset_input,) = run.inputs.dataset_inputs
    assert dataset_input.dataset.schema == "schema"
    assert [(tag.key, tag.value) for tag in dataset_input.tags] == [("a", "b")]


def test_get_missing_run(store):
    with pytest.raises(MlflowException, match="Run with id=missing not found") as error:
        store.get_run("missing")
    assert error.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_set_tag(store, run_id):
    store.set_tag(run_id, RunTag("a", "1"))
    store.set_tag(run_id, RunTag("a", "2"))
    store.set_tag(run_id, RunTag("mlflow.runName", "renamed"))
    run = store.get_run(run_id)
    assert run.data.tags == {"a": "2", "mlflow.runName": "renamed"}
    assert run.info.run_name == "renamed"


def test_set_tag_truncates_long_value(store, run_id):
    store.set_tag(run_id, RunTag("a", "v" * 8001))
    assert store.get_run(run_id).data.tags["a"] == "v" * 8000


def test_set_tag_of_deleted_run(store, run_id):
    store.delete_run(run_id)
    message = f"The run {run_id} must be in the 'active' state. Current state is deleted."
    with pytest.raises(MlflowException, match=message) as error:
        store.set_tag(run_id, RunTag("a", "1"))
    assert error.value.error_code == "INVALID_PARAMETER_VALUE"


def test_delete_tag(store, run_id):
    store.set_tag(run_id, RunTag("a", "1"))
    store.set_tag(run_id, RunTag("b", "2"))
    store.delete_tag(run_id, "a")
    assert store.get_run(run_id).data.tags == {"b": "2", "mlflow.runName": "run"}


def test_delete_tag_of_another_run_stays(store, experiment_id, run_id):
    other_id = store.create_run(experiment_id, "user", 1, [RunTag("a", "1")], "run").info.run_id
    store.set_tag(run_id, RunTag("a", "1"))
    store.delete_tag(run_id, "a")
    assert store.get_run(other_id).data.tags["a"] == "1"


def test_delete_missing_tag(store, run_id):
    message = f"No tag with name: missing in run with id {run_id}"
    with pytest.raises(MlflowException, match=message) as error:
        store.delete_tag(run_id, "missing")
    assert error.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_delete_tag_of_missing_run(store):
    with pytest.raises(MlflowException, match="Run with id=missing not found") as error:
        store.delete_tag("missing", "a")
    assert error.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_delete_tag_of_deleted_run(store, run_id):
    store.set_tag(run_id, RunTag("a", "1"))
    store.delete_run(run_id)
    message = f"The run {run_id} must be in the 'active' state. Current state is deleted."
    with pytest.raises(MlflowException, match=message) as error:
        store.delete_tag(run_id, "a")
    assert error.value.error_code == "INVALID_PARAMETER_VALUE"


def test_log_param(store, run_id):
    store.log_param(run_id, Param("depth", "3"))
    assert store.get_run(run_id).data.params == {"depth": "3"}


def test_rename_experiment(store, experiment_id):
    store.rename_experiment(experiment_id, "renamed")
    assert store.get_experiment_by_name("renamed").experiment_id == experiment_id
