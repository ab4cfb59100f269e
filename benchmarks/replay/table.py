"""A run's result as Markdown, as JSON, and one case as a diff."""

from __future__ import annotations

import difflib
import json

from porter.core.view import Overlay
from replay.bars import Result
from replay.compare import Comparison
from replay.facts import hand_written
from replay.objects import Repository
from replay.outcome import Outcome
from replay.reasons import reason


def markdown(result: Result) -> str:
    """The table, and beneath it each case that missed a measure with the reason."""
    out = ["| measure | reached | bar | |", "|---|---|---|---|"]
    rows = result.rows()
    for row in rows:
        out.append(
            f"| {row.measure} | {row.reached} | {row.bar} | {'ok' if row.met else 'MISSED'} |"
        )
    for row in rows:
        if row.missed:
            out += ["", f"**{row.measure}**", ""]
            out += [_miss(row.measure, name, why) for name, why in row.missed]
    worst = sorted(result.comparisons, key=lambda c: -_short(c))[:12]
    out += ["", "**lines of the person's that porter did not write**, most first", ""]
    out += [f"- {c.port.endpoint}: {_short(c)} of {_whole(c)}{_kinds(c)}" for c in worst]
    return "\n".join(out) + "\n"


def document(result: Result) -> str:
    """The same as one JSON document."""
    rows = [
        {
            "measure": row.measure, "reached": row.reached, "bar": row.bar, "met": row.met,
            "missed": [
                {"endpoint": name, "why": why, "reason": reason(row.measure, name)}
                for name, why in row.missed
            ],
        }
        for row in result.rows()
    ]  # fmt: skip
    cases = [
        {
            "endpoint": c.port.id, "commit": c.port.commit, "mlflow": o.mlflow, "exact": o.exact,
            "states": o.states, "defaults": o.defaults, "seconds": round(o.seconds, 3),
            "measures": {k: {"met": v.met, "why": v.why} for k, v in c.verdicts.items()},
            "lines": {"person": _whole(c), "not_written": _short(c)},
        }
        for c, o in zip(result.comparisons, result.outcomes, strict=True)
    ]  # fmt: skip
    return json.dumps({"way": result.way, "rows": rows, "cases": cases}, indent=2)


def difference(comparison: Comparison, outcome: Outcome, repository: Repository) -> str:
    """What the person's files have (-) and porter's have (+), with the measures above."""
    port = comparison.port
    parent, commit = repository.tree(port.parent), repository.tree(port.commit)
    made = Overlay(parent, {path: text.encode() for path, text in outcome.files.items()})
    out = [f"{port.id}  {port.commit[:9]}  MLflow {outcome.mlflow[:9]}", ""]
    for measure, verdict in comparison.verdicts.items():
        mark = {True: "yes", False: "no", None: "?"}[verdict.met]
        out.append(f"  {measure:32} {mark:4} {verdict.why}")
    out += [f"  default: {text}" for text in outcome.defaults]
    out += [f"  note: {text}" for text in outcome.notes] + [""]
    theirs, ours = hand_written(commit, port.service), hand_written(made, port.service)
    for kind in theirs:
        for path in sorted({*theirs[kind], *ours.get(kind, {})}):
            a, b = theirs[kind].get(path, b""), ours.get(kind, {}).get(path, b"")
            old, new = (text.decode("utf-8", "replace").splitlines() for text in (a, b))
            names = f"person/{path}", f"porter/{path}"
            out += difflib.unified_diff(old, new, *names, lineterm="", n=2)
    return "\n".join(out) + "\n"


def _miss(measure: str, endpoint: str, why: str) -> str:
    because = reason(measure, endpoint)
    return f"- {endpoint}: {why or 'yes'}" + (f" — {because}" if because else "")


def _short(comparison: Comparison) -> int:
    return sum(
        sum((lines - comparison.porter_lines.get(kind, lines - lines)).values())
        for kind, lines in comparison.human_lines.items()
    )


def _whole(comparison: Comparison) -> int:
    return sum(sum(lines.values()) for lines in comparison.human_lines.values())


def _kinds(comparison: Comparison) -> str:
    parts = []
    for kind, lines in comparison.human_lines.items():
        left = sum((lines - comparison.porter_lines.get(kind, lines - lines)).values())
        if left:
            parts.append(f"{kind} {left}")
    return f" ({', '.join(parts)})" if parts else ""
