"""`match`: the cases in order, each where those before it did not take the subject."""

from __future__ import annotations

import ast

from porter.source.constraints import evaluate, execute
from porter.source.constraints.formulas import TRUE, Formula, both, either, negate
from porter.source.constraints.machine import Flow, Frame, Machine, place
from porter.source.constraints.truth import absent, compare, instance_of, truth
from porter.source.constraints.values import Value, mixed


def matched(machine: Machine, frame: Frame, node: ast.Match) -> Flow:
    """Runs a `match` statement."""
    return _cases(machine, frame, evaluate.value(machine, frame, node.subject), node.cases)


def _cases(machine: Machine, frame: Frame, subject: Value, cases: list[ast.match_case]) -> Flow:
    if not cases:
        return "on"
    case = cases[0]
    test = matches(machine, frame, subject, case.pattern)
    if case.guard is not None:
        test = both((test, truth(evaluate.value(machine, frame, case.guard))))
    return execute.branch(
        machine,
        frame,
        test,
        lambda: execute.block(machine, frame, case.body),
        lambda: _cases(machine, frame, subject, cases[1:]),
    )


def matches(machine: Machine, frame: Frame, subject: Value, pattern: ast.pattern) -> Formula:
    """When a `case` takes the subject; names are bound on the way."""
    at = place(frame, pattern)
    match pattern:
        case ast.MatchValue():
            return compare(ast.Eq(), subject, evaluate.value(machine, frame, pattern.value), at)
        case ast.MatchSingleton(None):
            return absent(subject)
        case ast.MatchSingleton(inner):
            return truth(subject) if inner else negate(truth(subject))
        case ast.MatchOr():
            return either(matches(machine, frame, subject, p) for p in pattern.patterns)
        case ast.MatchAs():
            if pattern.name is not None:
                frame.env[pattern.name] = subject
            return (
                TRUE
                if pattern.pattern is None
                else matches(machine, frame, subject, pattern.pattern)
            )
        case ast.MatchClass():
            name = ast.unparse(pattern.cls).rsplit(".", 1)[-1]
            if len(pattern.patterns) == 1 and isinstance(pattern.patterns[0], ast.MatchAs):
                matches(machine, frame, subject, pattern.patterns[0])
            return instance_of(subject, frozenset({name}), at)
        case _:
            return truth(mixed(at, subject))
