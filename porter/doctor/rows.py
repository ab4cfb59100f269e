"""What doctor says, as values: rows of a report, and the checkout that it looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from porter.core.layout import Layout
from porter.core.view import View
from porter.source.checkout import headers
from porter.work.tools import Toolchain, toolchain

Say = Callable[[str], None]
State = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report. `warn` is worth knowing and stops nothing; `next` mends it."""

    name: str
    found: str
    wanted: str = ""
    state: State = "ok"
    next: str | None = None
    details: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing has to be done about it."""
        return self.state != "bad"


@dataclass(frozen=True, slots=True)
class Report:
    """What doctor found, in the order in which it matters."""

    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        """Whether porter can do everything here."""
        return all(row.ok for row in self.rows)


@dataclass(frozen=True)
class Patient:
    """The checkout that is examined. `mlflow` is the folder of MLflow, there or not."""

    root: Path
    tree: View
    layout: Layout
    mlflow: Path
    tools: Toolchain


def patient(root: Path, tree: View, layout: Layout, *, python: str | None = None) -> Patient:
    """The checkout at `root`, its toolchain found anew; `python` as a person named it."""
    tools = toolchain(root, headers.wanted(tree, layout), python=python)
    return Patient(root, tree, layout, root / layout.mlflow_repo, tools)
