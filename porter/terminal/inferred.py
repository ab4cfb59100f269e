"""`porter infer` in the terminal: constraints with their chain of places, rules, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from porter.terminal.walk import next_text


def show(console: Console, document: Mapping[str, Any]) -> None:
    """One endpoint: what is demanded and why, the rules that follow, what no rule says."""
    console.print(Text.assemble((document["endpoint"], "bold"), f"  {document['message']}"))
    for one in document["constraints"]:
        console.print(_constraint(one))
    for rule in document["rules"]:
        sure = "" if rule["certain"] else "   not certain"
        strict = f"   strict: {rule['strict']}" if rule["strict"] != rule["rule"] else ""
        line = Text.assemble("  rule  ", (f'"{rule["key"]}": "{rule["rule"]}"', "bold"))
        console.print(line.append(f"{sure}{strict}", "quiet"))
    for note in document["notes"]:
        console.print(Text.assemble(("  note  ", "quiet"), (f"{note['code']} ", "todo"),
                                    f"{note['field']}: {note['text']}"))  # fmt: skip
    name = document["endpoint"].rpartition("/")[2]
    field = document["constraints"][0]["field"] if document["constraints"] else None
    moves = [f"porter infer {name} --explain {field}"] if field else []
    console.print(next_text((*moves, f"porter start {name}")))


def overview(console: Console, documents: Sequence[Mapping[str, Any]]) -> None:
    """All endpoints in a line each."""
    for document in documents:
        counts = [f"{len(document[part]):>3} {part}" for part in ("constraints", "rules", "notes")]
        console.print(f"{document['endpoint']:<62} {'  '.join(counts)}")
    console.print(next_text(("porter infer EP",)))


def _constraint(one: Mapping[str, Any]) -> Text:
    value = "" if one["value"] is None else f" {one['value']}"
    sure = "conditional" if one["conditional"] else "certain" if one["certain"] else "not certain"
    text = Text.assemble(f"  {one['field']:<28} ", (f"{one['kind']}{value}", "bold"), f"  {sure}  ")
    places = [f"{place['file'].rsplit('/', 1)[-1]}:{place['line']}" for place in one["evidence"]]
    return text.append(" → ".join(places), "place")
