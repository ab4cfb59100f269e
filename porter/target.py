"""One opened checkout: its tree, what was discovered in it, and the MLflow beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from porter.core.endpoint import Catalog, Endpoint
from porter.core.layout import Layout
from porter.core.question import Answers
from porter.core.task import Task
from porter.core.view import View
from porter.errors import EnvironmentFault
from porter.source import protos
from porter.source.checkout import headers
from porter.source.checkout.layout import discover
from porter.work.checkout import Disk, find_root
from porter.work.tools import Toolchain, toolchain


@dataclass(frozen=True)
class Target:
    """A checkout of mlflow-go as it is now. `reread` after anything wrote to it."""

    root: Path
    tree: View
    layout: Layout
    mlflow: View
    catalog: Catalog
    mlflow_root: Path
    toolchain: Toolchain

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The endpoints of the services that the checkout knows, in the proto's order."""
        order = self.layout.registered
        known = [e for e in self.catalog.endpoints if e.service in order]
        return tuple(sorted(known, key=lambda e: order.index(e.service)))

    def enabled(self, endpoint: Endpoint) -> bool:
        """Whether the endpoint is in endpoints.go."""
        service = self.layout.service(endpoint.service)
        return service is not None and endpoint.name in service.enabled

    def spelling(self, endpoint: Endpoint) -> str:
        """The shortest name that is not ambiguous here."""
        return self.catalog.spelling(endpoint, self.layout.registered)

    def task(
        self,
        endpoint: Endpoint,
        answers: Answers | None = None,
        *,
        strict: bool = False,
        rules: bool = False,
    ) -> Task:
        """What the steps are given for an endpoint."""
        return Task(
            endpoint, self.layout, self.tree, self.mlflow, self.catalog,
            answers or Answers(), strict, rules, self.toolchain.python,
        )  # fmt: skip

    def reread(self) -> Target:
        """The same checkout, read anew."""
        tree = Disk(self.root)
        return replace(self, tree=tree, layout=discover(tree))


def open_target(start: Path, mlflow: Path | None = None, python: str | None = None) -> Target:
    """The checkout that `start` is in; `mlflow` reads another MLflow than the one beside it.

    `python` is the interpreter that the checkout's own Python should be.

    Raises UsageError where `start` is in no checkout, EnvironmentFault where MLflow is missing,
    SourceError where a file that everything hangs on does not parse.
    """
    root = find_root(start)
    tree = Disk(root)
    layout = discover(tree)
    beside = mlflow or root / layout.mlflow_repo
    if not (beside / "mlflow").is_dir():
        raise EnvironmentFault(
            f"no MLflow at {layout.mlflow_repo if mlflow is None else mlflow}: the Python to port "
            "from is missing",
            next="mage repo:init" if mlflow is None else "name a tree that holds mlflow/",
        )
    view = Disk(beside, layout.mlflow_repo if mlflow is None else "")
    tools = toolchain(root, headers.wanted(tree, layout), python=python)
    return Target(root, tree, layout, view, protos.catalog(view), beside, tools)
