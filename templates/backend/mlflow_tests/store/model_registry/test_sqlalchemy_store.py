"""Registered models, without a server."""

import pytest
from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag
from mlflow.exceptions import MlflowException
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore


@pytest.fixture
def store(tmp_path):
    return SqlAlchemyStore(f"sqlite:///{tmp_path}/mlflow.db")


def test_create_and_get_registered_model(store):
    tags = [RegisteredModelTag("a", "1"), RegisteredModelTag("b", ""), RegisteredModelTag("a", "2")]
    created = store.create_registered_model("name", tags, "what it is")
    for model in (created, store.get_registered_model("name")):
        assert model.name == "name"
        assert model.tags == {"a": "2", "b": ""}
        assert model.description == "what it is"
        assert model.latest_versions == []


def test_no_description_is_none(store):
    store.create_registered_model("name")
    assert store.get_registered_model("name").description is None


@pytest.mark.parametrize(
    ("name", "tag", "message"),
    [
        ("", RegisteredModelTag("a", "b"), "Registered model name cannot be empty."),
        (
            "name",
            RegisteredModelTag("k" * 251, "b"),
            f"Registered model key '{'k' * 250}' had length 251, "
            "which exceeded length limit of 250",
        ),
        (
            "name",
            RegisteredModelTag("a", "v" * 5001),
            f"Registered model value '{'v' * 250}' had length 5001, "
            "which exceeded length limit of 5000",
        ),
    ],
)
def test_create_registered_model_validation(store, name, tag, message):
    with pytest.raises(MlflowException, match=message) as error:
        store.create_registered_model(name, [tag])
    assert error.value.error_code == "INVALID_PARAMETER_VALUE"


def test_create_registered_model_twice(store):
    store.create_registered_model("name")
    message = r"Registered Model \(name=name\) already exists. Error: "
    with pytest.raises(MlflowException, match=message) as error:
        store.create_registered_model("name")
    assert error.value.error_code == "RESOURCE_ALREADY_EXISTS"


def test_get_missing_registered_model(store):
    with pytest.raises(MlflowException, match="Registered Model with name=x not found") as error:
        store.get_registered_model("x")
    assert error.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_get_registered_model_has_what_python_stored(store):
    store.create_registered_model("name")
    for _ in range(2):
        store.create_model_version("name", "s3://bucket", tags=[ModelVersionTag("c", "d")])
    store.set_registered_model_tag("name", RegisteredModelTag("a", "b"))
    store.set_registered_model_alias("name", "best", "1")
    model = store.get_registered_model("name")
    assert model.tags == {"a": "b"}
    assert model.aliases == {"best": 1}
    assert [int(version.version) for version in model.latest_versions] == [2]
    assert model.latest_versions[0].tags == {"c": "d"}


def test_delete_registered_model_tag(store):
    store.create_registered_model("name", [RegisteredModelTag("a", "b")])
    store.delete_registered_model_tag("name", "a")
    assert store.get_registered_model("name").tags == {}
