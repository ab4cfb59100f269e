"""Starts the Go server, and behind it MLflow's Python server for what is not ported."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import mlflow
from mlflow.server import ARTIFACT_ROOT_ENV_VAR, BACKEND_STORE_URI_ENV_VAR
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from mlflow.utils import find_free_port
from mlflow.version import VERSION

from mlflow_go_backend.lib import get_lib

_LOCALHOST = "127.0.0.1"
_START_TIMEOUT = 60


@contextmanager
def mlflow_server(host, port, backend_store_uri, default_artifact_root, extra_env=None):
    """Runs both servers and yields the URL of the Go server, which is the one to talk to."""
    # Python creates the tables, and Go needs them from the first request on.
    SqlAlchemyStore(backend_store_uri, default_artifact_root)
    python_port = find_free_port()
    with (
        python_server(_LOCALHOST, python_port, backend_store_uri, default_artifact_root, extra_env),
        server(
            address=f"{host}:{port}",
            default_artifact_root=default_artifact_root,
            model_registry_store_uri=backend_store_uri,
            python_address=f"{_LOCALHOST}:{python_port}",
            tracking_store_uri=backend_store_uri,
        ),
    ):
        yield f"http://{host}:{port}"


@contextmanager
def server(**config):
    """
    Runs the Go server.

    Args:
        config: What `Config` in pkg/config knows. Where there is no `python_address`, nobody
            answers what is not ported.
    """
    content = json.dumps({"version": VERSION, **config}).encode()
    server_id = get_lib().StartServer(content, len(content))
    if server_id < 0:
        raise RuntimeError("The Go server did not start: its log says why")
    try:
        yield
    finally:
        get_lib().StopServer(server_id)


@contextmanager
def python_server(host, port, backend_store_uri, default_artifact_root, extra_env=None):
    """Runs MLflow's own server."""
    env = {
        **os.environ,
        # The MLflow of this process, which need not be the one that is installed.
        "PYTHONPATH": str(Path(mlflow.__file__).parent.parent),
        BACKEND_STORE_URI_ENV_VAR: backend_store_uri,
        ARTIFACT_ROOT_ENV_VAR: default_artifact_root,
        **(extra_env or {}),
    }
    command = [sys.executable, "-m", "flask", "--app", "mlflow.server:app", "run"]
    process = subprocess.Popen([*command, "--host", host, "--port", str(port)], env=env)
    try:
        _wait_for(host, port, process)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(host, port, process):
    deadline = time.monotonic() + _START_TIMEOUT
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
            return
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("MLflow's Python server did not start") from error
            time.sleep(0.05)
