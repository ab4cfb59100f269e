"""The Go signature of a store method, as people write them in the checkout."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter after `ctx`: its Go name and type text (`[]*entities.RunTag`)."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A store method: `params` without `ctx context.Context`, `results` as type texts.

    `imports` names the packages of the checkout that the types need: `entities`, `protos`.
    """

    name: str
    params: tuple[Param, ...]
    results: tuple[str, ...]
    imports: tuple[str, ...] = ()
