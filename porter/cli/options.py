"""Options that several commands share, and how a command opens its checkout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from porter.core.endpoint import Endpoint
    from porter.target import Target

Where = Annotated[
    Path | None, typer.Option("-C", metavar="DIR", help="Work in the checkout at DIR.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
NoInput = Annotated[
    bool, typer.Option("--no-input", help="Ask nothing: take defaults, leave the rest open.")
]
Names = Annotated[list[str], typer.Argument(metavar="EP...", help="Endpoints, in any spelling.")]
Name = Annotated[str, typer.Argument(metavar="EP", help="An endpoint, in any spelling.")]
Python = Annotated[
    str | None, typer.Option("--python", metavar="PATH", help="The checkout's own Python.")
]
Mlflow = Annotated[
    Path | None, typer.Option("--mlflow", metavar="PATH", help="Read this MLflow instead.")
]


def opened(where: Path | None, mlflow: Path | None = None, python: str | None = None) -> Target:
    """The checkout that a command works on."""
    from porter.target import open_target

    return open_target(where or Path.cwd(), mlflow, python)


def named(target: Target, names: list[str]) -> tuple[Endpoint, ...]:
    """The endpoints of those spellings. Raises UsageError where one is unknown or ambiguous."""
    from porter.source.resolve import resolve

    return tuple(dict.fromkeys(resolve(name, target.catalog, target.layout) for name in names))
