"""Puts Go in the place of Python in MLflow's own tests, which live in .mlflow.repo/tests."""

import contextlib
import sys
from pathlib import Path
from unittest.mock import patch

# Ahead of the MLflow that is installed, and where MLflow's tests find each other.
sys.path.insert(0, str(Path(__file__).parent / ".mlflow.repo"))


def pytest_configure(config):
    from mlflow.store.model_registry import sqlalchemy_store as model_registry
    from mlflow.store.tracking import sqlalchemy_store as tracking

    from mlflow_go_backend.store.model_registry import ModelRegistryStore
    from mlflow_go_backend.store.tracking import TrackingStore

    for module, mixin in ((tracking, TrackingStore), (model_registry, ModelRegistryStore)):
        patch.object(module, "SqlAlchemyStore", mixin(module.SqlAlchemyStore)).start()
    patch("tests.tracking.integration_test_utils._init_server", _init_server).start()


@contextlib.contextmanager
def _init_server(backend_uri, root_artifact_uri, extra_env=None):
    """Runs Go in front of the Python server. MLflow's tests run only the latter."""
    from mlflow.utils import find_free_port

    from mlflow_go_backend.server import mlflow_server

    port = find_free_port()
    with mlflow_server("127.0.0.1", port, backend_uri, root_artifact_uri, extra_env) as url:
        yield url
