"""The compiler's messages become findings; those about other people's files say so."""

from __future__ import annotations

import pytest
import small

from porter.core.command import Outcome
from porter.proof.gocompile import build, vet

TASK = small.task("waterPlant")
OUTPUT = """# example.org/garden/pkg/tracking/store/sql
pkg/tracking/store/sql/plants.go:12:2: undefined: x
./pkg/tracking/store/sql/plants.go:14:2: declared and not used: y
pkg/utils/old.go:3:1: syntax error: non-declaration statement outside function body
"""


def test_a_build_that_passes() -> None:
    proof = build(TASK, "store")
    assert proof.read(Outcome(proof.command, 0, "", 1.0)).ok
    assert str(proof.command) == "go build ./..."


def test_messages_become_findings() -> None:
    proof = build(TASK, "store")
    verdict = proof.read(Outcome(proof.command, 1, OUTPUT, 1.0))
    assert not verdict.ok
    assert [f.place for f in verdict.findings] == [
        "pkg/tracking/store/sql/plants.go:12", "pkg/tracking/store/sql/plants.go:14",
        "pkg/utils/old.go:3",
    ]  # fmt: skip
    assert {f.code for f in verdict.findings} == {"P130"}


def test_a_build_that_was_broken_before_is_not_blamed_on_the_port() -> None:
    proof = vet(TASK, "mocks")
    output = "vet: pkg/utils/old.go:3:1: syntax error"
    (finding,) = proof.read(Outcome(proof.command, 1, output, 1.0)).findings
    assert finding.next is not None and "no port writes pkg/utils/old.go" in finding.next


@pytest.mark.parametrize("output", ["", "signal: killed\n"])
def test_a_failure_without_a_message_is_a_failure(output: str) -> None:
    proof = build(TASK)
    verdict = proof.read(Outcome(proof.command, 1, output, 1.0))
    assert not verdict.ok and len(verdict.findings) == 1
