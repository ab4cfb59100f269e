"""Lists, dicts and comprehensions: what is put into them, each under its condition."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from porter.source.constraints import assigning, evaluate, objects
from porter.source.constraints.formulas import FALSE, TRUE, Formula, both, either
from porter.source.constraints.machine import Frame, Gate, Machine
from porter.source.constraints.truth import truth
from porter.source.constraints.values import Const, Dict, Seq, Value, plain

Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


def display(machine: Machine, frame: Frame, node: ast.List | ast.Tuple | ast.Set) -> Value:
    """A list, tuple or set as it is written out."""
    items: list[tuple[Formula, Value]] = []
    exact = True
    for element in node.elts:
        if isinstance(element, ast.Starred):
            inner = evaluate.value(machine, frame, element.value)
            exact = exact and isinstance(inner, Seq) and inner.exact
            items += objects.elements(machine, frame, inner)
        else:
            items.append((TRUE, evaluate.value(machine, frame, element)))
    return Seq(items, exact, born=len(machine.path))


def dictionary(machine: Machine, frame: Frame, node: ast.Dict) -> Value:
    """A dict as it is written out."""
    out = Dict(born=len(machine.path))
    for key, entry in zip(node.keys, node.values, strict=True):
        found = evaluate.value(machine, frame, entry)
        if key is None:
            assigning.spread(out, found)
            continue
        where = evaluate.value(machine, frame, key)
        known = plain(where)
        if known is not ... and _hashable(known):
            out.known[known] = found
            out.places[known] = frame.module.evidence(entry)
        else:
            out.pairs.append((TRUE, where, found))
    return out


def comprehension(machine: Machine, frame: Frame, node: Comprehension) -> Value:
    """What a comprehension makes; one over a field stands for all its elements."""
    inner = Frame(frame.module, dict(frame.env), frame.parent, frame.owner, frame.entry)
    inner.returns, inner.yields, inner.handling = frame.returns, frame.yields, frame.handling
    rounds: list[tuple[Formula, tuple[Value, ...]]] = []
    exact, filled = _Rounds(machine, inner, node, rounds).run(0, TRUE)
    if isinstance(node, ast.DictComp):
        made = Dict(filled=filled, born=len(machine.path))
        for when, (key, entry) in rounds:
            known = plain(key)
            if exact and known is not ... and _hashable(known):
                made.known[known] = entry
            else:
                made.pairs.append((when, key, entry))
        return made
    items = [(when, parts[0]) for when, parts in rounds]
    return Seq(items, exact, filled if not exact else None, len(machine.path))


@dataclass
class _Rounds:
    """The rounds of a comprehension, gathered from its innermost `for`."""

    machine: Machine
    frame: Frame
    node: Comprehension
    rounds: list[tuple[Formula, tuple[Value, ...]]]

    def run(self, level: int, when: Formula) -> tuple[bool, Formula]:
        """Whether the rounds are all there is one by one, and when there is one at all."""
        machine, frame, node = self.machine, self.frame, self.node
        if level == len(node.generators):
            ends = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
            self.rounds.append((when, tuple(evaluate.value(machine, frame, e) for e in ends)))
            return True, TRUE
        generator = node.generators[level]
        over = evaluate.value(machine, frame, generator.iter)
        exact = over.exact if isinstance(over, Seq) else isinstance(over, Const)
        filled: list[Formula] = []
        for each, element in objects.elements(machine, frame, over):
            path = machine.path
            assigning.assign(machine, frame, generator.target, element)
            tests = [truth(evaluate.value(machine, frame, test)) for test in generator.ifs]
            passed = both((each, *tests))
            if passed != FALSE:
                machine.path = (*path, Gate(passed)) if passed != TRUE else path
                inner, more = self.run(level + 1, both((when, passed)))
                exact = exact and inner and passed == TRUE
                filled.append(both((passed, more)))
            machine.path = path
        some = either(filled)
        return exact, some if exact else both((truth(over), some))


def _hashable(key: object) -> bool:
    return isinstance(key, str | int | float | bool | tuple)
