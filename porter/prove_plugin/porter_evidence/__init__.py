"""A pytest plugin that witnesses, test by test, whether Go answered.

It runs in the Python of the checkout under test, so it stands alone: standard library and pytest
only, Python 3.8 and later, nothing of porter. `-p porter_evidence` loads it, and it does nothing
unless `PORTER_EVIDENCE` names the file to write: one JSON object a line, flushed as each test
starts and ends, so that a run that dies still says which test it died in. `porter/proof/report.py`
reads it. Under pytest-xdist each worker writes a file of its own beside that one.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from . import client, failure, ffi
from .record import Recorder

ENV, GATE = "PORTER_EVIDENCE", "PORTER_GATE"

_COLLECTS = bool(os.environ.get(ENV)) and gc.isenabled()
if _COLLECTS:  # until the tests begin: it makes importing MLflow, which comes next, a sixth slower
    gc.disable()


def pytest_configure(config: Any) -> None:
    """Start witnessing, unless nobody asked or this is the controller of parallel workers."""
    path = os.environ.get(ENV)
    if not path:
        return
    if getattr(config.option, "dist", "no") != "no":
        _collect_garbage()
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    recorder = Recorder(f"{path}.{worker}" if worker else path)
    config.pluginmanager.register(_Witness(recorder), "porter-witness")
    ffi.watch(recorder)
    client.watch(recorder)


class _Witness:
    """The hooks: which test runs, in which phase, and how it ended."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.started = 0.0
        self.reports: list[Any] = []
        self.errors: list[Any] = []
        self.home: str | None = None
        self.scratch: str | None = None

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            text = failure.shortened(str(report.longrepr))
            self.recorder.write({"event": "uncollected", "id": report.nodeid, "text": text})

    def pytest_collection_finish(self, session: Any) -> None:
        self.recorder.write(
            {"event": "collected", "ids": [item.nodeid for item in session.items]},
        )
        # What tests drop into the current folder (":memory:", mlruns) stays out of the checkout.
        self.home = str(Path.cwd())
        self.scratch = tempfile.mkdtemp(prefix="porter-tests-")
        os.chdir(self.scratch)
        _collect_garbage()
        _wait_at_gate()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        self.reports = []
        self.errors = []
        self.started = time.time()
        self.recorder.begin(item.nodeid)
        yield
        self.recorder.end(self._outcome(), time.time() - self.started, self.errors)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: Any) -> None:
        self.recorder.phase = "setup"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: Any) -> None:
        self.recorder.phase = "call"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: Any) -> None:
        self.recorder.phase = "teardown"

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: Any, call: Any) -> Iterator[None]:
        outcome: Any = yield
        report = outcome.get_result()
        self.reports.append(report)
        if report.failed:
            self.errors.append(failure.told(report, call.excinfo))

    def pytest_sessionfinish(self, session: Any, exitstatus: Any) -> None:
        self.recorder.write({"event": "finish", "code": int(exitstatus), "loaded": ffi.loaded()})

    def pytest_unconfigure(self) -> None:
        if self.home and self.scratch:
            os.chdir(self.home)
            shutil.rmtree(self.scratch, ignore_errors=True)

    def _outcome(self) -> str:
        by: dict[str, Any] = {report.when: report for report in self.reports}
        if any(r.failed for r in self.reports):
            return "failed" if "call" in by and by["call"].failed else "error"
        if any(r.skipped for r in self.reports):
            return "xfailed" if any(hasattr(r, "wasxfail") for r in self.reports) else "skipped"
        return "passed" if "call" in by else "unrun"


def _collect_garbage() -> None:
    """Collect again, but not among what was imported: that stays, and there is much of it."""
    if _COLLECTS:
        gc.freeze()
        gc.enable()


def _wait_at_gate() -> None:
    """Wait until what the tests need stands: a line on the pipe says so, its end that nobody cares.

    Everything is imported and collected by then, which takes as long as building the library.
    """
    gate = os.environ.pop(GATE, "")
    if gate:
        said = os.read(int(gate), 1)
        os.close(int(gate))  # no server that a test starts has it open
        if not said:
            pytest.exit("what the tests wait for will not come", 3)
