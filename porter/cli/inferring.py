"""`porter infer`: what Python demands of a request, with evidence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from porter.cli.options import Json, Mlflow, Where

if TYPE_CHECKING:
    from porter.core.endpoint import Catalog, Endpoint
    from porter.core.view import View
    from porter.source.rules.validators import Tags
    from porter.work.checkout import Disk


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
    from porter.cli.documents import dump
    from porter.errors import UsageError

    if (endpoint is None) == (not every):
        raise UsageError("either one endpoint or all", next="porter infer EP, or --all")
    if every and explain is not None:
        raise UsageError("a field belongs to one endpoint", next="porter infer EP --explain FIELD")
    asked = _Asked(*_places(where, mlflow), endpoint)
    if explain is not None:
        typer.echo("\n".join(_explained(asked, explain)) or f"nothing is demanded of {explain}")
        return 0
    documents = _documents(asked)
    if json:
        typer.echo(dump(documents if every else documents[0]))
        return 0
    from porter.terminal import inferred
    from porter.terminal.consoles import consoles

    if every:
        inferred.overview(consoles().out, documents)
    else:
        inferred.show(consoles().out, documents[0])
    return 0


@dataclass(frozen=True)
class _Asked:
    """The MLflow to read, the checkout whose tags are taken, and the endpoint as typed."""

    mlflow: Path
    root: Path | None
    endpoint: str | None


def _places(where: Path | None, mlflow: Path | None) -> tuple[Path, Path | None]:
    """The MLflow and the checkout. With `--mlflow` no checkout is needed."""
    from porter.errors import EnvironmentFault, UsageError
    from porter.work.checkout import Disk, find_root, find_tree

    try:
        root = find_root(where or Path.cwd())
    except UsageError:
        if mlflow is None:
            raise
        return find_tree(mlflow, "mlflow"), None
    if mlflow is not None:
        return find_tree(mlflow, "mlflow"), root
    beside = root / ".mlflow.repo"
    if not beside.is_dir():
        from porter.source.checkout.layout import discover

        beside = root / discover(Disk(root)).mlflow_repo
    if not (beside / "mlflow").is_dir():
        raise EnvironmentFault(f"no MLflow at {beside}", next="mage repo:init, or --mlflow PATH")
    return beside, root


def _documents(asked: _Asked) -> list[dict[str, Any]]:
    """The documents, remembered with the files they were read from."""
    from porter.work.facts import remembered

    def make() -> tuple[list[dict[str, Any]], list[Disk]]:
        from porter import infer as inference

        read = _read(asked)
        made = [
            inference.infer(read.mlflow, one, read.catalog, read.tags) for one in read.endpoints
        ]
        return made, read.disks

    key = (str(asked.mlflow), str(asked.root), asked.endpoint or "*")
    found: list[dict[str, Any]] = remembered("infer", key, make)
    return found


def _explained(asked: _Asked, field: str) -> tuple[str, ...]:
    from porter import infer as inference
    from porter.source.resolve import resolve_field

    read = _read(asked)
    endpoint = read.endpoints[0]
    field = resolve_field(field, endpoint, read.catalog)
    found, _ = inference.inferred(read.mlflow, endpoint, read.catalog, read.tags)
    return inference.explain(read.mlflow, found, field)


@dataclass(frozen=True)
class _Read:
    """What an inference is made from."""

    mlflow: View
    catalog: Catalog
    tags: Tags | None
    endpoints: tuple[Endpoint, ...]
    disks: list[Disk]


def _read(asked: _Asked) -> _Read:
    from porter.source import protos
    from porter.source.constraints import served
    from porter.source.mlflow import index
    from porter.source.resolve import resolve_served
    from porter.work.checkout import Disk

    view = Disk(asked.mlflow)
    catalog = protos.catalog(view)
    known = tuple(served(index(view), catalog))
    wanted = known if asked.endpoint is None else (resolve_served(asked.endpoint, known),)
    if asked.root is None:
        return _Read(view, catalog, None, wanted, [view])
    from porter.source.checkout.layout import discover
    from porter.source.rules import validators

    tree = Disk(asked.root)
    tags = validators.tags(tree, discover(tree).validation_tags)
    return _Read(view, catalog, tags, wanted, [view, tree])


COMMANDS = (infer,)
