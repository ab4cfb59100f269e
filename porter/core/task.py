"""What a step is given: one endpoint in one checkout, with the answers so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from porter.core.endpoint import Catalog, Endpoint
from porter.core.layout import Layout, Service
from porter.core.plan import Plan
from porter.core.question import Answers
from porter.core.view import Overlay, View


@dataclass(frozen=True)
class Task:
    """Everything that `plan` and `inspect` may look at. Both views are read-only.

    `strict` writes the rules as Python enforces them; `rules` plans missing rules also for an
    endpoint that is ported already.
    """

    endpoint: Endpoint
    layout: Layout
    tree: View
    mlflow: View
    catalog: Catalog
    answers: Answers = field(default_factory=Answers)
    strict: bool = False
    rules: bool = False
    python: tuple[str, ...] = ("python",)
    """The command that starts the checkout's own Python (`uv run python` where it has uv.lock)."""

    @property
    def service(self) -> Service:
        """The endpoint's service in this checkout. The enable step refuses where there is none."""
        service = self.layout.service(self.endpoint.service)
        if service is None:
            raise LookupError(f"{self.endpoint.service} is not a service of this checkout")
        return service

    @property
    def spelling(self) -> str:
        """The endpoint's shortest name that is not ambiguous in this checkout."""
        return self.catalog.spelling(self.endpoint, self.layout.registered)

    def over(self, plan: Plan) -> Task:
        """This task as it will be once `plan` is applied."""
        return replace(self, tree=Overlay(self.tree, plan.after()))
