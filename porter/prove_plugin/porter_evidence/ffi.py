"""Counts the calls of every function of the Go library, by wrapping what `dlopen` returns.

It wraps cffi itself and not the target's own loader, so that no name of the target is needed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from importlib import import_module
from typing import Any

from . import listener
from .record import Recorder

LIBRARY_ENV = "MLFLOW_GO_LIBRARY_PATH"
_SERVER_KEY = "python_address"
_loaded: list[str] = []


def watch(recorder: Recorder) -> None:
    """Wrap every library that cffi opens from a path from now on."""
    try:
        cffi: Any = import_module("cffi")
    except ImportError:
        return
    original: Callable[..., Any] = cffi.FFI.dlopen

    def dlopen(self: Any, name: Any, flags: int = 0) -> Any:
        opened = original(self, name, flags)
        if not isinstance(name, str) or os.path.dirname(name) == "":
            return opened
        _loaded.append(os.path.realpath(name))
        return _Library(opened, recorder)

    cffi.FFI.dlopen = dlopen


def loaded() -> list[str]:
    """The libraries opened so far, as real paths."""
    return list(_loaded)


class _Library:
    """A library whose functions count their calls."""

    def __init__(self, real: Any, recorder: Recorder) -> None:
        self._real = real
        self._recorder = recorder
        self._wrapped: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in self._wrapped:
            found = getattr(self._real, name)
            self._wrapped[name] = self._counting(name, found) if callable(found) else found
        return self._wrapped[name]

    def _counting(self, name: str, function: Any) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            self._recorder.called(name)
            return function(*_rerouted(args, self._recorder))

        return call


def _rerouted(args: tuple[Any, ...], recorder: Recorder) -> tuple[Any, ...]:
    """The arguments; a server's configuration gets a listener in place of its Python server."""
    if not args or not isinstance(args[0], bytes) or _SERVER_KEY.encode() not in args[0]:
        return args
    try:
        config = json.loads(args[0].decode("utf-8"))
        host, port = config[_SERVER_KEY].rsplit(":", 1)
    except (ValueError, KeyError, AttributeError):
        return args
    config[_SERVER_KEY] = listener.between(host, int(port), recorder)
    recorder.listening()
    data = json.dumps(config).encode("utf-8")
    return (data, len(data), *args[2:])
