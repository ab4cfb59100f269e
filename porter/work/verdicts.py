"""Verdicts as JSON and back: what the cache remembers of a proof."""

from __future__ import annotations

import dataclasses
from typing import Any, cast

from porter.core.finding import Finding
from porter.core.proof import Verdict
from porter.core.question import Evidence
from porter.work.cache import Json


def stored(verdict: Verdict) -> Json:
    """A verdict as JSON."""
    return cast("Json", dataclasses.asdict(verdict))


def loaded(entry: Json) -> Verdict | None:
    """A verdict out of JSON; what has another shape (an older porter's) counts as none."""
    try:
        data = dict(cast("dict[str, Any]", entry))
        findings = tuple(finding(found) for found in data.pop("findings"))
        details = tuple(data.pop("details"))
        return Verdict(**data, findings=findings, details=details)
    except (KeyError, TypeError, ValueError):
        return None


def finding(entry: dict[str, Any]) -> Finding:
    """A finding out of JSON."""
    evidence = tuple(Evidence(**place) for place in entry["evidence"])
    return Finding(**{**entry, "evidence": evidence})
