"""`porter infer`: what Python demands of a request, with evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from porter.cli.options import Json, Mlflow, Where

if TYPE_CHECKING:
    from porter.core.endpoint import Catalog, Endpoint
    from porter.core.view import View
    from porter.source.validators import Tags


def infer(
    endpoint: Annotated[str | None, typer.Argument(metavar="[EP]")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every rpc that the handlers serve.")
    ] = False,
    explain: Annotated[str | None, typer.Option(metavar="FIELD", help="Show the Python.")] = None,
    mlflow: Mlflow = None,
    json: Json = False,
    where: Where = None,
) -> int:
    """What Python demands of a request, with evidence; writes nothing."""
    from porter import infer as inference
    from porter.cli.documents import dump
    from porter.errors import UsageError
    from porter.terminal import inferred
    from porter.terminal.consoles import consoles

    if (endpoint is None) == (not every):
        raise UsageError("name an endpoint, or ask for all", next="porter infer EP, or --all")
    view, catalog, tags, wanted = _read(where, mlflow, endpoint)
    if every:
        documents = [_document(view, one, catalog, tags) for one in wanted]
        if json:
            typer.echo(dump(documents))
        else:
            inferred.overview(consoles().out, documents)
        return 0
    assert endpoint is not None
    one = wanted[0]
    if explain is not None:
        found, _ = inference.inferred(view, one, catalog, tags)
        lines = inference.explain(view, found, explain)
        typer.echo("\n".join(lines) or f"nothing is demanded of {explain}")
        return 0
    document = _document(view, one, catalog, tags)
    if json:
        typer.echo(dump(document))
    else:
        inferred.show(consoles().out, document)
    return 0


def _read(
    where: Path | None, mlflow: Path | None, endpoint: str | None
) -> tuple[View, Catalog, Tags | None, tuple[Endpoint, ...]]:
    """The MLflow to read, with a checkout's tags where one is there, and the endpoints asked for.

    With `--mlflow` no checkout is needed.
    """
    from porter.errors import UsageError
    from porter.source import protos, validators
    from porter.source.constraints import served
    from porter.source.layout import discover
    from porter.source.mlflow import index
    from porter.source.resolve import resolve_served
    from porter.work.checkout import Disk, find_root, find_tree

    tags = None
    try:
        root = find_root(where or Path.cwd())
    except UsageError:
        if mlflow is None:
            raise
    else:
        tree = Disk(root)
        layout = discover(tree)
        tags = validators.tags(tree, layout.validation_tags)
        mlflow = mlflow or root / layout.mlflow_repo
    view = Disk(find_tree(mlflow, "mlflow"))
    catalog = protos.catalog(view)
    known = tuple(served(index(view), catalog))
    return view, catalog, tags, (resolve_served(endpoint, known),) if endpoint else known


def _document(
    view: View, endpoint: Endpoint, catalog: Catalog, tags: Tags | None
) -> dict[str, Any]:
    from porter import infer as inference

    return inference.infer(view, endpoint, catalog, tags)


COMMANDS = (infer,)
