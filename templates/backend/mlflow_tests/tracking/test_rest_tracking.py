"""Experiments and runs over HTTP."""

import pytest
import requests
from mlflow import MlflowClient
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException

from tests.tracking.integration_test_utils import _init_server

API_DOCS = " See the API docs for more information about request parameters."


@pytest.fixture(scope="module")
def server_url(tmp_path_factory):
    # One server for all tests, as it takes seconds to start: each test makes its own experiment.
    folder = tmp_path_factory.mktemp("server")
    with _init_server(f"sqlite:///{folder}/mlflow.db", (folder / "artifacts").as_uri()) as url:
        yield url


@pytest.fixture
def mlflow_client(server_url):
    return MlflowClient(server_url)


@pytest.fixture
def experiment_id(mlflow_client, request):
    return mlflow_client.create_experiment(request.node.name)


@pytest.fixture
def run_id(mlflow_client, experiment_id):
    return mlflow_client.create_run(experiment_id).info.run_id


@pytest.fixture
def post(server_url):
    """Sends what no client would send, and gives the status, the error code and the message."""

    def send(path, payload):
        response = requests.post(f"{server_url}/api/2.0/mlflow/{path}", json=payload, timeout=60)
        answer = response.json()
        return response.status_code, answer.get("error_code"), answer.get("message")

    return send


def test_create_and_get_experiment(mlflow_client):
    experiment_id = mlflow_client.create_experiment(
        "created", artifact_location="s3://bucket/folder", tags={"a": "b"}
    )
    experiment = mlflow_client.get_experiment(experiment_id)
    assert experiment.experiment_id == experiment_id
    assert experiment.name == "created"
    assert experiment.artifact_location == "s3://bucket/folder"
    assert experiment.lifecycle_stage == "active"
    assert experiment.tags == {"a": "b"}
    assert experiment.creation_time == experiment.last_update_time > 0


def test_default_artifact_location_ends_in_the_experiment_id(mlflow_client, experiment_id):
    experiment = mlflow_client.get_experiment(experiment_id)
    assert experiment.artifact_location.endswith(f"/artifacts/{experiment_id}")


def test_experiment_as_json(server_url, experiment_id):
    experiment = requests.get(
        f"{server_url}/api/2.0/mlflow/experiments/get",
        params={"experiment_id": experiment_id},
        timeout=60,
    ).json()["experiment"]
    assert experiment["experiment_id"] == experiment_id
    assert isinstance(experiment["creation_time"], int)


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({}, f"Missing value for required parameter 'name'.{API_DOCS}"),
        ({"name": ""}, f"Missing value for required parameter 'name'.{API_DOCS}"),
        (
            {"name": 1},
            "Invalid value 1 for parameter 'name' supplied:  Hint: Value was of type 'int'."
            + API_DOCS,
        ),
        ({"name": "x" * 501}, "'name' exceeds the maximum length of 500 characters"),
        (
            {"name": "x", "artifact_location": "s3://bucket#fragment"},
            "'artifact_location' URL can't include fragments or params.",
        ),
        ({"name": "x", "artifact_location": "s3://bucket?a=../b"}, "Invalid query string"),
    ],
)
def test_create_experiment_validation(post, payload, message):
    assert post("experiments/create", payload) == (400, "INVALID_PARAMETER_VALUE", message)


def test_create_experiment_needs_json(server_url):
    url = f"{server_url}/api/2.0/mlflow/experiments/create"
    response = requests.post(url, data="name=x", headers={"Content-Type": "text/plain"}, timeout=60)
    assert response.status_code == 400
    assert response.json() == {
        "error_code": "INVALID_PARAMETER_VALUE",
        "message": "Bad Request. Content-Type must be one of ['application/json'].",
    }


def test_create_experiment_twice(post, experiment_id, request):
    status, code, message = post("experiments/create", {"name": request.node.name})
    assert (status, code) == (400, "RESOURCE_ALREADY_EXISTS")
    assert message.startswith(f"Experiment(name={request.node.name}) already exists. Error: ")


@pytest.mark.parametrize("missing", ["123456789", "no-number"])
def test_get_missing_experiment(mlflow_client, missing):
    with pytest.raises(MlflowException, match=f"No Experiment with id={missing} exists") as error:
        mlflow_client.get_experiment(missing)
    assert error.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_create_and_get_run(mlflow_client, experiment_id):
    created = mlflow_client.create_run(
        experiment_id, start_time=7, tags={"a": "b"}, run_name="my run"
    )
    run = mlflow_client.get_run(created.info.run_id)
    for info in (created.info, run.info):
        assert info.experiment_id == experiment_id
        assert info.run_name == "my run"
        assert info.status == "RUNNING"
        assert (info.start_time, info.end_time) == (7, None)
        assert info.artifact_uri.endswith(f"/{experiment_id}/{info.run_id}/artifacts")
    assert run.data.tags == {"a": "b", "mlflow.runName": "my run"}


def test_run_without_name_gets_one(mlflow_client, run_id):
    run = mlflow_client.get_run(run_id)
    assert run.info.run_name
    assert run.data.tags["mlflow.runName"] == run.info.run_name


def test_create_run_validation(post):
    message = (
        "Invalid value \"soon\" for parameter 'start_time' supplied:  "
        f"Hint: Value was of type 'str'.{API_DOCS}"
    )
    answer = post("runs/create", {"experiment_id": "0", "start_time": "soon"})
    assert answer == (400, "INVALID_PARAMETER_VALUE", message)


def test_create_run_with_two_names(mlflow_client, experiment_id):
    with pytest.raises(MlflowException, match=r"run_name='a', mlflow\.runName='b'"):
        mlflow_client.create_run(experiment_id, tags={"mlflow.runName": "b"}, run_name="a")


def test_create_run_with_a_tag_twice(post):
    tags = [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]
    status, code, _ = post("runs/create", {"experiment_id": "0", "tags": tags})
    assert (status, code) == (400, "BAD_REQUEST")


def test_create_run_in_deleted_experiment(mlflow_client, experiment_id):
    mlflow_client.delete_experiment(experiment_id)
    message = f"The experiment {experiment_id} must be in the 'active' state. Current state is del"
    with pytest.raises(MlflowException, match=message):
        mlflow_client.create_run(experiment_id)


def test_get_run_has_what_python_logged(mlflow_client, run_id):
    mlflow_client.log_param(run_id, "depth", 3)
    mlflow_client.log_metric(run_id, "loss", 0.5, timestamp=1, step=2)
    mlflow_client.set_terminated(run_id, end_time=9)
    run = mlflow_client.get_run(run_id)
    assert run.data.params == {"depth": "3"}
    assert run.data.metrics == {"loss": 0.5}
    assert (run.info.status, run.info.end_time) == ("FINISHED", 9)


def test_get_missing_run(mlflow_client):
    with pytest.raises(MlflowException, match="Run with id=missing not found") as error:
        mlflow_client.get_run("missing")
    assert error.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_set_tag(mlflow_client, run_id):
    mlflow_client.set_tag(run_id, "a", "1")
    mlflow_client.set_tag(run_id, "a", "2")
    assert mlflow_client.get_run(run_id).data.tags["a"] == "2"


def test_set_tag_renames_run(mlflow_client, run_id):
    mlflow_client.set_tag(run_id, "mlflow.runName", "renamed")
    run = mlflow_client.get_run(run_id)
    assert run.info.run_name == run.data.tags["mlflow.runName"] == "renamed"


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ({}, f"Missing value for required parameter 'key'.{API_DOCS}"),
        (
            {"key": "../a"},
            "Invalid value \"../a\" for parameter 'key' supplied: Names may be treated as files in "
            "certain cases, and must not resolve to other names when treated as such. This name "
            "would resolve to '../a'",
        ),
        (
            {"key": "k" * 251},
            f"Tag key '{'k' * 250}' had length 251, which exceeded length limit of 250",
        ),
    ],
)
def test_set_tag_validation(post, run_id, tag, message):
    answer = post("runs/set-tag", {"run_id": run_id, "value": "v", **tag})
    assert answer == (400, "INVALID_PARAMETER_VALUE", message)


def test_delete_tag(mlflow_client, run_id):
    mlflow_client.set_tag(run_id, "a", "1")
    mlflow_client.set_tag(run_id, "b", "2")
    mlflow_client.delete_tag(run_id, "a")
    tags = mlflow_client.get_run(run_id).data.tags
    assert "a" not in tags
    assert tags["b"] == "2"


def test_delete_missing_tag(mlflow_client, run_id):
    message = f"No tag with name: missing in run with id {run_id}"
    with pytest.raises(MlflowException, match=message) as error:
        mlflow_client.delete_tag(run_id, "missing")
    assert error.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_delete_tag_of_deleted_run(mlflow_client, run_id):
    mlflow_client.set_tag(run_id, "a", "1")
    mlflow_client.delete_run(run_id)
    message = f"The run {run_id} must be in the 'active' state. Current state is deleted."
    with pytest.raises(MlflowException, match=message) as error:
        mlflow_client.delete_tag(run_id, "a")
    assert error.value.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("missing", ["run_id", "key"])
def test_delete_tag_validation(post, run_id, missing):
    payload = {"run_id": run_id, "key": "a"}
    del payload[missing]
    message = f"Missing value for required parameter '{missing}'.{API_DOCS}"
    assert post("runs/delete-tag", payload) == (400, "INVALID_PARAMETER_VALUE", message)


def test_search_experiments(mlflow_client, experiment_id, request):
    mlflow_client.delete_experiment(experiment_id)
    found = mlflow_client.search_experiments(
        view_type=ViewType.DELETED_ONLY, filter_string=f"name = '{request.node.name}'"
    )
    assert [experiment.experiment_id for experiment in found] == [experiment_id]


def test_rename_experiment(mlflow_client, experiment_id):
    mlflow_client.rename_experiment(experiment_id, "renamed")
    assert mlflow_client.get_experiment_by_name("renamed").experiment_id == experiment_id


def test_delete_and_restore_run(mlflow_client, run_id):
    mlflow_client.delete_run(run_id)
    assert mlflow_client.get_run(run_id).info.lifecycle_stage == "deleted"
    mlflow_client.restore_run(run_id)
    assert mlflow_client.get_run(run_id).info.lifecycle_stage == "active"


def test_unknown_route(server_url):
    response = requests.get(f"{server_url}/api/2.0/mlflow/nothing", timeout=60)
    assert response.status_code == 404
