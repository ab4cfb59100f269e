"""For all modules: one practice backend for the whole run, and a Ctrl-C that is heard."""

from __future__ import annotations

import signal

pytest_plugins = ["practice", "growing"]


def pytest_configure() -> None:
    """A runner in the background has its processes ignore Ctrl-C, which tests send to porter."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
