"""First signal over HTTP: which server signed the answer.

The Go server signs its own answers `mlflow/<version>`; one that it proxied keeps the signature of
the Python server. Every client in Python ends in `http.client`, so that is where it is read.
"""

from __future__ import annotations

import http.client
from typing import Any
from urllib.parse import urlsplit

from .record import Recorder

_ASKED = "_porter_asked"


def watch(recorder: Recorder) -> None:
    """Report every request that this process makes, once it is answered."""
    ask, answer = http.client.HTTPConnection.putrequest, http.client.HTTPConnection.getresponse

    def putrequest(self: Any, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        setattr(self, _ASKED, (method.upper(), urlsplit(url).path))
        ask(self, method, url, *args, **kwargs)

    def getresponse(self: Any, *args: Any, **kwargs: Any) -> Any:
        response = answer(self, *args, **kwargs)
        asked = getattr(self, _ASKED, None)
        if asked is not None:
            recorder.answered(asked[0], asked[1], response.getheader("Server") or "")
        return response

    # Every HTTP client of Python's comes through here; mypy does not like a method replaced.
    http.client.HTTPConnection.putrequest = putrequest  # type: ignore[method-assign]
    http.client.HTTPConnection.getresponse = getresponse  # type: ignore[method-assign]
