"""The command mlflow-go."""

import signal
from contextlib import suppress

import click
from mlflow.utils.uri import resolve_uri_if_local

from mlflow_go_backend.server import mlflow_server


@click.group()
def cli():
    """MLflow with a Go backend."""


@cli.command("server")
@click.option("--backend-store-uri", default="sqlite:///mlflow.db", show_default=True)
@click.option("--default-artifact-root", default="./mlruns", show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True)
def run_server(backend_store_uri, default_artifact_root, host, port):
    """Answers what is ported in Go and the rest in Python, until it is interrupted."""
    # Leave through the with block in both cases, so that no server stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    artifact_root = resolve_uri_if_local(default_artifact_root)
    with mlflow_server(host, port, backend_store_uri, artifact_root) as url:
        click.echo(f"Listening on {url}")
        with suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    cli()
