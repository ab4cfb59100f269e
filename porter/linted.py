"""Lint of one checkout, remembered with the files it read; refused rules are left out."""

from __future__ import annotations

from dataclasses import asdict

from porter.core.finding import Findings
from porter.core.plan import Plan
from porter.lint import Checkout, fixes, lint
from porter.source.checkout.generated import generate_command
from porter.source.rules.offers import PREFIX
from porter.work import facts, verdicts
from porter.work.checkout import Disk
from porter.workshop import Workshop


def linted(shop: Workshop) -> Findings:
    """What lint says of the standing rules."""

    def make() -> tuple[list[object], list[Disk]]:
        return [asdict(finding) for finding in lint(_checkout(shop), _refused(shop))], shop.disks

    rows = facts.remembered(facts.LINT, (str(shop.root),), make)
    return tuple(verdicts.finding(row) for row in rows)


def mending(shop: Workshop) -> Plan:
    """The plan that mends what lint finds and can be mended mechanically."""
    return fixes(_checkout(shop), _refused(shop))


def generator(shop: Workshop) -> str | None:
    """The command that writes the rules into the struct tags."""
    command = generate_command(shop.target.tree, shop.target.layout)
    return str(command) if command else None


def _checkout(shop: Workshop) -> Checkout:
    target = shop.target
    return Checkout(target.tree, target.layout, target.mlflow, target.catalog)


def _refused(shop: Workshop) -> frozenset[str]:
    """The keys of rules that a contributor answered with none."""
    given = [item for e in shop.target.endpoints for item in shop.answers(e).given.items()]
    return frozenset(
        k.removeprefix(PREFIX) for k, a in given if k.startswith(PREFIX) and not a.value
    )
