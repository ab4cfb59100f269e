"""`replay.py --rules`: the rules that porter infers for each port against those that people wrote.

The truth is taken from the commits themselves: the keys that a port's commit adds to, or changes
in, validations.go. MLflow is read as it stood at the commit's author date. Whatever porter
proposes beyond the human's is listed with its evidence.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from replay.history import Port, ports
from replay.objects import Repository

from porter.core.constraint import Inference, Rule
from porter.core.endpoint import Catalog, Endpoint
from porter.core.view import View
from porter.errors import PorterError
from porter.infer import inferred
from porter.source.checkout.layout import discover
from porter.source.protos import catalog
from porter.source.rules import propose, tokens
from porter.source.rules.standing import standing
from porter.source.rules.validators import Tags, tags

HUMAN_ONLY: dict[tuple[str, str], str] = {
    ("SetTag_Key", "max=1000"): "Python's limit is 250",
    ("DeleteRegisteredModelTag_Key", "max=250"): "Python does not limit the key of a delete",
    ("DeleteModelVersionTag_Key", "max=250"): "Python does not limit the key of a delete",
    ("CreateRegisteredModel_Value", "truncate=5000"): "Python does not truncate here",
    ("SetModelVersionTag_Value", "truncate=5000"): "Python does not truncate here",
    **{
        (f"{message}_Alias", tag): "an alias has a stricter pattern in Python, and is no path"
        for message in (
            "SetRegisteredModelAlias", "DeleteRegisteredModelAlias", "GetModelVersionByAlias",
        )
        for tag in ("validMetricParamOrTagName", "pathIsUnique")
    },
}  # fmt: skip
"""Tokens that people wrote and that are no facts of the Python code."""
STYLE = frozenset({"omitempty", "notEmpty", "dive"})
"""Tokens that say how Go runs a rule, not what Python checks."""
SAME = {"gt=0": "min=1", "positiveNonZeroInteger": "min=1"}
BARS = {"keys": (45, 47), "required": (33, 34), "tokens": (42, 42)}


@dataclass(frozen=True)
class Extra:
    """A rule, or tokens of one, that porter proposes and the person did not write."""

    key: str
    tokens: tuple[str, ...]
    certain: bool
    evidence: tuple[str, ...]


@dataclass
class Score:
    """What all ports came to."""

    keys: dict[str, str] = field(default_factory=dict)
    proposed: dict[str, Rule] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    known: list[tuple[Inference, Endpoint, Catalog]] = field(default_factory=list)

    def found(self) -> Mapping[str, tuple[int, int]]:
        """Hits and totals by bar."""
        facts = list(_facts(self.keys))
        said = {key: _plain(rule.rule) for key, rule in self.proposed.items()}
        required = [(k, t) for k, t in facts if t == "required"]
        # The dead keys name no field, so their tokens stand under the nested message's key.
        live = [(k, t) for k, t in facts if t != "required" and k not in _dead(self)]
        return {
            "keys": (sum(k in said for k in self.keys), len(self.keys)),
            "required": (sum(t in said.get(k, ()) for k, t in required), len(required)),
            "tokens": (sum(t in said.get(k, ()) for k, t in live), len(live)),
        }

    def missed(self) -> list[str]:
        """Human facts that porter does not propose."""
        said = {key: _plain(rule.rule) for key, rule in self.proposed.items()}
        return [f"{k} {t}" for k, t in _facts(self.keys) if t not in said.get(k, ())]

    def extras(self) -> list[Extra]:
        """What porter proposes beyond the human's, each with its evidence."""
        out = []
        for key, rule in sorted(self.proposed.items()):
            human = _plain(self.keys.get(key, ""))
            more = tuple(t for t in _plain(rule.rule) if t not in human)
            if more:
                places = dict.fromkeys(str(c.evidence[-1]) for c in rule.constraints if c.evidence)
                out.append(Extra(key, more, rule.certain, tuple(places)))
        return out


def run(arguments: argparse.Namespace) -> int:
    """0 where all bars are met (or only some ports were asked for), 1 where one is missed."""
    target, mlflow = Repository(arguments.repo), Repository(arguments.mlflow)
    names = {name.lower() for name in arguments.only or []}
    score = Score()
    try:
        for port in ports(target):
            if not names or port.endpoint.lower() in names:
                _replay(score, port, target, mlflow)
    finally:
        target.close()
        mlflow.close()
    print(_json(score) if arguments.json else _text(score))
    met = all(hits >= BARS[name][0] for name, (hits, _) in score.found().items())
    return 0 if names or (met and not score.failures) else 1


def _replay(score: Score, port: Port, target: Repository, mlflow: Repository) -> None:
    before, after = target.tree(port.parent), target.tree(port.commit)
    written = set()
    for key, rule in _rules(after).items():
        if _rules(before).get(key) != rule:
            score.keys[key] = rule
            written.add(key)
    day = mlflow.text("rev-list", "-1", "--first-parent", f"--before={port.date}", "HEAD").strip()
    python = mlflow.tree(day)
    known = catalog(python)
    endpoint = next((e for e in known.endpoints if e.id == port.id), None)
    if endpoint is None:
        score.failures.append(f"{port.id}: MLflow of {port.date} has no such rpc")
        return
    own = tags(after, discover(after).validation_tags)
    found, proposal = inferred(python, endpoint, known, own)
    score.failures += [f"{port.id}: {n.text}" for n in found.notes if n.code == "P301"]
    score.known.append((found, endpoint, known))
    for rule in proposal.rules:
        score.proposed.setdefault(rule.key, rule)
    for key in written - {rule.key for rule in proposal.rules}:
        _repaired(score, key, own)


def _repaired(score: Score, key: str, own: Tags) -> None:
    """A key of an earlier port that this commit wrote: proposed with the tags that it had."""
    for found, endpoint, known in score.known:
        for rule in propose(found, endpoint, known, own).rules:
            if rule.key == key:
                score.proposed[key] = rule


def _rules(tree: View) -> Mapping[str, str]:
    path = discover(tree).validations
    try:
        return standing(tree, path).rules if path is not None else {}
    except PorterError:
        return {}


def _facts(keys: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The tokens of the human rules that are facts of the Python code."""
    for key, rule in keys.items():
        for token in tokens(rule):
            plain = SAME.get(token, token.replace(":", "="))
            if plain not in STYLE and (key, token) not in HUMAN_ONLY:
                yield key, plain


def _plain(rule: str) -> tuple[str, ...]:
    return tuple(SAME.get(token, token.replace(":", "=")) for token in tokens(rule))


def _dead(score: Score) -> frozenset[str]:
    """Human keys under whose message porter proposes nothing of that name: they name no field."""
    return frozenset(key for key in score.keys if key not in score.proposed)


def _text(score: Score) -> str:
    rows = ["what        found   of  bar"]
    for name, (hits, total) in score.found().items():
        bar, of = BARS[name]
        rows.append(f"{name:<10} {hits:>6} {total:>4}  {bar} of {of}")
    rows += ["", "missed:"] + [f"  {line}" for line in score.missed() or ["nothing"]]
    extras = score.extras()
    rows += ["", f"proposed beyond the human's, {len(extras)} keys:"]
    for one in extras:
        sure = "" if one.certain else "  (not certain)"
        rows.append(f"  {one.key}  {','.join(one.tokens)}{sure}")
        rows += [f"      {place}" for place in one.evidence]
    rows += [f"failed: {line}" for line in score.failures]
    return "\n".join(rows)


def _json(score: Score) -> str:
    document = {
        "bars": {
            n: {"found": h, "of": t, "bar": BARS[n][0]} for n, (h, t) in score.found().items()
        },
        "missed": score.missed(),
        "extras": [
            {"key": e.key, "tokens": e.tokens, "certain": e.certain, "evidence": e.evidence}
            for e in score.extras()
        ],
        "failures": score.failures,
    }
    return json.dumps(document, indent=2)
