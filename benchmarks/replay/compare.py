"""A person's commit beside porter's outcome: one verdict for each measure."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass, field

from porter.core.view import Overlay, View
from porter.source.golang.gofiles import gofiles
from replay.branches import mirrored, named
from replay.facts import Facts, facts, hand_written, places, store_methods
from replay.history import Port
from replay.lines import added
from replay.objects import Repository
from replay.outcome import Outcome

UNASKED = "(not asked)"
"""How the reason of a wrong place ends that neither a question nor the commit excuses."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a measure is met in one case; None where it says nothing about the case."""

    met: bool | None
    why: str = ""


@dataclass
class Comparison:
    """All measures of one port; `lines` by kind: the person's, and those that porter has too."""

    port: Port
    human: Facts
    porter: Facts
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    human_lines: dict[str, Counter[str]] = field(default_factory=dict)
    porter_lines: dict[str, Counter[str]] = field(default_factory=dict)
    thin: bool | None = None


def compare(port: Port, repository: Repository, outcome: Outcome) -> Comparison:
    """Set the two sides against each other."""
    method = port.endpoint[:1].upper() + port.endpoint[1:]
    parent, commit = repository.tree(port.parent), repository.tree(port.commit)
    made = Overlay(parent, {path: text.encode() for path, text in outcome.files.items()})
    before = store_methods(parent, port.service)
    human = facts(commit, port.service, method, before)
    head = facts(repository.tree("HEAD"), port.service, method, before, human.store)
    porter = facts(made, port.service, method, before)
    found = Comparison(port, human, porter)
    found.thin = human.reading.thin if human.reading else None
    moved = _moved(places(parent, port.service), places(commit, port.service))
    found.verdicts = {
        **_placed(human, porter, outcome, parent, moved),
        **_signed(human, head, porter),
        **_served(human, head, porter, outcome, parent),
        **_bound(human, porter, outcome),
        **_walked(outcome),
    }
    settings = parent.read("pyproject.toml") or b""
    old = hand_written(parent, port.service)
    found.human_lines = added(old, hand_written(commit, port.service), settings)
    found.porter_lines = added(old, hand_written(made, port.service), settings)
    return found


def _placed(
    human: Facts, porter: Facts, outcome: Outcome, parent: View, moved: set[str]
) -> dict[str, Verdict]:
    out = {"asked about its place": Verdict(outcome.asked_place)}
    for measure, theirs, ours in (
        ("service file", human.service_file, porter.service_file),
        ("SQL file", human.sql_file, porter.sql_file),
        ("interface", human.interface, porter.interface),
    ):
        why = "" if theirs == ours else f"person {_short(theirs)}, porter {_short(ours)}"
        if why and theirs is not None:
            new = measure != "interface" and parent.read(theirs) is None
            how = [
                "asked" if outcome.asked_place else "not asked",
                *(["the person made it in this commit"] if new else []),
                *(["the person moved it in this commit"] if theirs in moved else []),
            ]
            why = f"{why} ({', '.join(how)})"
        out[measure] = Verdict(theirs == ours, why)
    return out


def _signed(human: Facts, head: Facts, porter: Facts) -> dict[str, Verdict]:
    name = porter.store in (human.store, head.store)
    same = [side for side in (human, head) if side.types == porter.types and side.store]
    named = [side for side in same if side.names == porter.names]
    theirs = f"{_signature(human)}" + (
        f" (head: {_signature(head)})" if _signature(head) != _signature(human) else ""
    )
    why = f"person {theirs}, porter {_signature(porter)}"
    return {
        "store method name": Verdict(name, "" if name else why),
        "parameter types and results": Verdict(bool(same), "" if same else why),
        "parameter names": Verdict(bool(named), "" if named else why),
    }


def _served(
    human: Facts, head: Facts, porter: Facts, outcome: Outcome, parent: View
) -> dict[str, Verdict]:
    if human.reading is None:
        return {}
    if porter.reading is None:
        why = outcome.states.get("service", "no method")
        kind = "thin service method" if human.reading.thin else "service method with logic"
        return {kind: Verdict(False, why)}
    if not human.reading.thin:
        measure = "service method with logic"
        if outcome.exit is None:
            measure += ", all mirrored"
        return {measure: _branches(human, porter, outcome)}
    sides = [side for side in (human, head) if side.reading is not None and side.reading.thin]
    differ = [_differ(side, porter, parent) for side in sides]
    best = min(differ, key=len)
    more = porter.reading.branches
    return {
        "thin service method": Verdict(not best, "; ".join(best)),
        "thin, and decides nothing more": Verdict(
            not best and not more, " / ".join(b.condition for b in more)
        ),
    }


def _differ(side: Facts, porter: Facts, parent: View) -> list[str]:
    theirs, ours = side.reading, porter.reading
    assert theirs is not None and ours is not None
    out = []
    if ours.calls[-1:] != theirs.calls:
        out.append(f"person calls {', '.join(theirs.calls)}, porter {', '.join(ours.calls)}")
    if not _same_arguments(side, porter, parent):
        out.append(f"person gives ({', '.join(theirs.args)}), porter ({', '.join(ours.args)})")
    if ours.response != theirs.response:
        out.append(f"person answers {theirs.response}, porter {ours.response}")
    return out


def _same_arguments(side: Facts, porter: Facts, parent: View) -> bool:
    """Each argument as it stands; or converted to the same type from the same fields.

    The latter only where the person converts by a function of this very commit, so that porter
    could not call it: what stood at the parent is to be called by its name.
    """
    theirs, ours = side.reading, porter.reading
    assert theirs is not None and ours is not None
    types = [kind for _, kind in side.params], [kind for _, kind in porter.params]
    if len(theirs.args) != len(ours.args) or types[0] != types[1]:
        return theirs.args == ours.args
    return all(
        a == b or (_new_conversion(a, parent) and (read <= given or a.endswith("( input )")))
        for a, b, read, given in zip(theirs.args, ours.args, theirs.reads, ours.reads, strict=True)
    )


def _new_conversion(argument: str, parent: View) -> bool:
    found = re.match(r"entities \. (\w+) \(", argument)
    if found is None:
        return False
    pattern = f"func {found[1]}(".encode()
    return not any(pattern in gofiles(parent).content(p) for p in gofiles(parent).paths)


def _branches(human: Facts, porter: Facts, outcome: Outcome) -> Verdict:
    """Each decision of the person's is one of porter's, or is named in the brief."""
    theirs, ours = human.reading, porter.reading
    assert theirs is not None and ours is not None
    left = [b for b in theirs.branches if not mirrored(b, ours.branches)]
    silent = [b.condition for b in left if not named(b, outcome.brief)]
    if outcome.exit is None:
        rest = " / ".join(b.condition for b in left)
        return Verdict(not left, f"not mirrored: {rest}" if left else "")
    why = [f"neither mirrored nor in the brief: {' / '.join(silent)}"] if silent else []
    why += [] if outcome.built else ["does not compile"]
    return Verdict(not why, "; ".join(why))


def _bound(human: Facts, porter: Facts, outcome: Outcome) -> dict[str, Verdict]:
    state = outcome.states.get("binding", "")
    out = {}
    if not state.startswith("n/a"):
        has = porter.binding is not None
        out["binding present"] = Verdict(has, "" if has else state)
    if human.binding is not None:
        same = human.binding == porter.binding
        out["binding equal"] = Verdict(same, "" if same else _apart(human.binding, porter.binding))
        out["binding equal, order of keywords aside"] = Verdict(human.bound == porter.bound)
    return out


def _apart(theirs: str, ours: str | None) -> str:
    """The lines in which two functions differ."""
    rows = difflib.unified_diff(theirs.splitlines(), (ours or "").splitlines(), lineterm="", n=0)
    kept = [" ".join(row.split()) for row in rows if not row.startswith(("---", "+++", "@@"))]
    return " / ".join(kept)


def _walked(outcome: Outcome) -> dict[str, Verdict]:
    broken = [f"{slug}: {s}" for slug, s in outcome.states.items() if s.startswith(("red", "bug"))]
    again = Verdict(not outcome.again, "; ".join(outcome.again))
    if outcome.exit is None and not outcome.error:
        planned = Verdict(not broken, "; ".join(broken))
        return {"plans without an error": planned, "a second start plans nothing": again}
    # "ok": the store method stood before the port, so nobody's turn comes.
    there = outcome.states.get("implement", "").startswith(("YOU", "ok"))
    reached = outcome.exit in (0, 1, 3) and there
    store, mocks = (outcome.states.get(slug, "") for slug in ("store", "mocks"))
    built = bool(outcome.built) and store.startswith(("ok", "n/a"))
    vetted = bool(outcome.vetted) and mocks.startswith(("ok", "n/a"))
    why = "; ".join(filter(None, [*broken, outcome.error]))
    out = {
        "walk reaches implement": Verdict(reached, why),
        "go build passes after store": Verdict(built, store or why),
        "go vet passes after mocks": Verdict(vetted, mocks or why),
        "a second start plans nothing": again,
        "no generated line beyond the parent's own": Verdict(
            outcome.extra == [], "; ".join((outcome.extra or [why])[:4])
        ),
    }
    units = outcome.states.get("unit_tests", "")
    if outcome.tested is not None and not units.startswith("n/a"):
        out["unit tests pass after binding"] = Verdict(outcome.tested, units)
    return out


def _moved(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """Files and interfaces to which the commit moved what stood elsewhere."""
    return {place for key, place in after.items() if key in before and before[key] != place}


def _signature(side: Facts) -> str:
    params = ", ".join(f"{name} {kind}" for name, kind in side.params)
    return f"{side.store}({params}) ({', '.join(side.results)})"


def _short(path: str | None) -> str:
    return path.rpartition("/")[2] if path else "none"
