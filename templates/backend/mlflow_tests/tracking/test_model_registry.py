"""Registered models over HTTP."""

import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from tests.tracking.integration_test_utils import _init_server


@pytest.fixture(scope="module")
def server_url(tmp_path_factory):
    # One server for all tests, as it takes seconds to start: each test makes its own model.
    folder = tmp_path_factory.mktemp("server")
    with _init_server(f"sqlite:///{folder}/mlflow.db", (folder / "artifacts").as_uri()) as url:
        yield url


@pytest.fixture
def mlflow_client(server_url):
    return MlflowClient(server_url)


@pytest.fixture
def name(mlflow_client, request):
    return mlflow_client.create_registered_model(request.node.name).name


def test_create_and_get_registered_model(mlflow_client):
    created = mlflow_client.create_registered_model("created", {"a": "b"}, "what it is")
    model = mlflow_client.get_registered_model("created")
    for answer in (created, model):
        assert answer.name == "created"
        assert answer.tags == {"a": "b"}
        assert answer.description == "what it is"
        assert answer.creation_timestamp == answer.last_updated_timestamp > 0
        assert answer.latest_versions == []


def test_create_registered_model_twice(mlflow_client, name):
    message = f"Registered Model \\(name={name}\\) already exists. Error: "
    with pytest.raises(MlflowException, match=message) as error:
        mlflow_client.create_registered_model(name)
    assert error.value.error_code == "RESOURCE_ALREADY_EXISTS"


def test_create_registered_model_validation(mlflow_client):
    with pytest.raises(MlflowException, match="Missing value for required parameter 'name'"):
        mlflow_client.create_registered_model("")
    with pytest.raises(MlflowException, match="Invalid value .* Names may only contain"):
        mlflow_client.create_registered_model("model", {"a!": "b"})


def test_get_missing_registered_model(mlflow_client):
    with pytest.raises(MlflowException, match="Registered Model with name=x not found") as error:
        mlflow_client.get_registered_model("x")
    assert error.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_get_registered_model_has_what_python_stored(mlflow_client, name):
    mlflow_client.set_registered_model_tag(name, "a", "b")
    for _ in range(2):
        mlflow_client.create_model_version(name, "s3://bucket/model", tags={"c": "d"})
    mlflow_client.set_registered_model_alias(name, "best", "1")
    model = mlflow_client.get_registered_model(name)
    assert model.tags == {"a": "b"}
    assert model.aliases == {"best": "1"}
    assert [version.version for version in model.latest_versions] == ["2"]
    assert model.latest_versions[0].tags == {"c": "d"}
    assert model.latest_versions[0].status == "READY"


def test_delete_registered_model_tag(mlflow_client, name):
    mlflow_client.set_registered_model_tag(name, "a", "b")
    mlflow_client.delete_registered_model_tag(name, "a")
    assert mlflow_client.get_registered_model(name).tags == {}


def test_rename_registered_model(mlflow_client, name):
    mlflow_client.rename_registered_model(name, "renamed")
    assert mlflow_client.get_registered_model("renamed").name == "renamed"


def test_delete_registered_model(mlflow_client, name):
    mlflow_client.delete_registered_model(name)
    with pytest.raises(MlflowException, match=f"Registered Model with name={name} not found"):
        mlflow_client.get_registered_model(name)
