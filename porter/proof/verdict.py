"""From a run of the endpoint's tests to a verdict. Green counts only where Go was seen to answer.

A pure function of what the process left behind, so that each way a run can lie is a row of a table
in the tests.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass

from porter.core.command import Outcome
from porter.core.finding import Finding
from porter.core.proof import Verdict
from porter.proof import report as reports
from porter.proof import running
from porter.proof.evidence import Evidence, Goal, gather
from porter.proof.report import Ran, Report

_DYING = ("panic:", "fatal error:", "Fatal Python error:", "SIG")
_SHOWN = 20
_CODES = {2: "was interrupted", 3: "hit an error of its own", 4: "was called wrongly"}
"""pytest's exit codes beyond passed (0), failed (1) and nothing collected (5)."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a run must show. `store`: tests were chosen that must call the export over FFI;
    `server`: tests were chosen that must be answered by Go over HTTP.
    """

    goal: Goal
    store: bool
    server: bool
    endpoint: str = ""
    binding: str | None = None
    unbound: str | None = None
    """The method of the Python store that does not come to the export, though it should."""
    again: str = ""
    """The command that runs the endpoint's tests again."""
    explain: Callable[[Ran, str], Finding] | None = None
    """What a failed test means; the second argument is the command that runs it alone."""


def judge(outcome: Outcome, expected: Expected) -> Verdict:
    """Whether the run proves the endpoint; the first of the findings says why not."""
    report = reports.read(outcome.report)
    evidence = gather(report, expected.goal)
    broken = _broken(outcome, report)
    bad = [_failed(each, outcome, expected) for each in report.failed]
    wanting = [] if broken or bad else _wanting(report, evidence, expected)
    findings = tuple(_placed(text, code, expected) for code, text in broken) + tuple(bad)
    findings += tuple(_placed(text, code, expected) for code, text in wanting)
    ran = len(report.passed) + len(report.failed)
    if findings:
        first = findings[0].text if not bad else f"{len(bad)} of {ran} tests failed"
        told = last_words(outcome.output) if broken else details(evidence)
        return Verdict(False, first, findings, told)
    return Verdict(True, f"{ran} ran, {evidence.summary}", (), details(evidence))


def details(evidence: Evidence) -> tuple[str, ...]:
    """One line for each test that proves less than it seems to."""
    lines = [f"answered by Python: {test.id}" for test in evidence.python]
    lines += [f"no evidence: {test.id}" for test in evidence.none if not test.python]
    return tuple(lines)


def ending(outcome: Outcome, report: Report) -> Verdict:
    """How a run ended, whatever its tests were to prove."""
    broken = _broken(outcome, report)
    ran = len(report.passed) + len(report.failed)
    findings = tuple(Finding(code, text, step="python_tests") for code, text in broken)
    if broken:
        return Verdict(False, broken[0][1], findings, last_words(outcome.output))
    if report.failed:
        return Verdict(False, f"{len(report.failed)} of {ran} tests failed")
    return Verdict(True, f"{ran} ran")


def last_words(output: str) -> tuple[str, ...]:
    """What a process said when it died: from Go's panic on, else its last lines."""
    lines = [line for line in output.splitlines() if line.strip()]
    starts = [i for i, line in enumerate(lines) if line.startswith(_DYING)]
    return tuple(lines[starts[0] :][:_SHOWN] if starts else lines[-_SHOWN:])


def _broken(outcome: Outcome, report: Report) -> list[tuple[str, str]]:
    """What kept the run from being a run."""
    found: list[tuple[str, str]] = []
    if outcome.timed_out:
        where = f" in {report.died_in}" if report.died_in else ""
        limit = f"{outcome.command.limit:g} s"
        found.append(("P902", f"the tests did not end within {limit}{where} and were ended"))
    elif report.died_in or report.code is None:
        where = f" in {report.died_in}" if report.died_in else " before any test"
        found.append(("P903", f"pytest died{where} ({_exit(outcome.code)})"))
    elif report.code in _CODES and not report.failed:
        found.append(("P903", f"pytest {_CODES[report.code]} (exit code {report.code})"))
    found += [("P904", f"{where} cannot be collected") for where, _ in report.uncollected]
    if not found and not report.collected:
        found.append(("P905", "no test was collected"))
    elif not found and not report.passed and not report.failed:
        found.append(("P905", f"none of {len(report.collected)} tests ran: all were skipped"))
    elif not found and not report.failed and outcome.code != 0:
        found.append(("P903", f"pytest ended with {_exit(outcome.code)}"))
    return found


def _wanting(report: Report, evidence: Evidence, expected: Expected) -> list[tuple[str, str]]:
    """What a green run does not prove."""
    export, route = expected.goal.export, str(expected.goal.routes[0])
    green = f"{len(report.passed)} tests passed"
    found: list[tuple[str, str]] = []
    if expected.unbound:
        found.append(("P906", f"no evidence: the binding's {expected.unbound} is Python's own"))
    elif expected.store and not evidence.by_ffi:
        found.append(("P906", f"no evidence: {green} and none called {export}"))
    if expected.server and not evidence.by_http:
        if evidence.python:
            who = "Python answered"
        elif any(test.single for test in evidence.tests):
            who = "only the signature says that Go answered: no listener stood behind it"
        elif any(test.doubtful for test in evidence.tests):
            who = "the two signals disagree on who answered"
        else:
            who = "none asked it of the Go server"
        found.append(("P907", f"no evidence: {green} but of {route} {who}"))
    if not found and not any(test.go for test in evidence.tests):
        found.append(("P906", f"no evidence: {green} and none reached Go"))
    return found


def _placed(text: str, code: str, expected: Expected) -> Finding:
    file = expected.binding if code == "P906" else None
    move = {
        "P906": "look whether the binding calls this export",
        "P907": "look whether the route is registered: mage generate",
    }.get(code, expected.again)
    return Finding(
        code, text, file, step="python_tests", endpoint=expected.endpoint, next=move or None
    )


def _failed(test: Ran, outcome: Outcome, expected: Expected) -> Finding:
    again = running.again(outcome.command, test.id)
    if expected.explain is not None:
        return expected.explain(test, again)
    return Finding(
        "P910",
        f"{test.id} failed",
        step="python_tests",
        endpoint=expected.endpoint,
        next=again,
    )


def _exit(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
