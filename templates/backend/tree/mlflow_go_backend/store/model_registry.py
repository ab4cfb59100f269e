"""The model registry store: what has no method here is answered by MLflow's own store."""

from mlflow.entities.model_registry import (
    RegisteredModel,
    RegisteredModelAlias,
)
from mlflow.protos.model_registry_pb2 import (
    CreateRegisteredModel,
    GetRegisteredModel,
)

from mlflow_go_backend.lib import get_lib
from mlflow_go_backend.store._service_proxy import _ServiceProxy


class _ModelRegistryStore:
    def __init__(self, db_uri):
        # MLflow's constructor may call methods that are ported, so Go comes first.
        self.service = _ServiceProxy(
            get_lib().CreateModelRegistryService,
            get_lib().DestroyModelRegistryService,
            model_registry_store_uri=db_uri,
        )
        super().__init__(db_uri)

    def create_registered_model(self, name, tags=None, description=None):
        request = CreateRegisteredModel(
            name=name,
            tags=[tag.to_proto() for tag in tags] if tags else [],
            description=description,
        )
        response = self.service.call_endpoint(
            get_lib().ModelRegistryServiceCreateRegisteredModel, request
        )
        return _registered_model_from_proto(response.registered_model)

    def get_registered_model(self, name):
        request = GetRegisteredModel(name=name)
        response = self.service.call_endpoint(
            get_lib().ModelRegistryServiceGetRegisteredModel, request
        )
        return _registered_model_from_proto(response.registered_model)


def _registered_model_from_proto(proto):
    registered_model = RegisteredModel.from_proto(proto)
    # A proto has "" and "1" where the store has None and 1.
    registered_model.description = registered_model.description or None
    for alias in proto.aliases:
        registered_model._add_alias(RegisteredModelAlias(alias.alias, int(alias.version)))
    return registered_model


def ModelRegistryStore(cls):
    return type(cls.__name__, (_ModelRegistryStore, cls), {})
