"""Starts the server that the REST tests talk to."""

import contextlib
import os
import socket
import subprocess
import sys
import time

from mlflow.server import ARTIFACT_ROOT_ENV_VAR, BACKEND_STORE_URI_ENV_VAR
from mlflow.utils import find_free_port

LOCALHOST = "127.0.0.1"
_START_TIMEOUT = 60


@contextlib.contextmanager
def _init_server(backend_uri, root_artifact_uri, extra_env=None):
    """Runs MLflow's Python server and yields its URL. A backend may put its own server here."""
    port = find_free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "mlflow.server:app"]
        + ["run", "--host", LOCALHOST, "--port", str(port)],
        env={
            **os.environ,
            BACKEND_STORE_URI_ENV_VAR: backend_uri,
            ARTIFACT_ROOT_ENV_VAR: root_artifact_uri,
            **(extra_env or {}),
        },
    )
    try:
        _await_server_up_or_die(port)
        yield f"http://{LOCALHOST}:{port}"
    finally:
        process.terminate()
        process.wait()


def _await_server_up_or_die(port):
    deadline = time.monotonic() + _START_TIMEOUT
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection((LOCALHOST, port), timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"No server on port {port} after {_START_TIMEOUT} seconds")
