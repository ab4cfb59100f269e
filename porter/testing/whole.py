"""`porter test --all`: every test that the checkout runs, in parallel, perhaps one shard of them.

Each test file's functions are dealt out in turn, so that the slow server tests, which stand side by
side, spread over the shards. For each enabled endpoint the screen says how many tests reached Go.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from porter.core.endpoint import Endpoint
from porter.core.proof import Verdict
from porter.core.report import Reporter
from porter.errors import PorterError, UsageError
from porter.proof import evidence, report, running
from porter.proof.evidence import Evidence
from porter.proof.report import Report
from porter.proof.verdict import ending
from porter.source.mlflow import tests_index
from porter.target import Target
from porter.work import commands
from porter.work import library as libraries
from porter.work.proving import Prover


@dataclass(frozen=True, slots=True)
class Shard:
    """The `number`-th (from 1) of `of` equal parts."""

    number: int = 1
    of: int = 1


@dataclass(frozen=True)
class Whole:
    """What a run of all tests showed: how it ended, and the evidence by endpoint."""

    verdict: Verdict
    report: Report = field(default_factory=Report)
    endpoints: tuple[tuple[Endpoint, Evidence], ...] = ()
    seconds: float = 0.0


def shard(text: str) -> Shard:
    """The shard that `2/5` names. Raises UsageError."""
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if found and 1 <= int(found[1]) <= int(found[2]):
        return Shard(int(found[1]), int(found[2]))
    raise UsageError(f"{text} is no shard", next="name one as i/n, from 1/n to n/n")


def everything(
    target: Target, reporter: Reporter, part: Shard = Shard(), jobs: int | None = None
) -> Whole:
    """Run all tests, or a shard of them; `jobs` None takes one worker for each processor.

    Without pytest-xdist in the checkout's Python they run one after the other, and it is said.
    """
    ids = tuple(dealt(target, part))
    if not ids:
        raise PorterError("there is no test to run in this shard", next="porter test --all")
    prover = Prover(target.toolchain, target.mlflow_root, target.layout.package)
    task = target.task(target.endpoints[0])
    command = running.pytest(task, ids, more=_parallel(target, reporter, jobs))
    with reporter.running(replace(command, argv=(*command.argv[:8], "…"))) as sink:
        library = prover.library(sink)
        if isinstance(library, Verdict):
            return Whole(library)
        command = replace(command, env=(*command.env, (libraries.PATH, str(library))))
        outcome = commands.run(command, target.root, target.toolchain.env, sink=sink)
    read = report.read(outcome.report)
    return Whole(ending(outcome, read), read, tuple(_by(target, read)), outcome.seconds)


def dealt(target: Target, part: Shard) -> Iterator[str]:
    """The ids of a shard's tests."""
    number = 0
    for path in tests_index.suites(target.tree, target.layout):
        for test in tests_index.tests(target.mlflow, path):
            if number % part.of == part.number - 1:
                yield test.id
            number += 1


def lines(whole: Whole) -> Iterator[str]:
    """The screen: how it ended, what failed, and for each endpoint who answered."""
    yield f" {'ok ' if whole.verdict.ok else 'red'}  {whole.verdict.summary}  {whole.seconds:.0f} s"
    yield from (f"        {line}" for line in whole.verdict.details)
    yield from (f"        failed  {test.id}" for test in whole.report.failed)
    for endpoint, found in whole.endpoints:
        said = f"{len(found.by_ffi):>4} FFI {len(found.by_http):>4} HTTP"
        said += f" {len(found.python):>4} Python" if found.python else ""
        yield f"  {endpoint.id:<50} {said if found.by_ffi or found.by_http else 'no evidence'}"


def _by(target: Target, read: Report) -> Iterator[tuple[Endpoint, Evidence]]:
    for endpoint in target.endpoints:
        service = target.layout.service(endpoint.service)
        if service is not None and target.enabled(endpoint):
            yield endpoint, evidence.gather(read, evidence.goal(endpoint, service.go_name))


def _parallel(target: Target, reporter: Reporter, jobs: int | None) -> tuple[str, ...]:
    wanted = jobs or os.cpu_count() or 1
    if wanted == 1:
        return ()
    asked = [*target.toolchain.python, "-c", "import xdist"]
    if commands.capture(asked, target.root, env=target.toolchain.env).code != 0:
        reporter.say("the checkout's Python has no pytest-xdist: one test after the other")
        return ()
    return ("-n", str(wanted))
