"""Reading `go test -json`, as `GOFLAGS=-json` brings it through mage: a run in which nothing ran
is not green.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from porter.core.command import Command, Outcome
from porter.core.finding import Finding
from porter.core.proof import Verdict

JSON = (("GOFLAGS", "-json"),)
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class GoRun:
    """Tests by name (`package Test/sub`), and the packages that failed without a test of theirs."""

    passed: tuple[str, ...]
    failed: tuple[str, ...]
    skipped: tuple[str, ...]
    packages: tuple[str, ...]
    output: dict[str, str]


def unit_tests() -> Command:
    """The checkout's own unit tests, told test by test."""
    return Command(("mage", "test:unit"), why="the Go unit tests", env=JSON, limit=1200)


def package_tests(packages: tuple[str, ...]) -> Command:
    """The unit tests of some packages (`./pkg/tracking/...`); vet has a proof of its own."""
    argv = ("go", "test", "-vet=off", "-json", *packages)
    return Command(argv, why="the Go unit tests", limit=1200)


def read(output: str) -> GoRun:
    """What ran, from the output of `go test -json` among other lines."""
    by: dict[str, list[str]] = {"pass": [], "fail": [], "skip": []}
    texts: dict[str, str] = {}
    packages: list[str] = []
    for event in _events(output):
        package = str(event.get("Package", ""))
        test = event.get("Test")
        action = str(event.get("Action", ""))
        name = f"{package} {test}" if test else package
        if action == "output":
            texts[name] = texts.get(name, "") + str(event.get("Output", ""))
        elif test and action in by:
            by[action].append(name)
        elif action == "fail":
            packages.append(package)
    alone = tuple(p for p in packages if not any(t.startswith(f"{p} ") for t in by["fail"]))
    return GoRun(tuple(by["pass"]), tuple(by["fail"]), tuple(by["skip"]), alone, texts)


def judge(outcome: Outcome) -> Verdict:
    """Green where tests ran and all of them passed."""
    run = read(outcome.output)
    again = str(outcome.command)
    findings = [
        Finding("P701", f"{name} failed", step="unit_tests", next=again)
        for name in (*run.failed, *run.packages)
    ]
    shown = [line for name in (*run.failed, *run.packages) for line in _tail(run.output, name)]
    if findings:
        return Verdict(False, f"{len(findings)} failed", tuple(findings), tuple(shown))
    if not outcome.ok:
        text = f"the unit tests ended with exit code {outcome.code}"
        details = tuple(outcome.output.splitlines()[-_SHOWN:])
        return Verdict(
            False, text, (Finding("P702", text, step="unit_tests", next=again),), details
        )
    if not run.passed:
        text = "no unit test ran"
        return Verdict(False, text, (Finding("P703", text, step="unit_tests", next=again),))
    return Verdict(True, f"{len(run.passed)} ran")


def judge_some(outcome: Outcome) -> Verdict:
    """The same for some packages, which may have no tests at all."""
    run = read(outcome.output)
    if outcome.ok and not run.passed:
        return Verdict(True, "no unit tests in these packages")
    return judge(outcome)


def _events(output: str) -> Iterator[dict[str, Any]]:
    for line in output.splitlines():
        if line.startswith("{"):
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict):
                yield event


def _tail(output: dict[str, str], name: str) -> list[str]:
    return output.get(name, "").splitlines()[-_SHOWN:]
