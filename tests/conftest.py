"""For all modules: one practice backend for the whole run, and a Ctrl-C that is heard."""

from __future__ import annotations

import os
import signal

import pytest

pytest_plugins = ["practice", "growing"]


def pytest_configure() -> None:
    """A runner in the background has its processes ignore Ctrl-C, which tests send to porter."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The fast tier takes every core; Go builds on all of them by itself, one test needs none."""
    return (os.cpu_count() or 1) if config.option.markexpr.startswith("not go") else 0
