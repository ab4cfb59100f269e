"""Lint: what is wrong with the standing rules, each finding with its place, evidence and mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from porter.core.constraint import Constraint, Rule
from porter.core.endpoint import Catalog, Endpoint
from porter.core.finding import Finding, Findings
from porter.core.layout import Layout
from porter.core.plan import Plan, planned
from porter.core.view import View
from porter.source.constraints import infer_constraints, served
from porter.source.mlflow import index
from porter.source.rules import SUBSTITUTE, place_of, propose, tokens
from porter.source.rules.lacking import checks, lacking
from porter.source.rules.rulechecks import CHECKS, MISSING, UNREAD, Fault, Known
from porter.source.rules.standing import (
    Standing,
    again,
    named,
    renamed,
    standing,
    with_rules,
    without,
)
from porter.source.rules.validators import tags


@dataclass(frozen=True)
class Checkout:
    """What lint looks at: a checkout, its layout, and the MLflow beside it."""

    tree: View
    layout: Layout
    mlflow: View
    catalog: Catalog


def lint(here: Checkout, refused: frozenset[str] = frozenset()) -> Findings:
    """The findings on all standing rules, and the checks of Python that have none.

    `refused` are keys that a contributor answered with no rule: they are left out.
    Raises SourceError where a file does not parse.
    """
    path = here.layout.validations
    if path is None:
        return ()
    found = standing(here.tree, path)
    owners = {
        e.request.go_name: e.id for e in here.catalog.endpoints if here.layout.service(e.service)
    }
    return tuple(_finding(found, fault, owners) for fault in _faults(here, found, refused))


def fixes(here: Checkout, refused: frozenset[str] = frozenset()) -> Plan:
    """The plan that mends what is mechanical; missing rules are asked for by `start --rules`."""
    path = here.layout.validations
    if path is None:
        return Plan()
    found = standing(here.tree, path)
    rules, gone, moved = dict(found.rules), [], []
    for fault in _faults(here, found, refused):
        if fault.meant is not None:
            moved.append((fault.key, fault.meant))
        elif fault.mended == "":
            gone.append(fault.key)
        elif fault.mended is not None and fault.code != MISSING:
            rules[fault.key] = _merged(rules[fault.key], found.rules[fault.key], fault.mended)
    changed = [(k, r) for k, r in rules.items() if r != found.rules[k] and k not in gone]
    after = with_rules(found, changed)
    after = renamed(again(found, after), moved)
    after = without(again(found, after), gone)
    return Plan(planned({path: found.file.source}, {path: after}))


def _merged(current: str, before: str, mended: str) -> str:
    """Two mends of one rule, tag by tag."""
    if current == before:
        return mended
    old, new = list(tokens(before)), list(tokens(mended))
    added = [t for t in new if t not in old]
    gone = [t for t in old if t not in new]
    kept = [added.pop(0) if t in gone and added else t for t in tokens(current)]
    front = [t for t in added if new.index(t) == 0]
    return ",".join([*front, *kept, *(t for t in added if t not in front)])


def _faults(here: Checkout, found: Standing, refused: frozenset[str]) -> Iterator[Fault]:
    allowed = tags(here.tree, here.layout.validation_tags)
    python, missing = _python(here, found, refused)
    known = Known(found.rules, named(here.catalog), here.catalog, allowed, python)
    for key in found.rules:
        for check in CHECKS:
            yield from check(known, key)
    for key, text in found.unread.items():
        said = f"{key} cannot be read: {text} is no string, so nothing is said of it"
        yield Fault(UNREAD, key, said, None, "warning")
    yield from missing


def _python(
    here: Checkout, found: Standing, refused: frozenset[str]
) -> tuple[Mapping[str, list[Constraint]], list[Fault]]:
    """Python's demands by key over all endpoints, and the rules that ported ones lack."""
    python: dict[str, list[Constraint]] = {}
    lacking: dict[str, Fault] = {}
    allowed = tags(here.tree, here.layout.validation_tags)
    ready = index(here.mlflow)
    for endpoint in served(ready, here.catalog):
        service = here.layout.service(endpoint.service)
        if service is None:
            continue
        inference = infer_constraints(ready, here.catalog, endpoint)
        for one in inference.constraints:
            place = place_of(endpoint.request, one.field, here.catalog)
            if place is not None:
                python.setdefault(place.key, []).append(one)
        if endpoint.name in service.enabled:
            either = {n.field for n in inference.notes if n.code == SUBSTITUTE}
            for rule in propose(inference, endpoint, here.catalog, allowed).rules:
                if rule.field in either:
                    continue  # a check of the whole request may stand for it
                fault = _lacking(found, endpoint, rule)
                if fault is not None and rule.key not in refused:
                    lacking.setdefault(rule.key, fault)
    return python, list(lacking.values())


def _lacking(found: Standing, endpoint: Endpoint, rule: Rule) -> Fault | None:
    """The fault of a key that stands without a check of Python's, or does not stand at all."""
    if not rule.certain or rule.key in found.unread:
        return None
    stands = found.rules.get(rule.key)
    checked = checks(rule)
    if not checked:
        return None
    places = tuple(dict.fromkeys(c.evidence[-1] for c in rule.constraints if c.evidence))
    who = f"{endpoint.request.name}.{rule.field}"
    if stands is None:
        said = ",".join(t for t in checked if t != "dive")
        text = f"{rule.key} has no rule, Python checks {who}: {said}"
        if not said:
            text = f"{rule.key} has no rule: what is in it is checked only behind dive"
        return Fault(MISSING, rule.key, text, None, "warning", places)
    more = lacking(rule, stands)
    if not more:
        return None
    text = f"{rule.key} lacks {','.join(more)}, which Python checks of {who}"
    return Fault(MISSING, rule.key, text, None, "warning", places)


def _finding(found: Standing, fault: Fault, owners: Mapping[str, str]) -> Finding:
    entry = found.entry(fault.key)
    owner = owners.get(fault.key.rpartition("_")[0], "")
    asks = f"porter start {owner.rpartition('/')[2]} --rules" if owner else None
    mended = fault.mended is not None and fault.code != MISSING
    return Finding(
        fault.code,
        fault.text,
        found.file.path,
        entry.line if entry is not None else None,
        fault.severity,
        step="validate",
        endpoint=owner,
        next="porter lint --fix" if mended else asks if fault.code == MISSING else None,
        evidence=fault.evidence,
    )
