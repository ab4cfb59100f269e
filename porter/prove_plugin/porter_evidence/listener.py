"""Second signal over HTTP: a listener between the Go server and the Python server.

A route that Go answers never shows up here; one that it proxies does. Bytes pass through as they
are, and only the direction towards Python is read, as far as telling where a request starts.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import BinaryIO

from .record import Recorder

_WAIT = 0.01
_PATIENCE = 120.0


def between(host: str, port: int, recorder: Recorder) -> str:
    """The address of a new listener that passes on to `host:port`.

    It refuses connections until the server behind it accepts them, as that server would, because
    the Go server waits for its Python server by trying to connect.
    """
    door = socket.socket()
    door.bind((host, 0))
    threading.Thread(target=_serve, args=(door, host, port, recorder), daemon=True).start()
    return f"{host}:{door.getsockname()[1]}"


def _serve(door: socket.socket, host: str, port: int, recorder: Recorder) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and not _up(host, port):
        time.sleep(_WAIT)
    door.listen(128)
    while True:
        try:
            inward, _ = door.accept()
        except OSError:
            return
        threading.Thread(target=_join, args=(inward, host, port, recorder), daemon=True).start()


def _up(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _join(inward: socket.socket, host: str, port: int, recorder: Recorder) -> None:
    try:
        outward = socket.create_connection((host, port), timeout=10)
        outward.settimeout(None)
    except OSError:
        inward.close()
        return
    threading.Thread(target=_copy, args=(outward, inward), daemon=True).start()
    try:
        _requests(inward.makefile("rb"), outward, recorder)
    except OSError:
        pass
    finally:
        _hang_up(outward)


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            target.sendall(data)
    except OSError:
        pass
    finally:
        _hang_up(target)


def _requests(source: BinaryIO, target: socket.socket, recorder: Recorder) -> None:
    """Pass on requests one after the other (RFC 9112: a head, then a body of known length)."""
    while True:
        first = source.readline(65536)
        if not first:
            return
        parts = first.decode("latin-1").split()
        if len(parts) == 3:
            recorder.proxied(parts[0].upper(), parts[1].split("?")[0])
        head, length, chunked = [first], 0, False
        for line in iter(source.readline, b""):
            head.append(line)
            name, _, value = line.decode("latin-1").partition(":")
            if name.strip().lower() == "content-length":
                length = int(value)
            if name.strip().lower() == "transfer-encoding":
                chunked = "chunked" in value.lower()
            if line in (b"\r\n", b"\n"):
                break
        target.sendall(b"".join(head))
        if chunked:
            _chunks(source, target)
        elif length:
            _body(source, target, length)


def _body(source: BinaryIO, target: socket.socket, length: int) -> None:
    while length > 0:
        data = source.read(min(length, 65536))
        if not data:
            return
        target.sendall(data)
        length -= len(data)


def _chunks(source: BinaryIO, target: socket.socket) -> None:
    while True:
        size = source.readline(1024)
        target.sendall(size)
        length = int(size.split(b";")[0].strip() or b"0", 16)
        _body(source, target, length)
        if length == 0:
            for line in iter(source.readline, b""):
                target.sendall(line)
                if line in (b"\r\n", b"\n"):
                    return
            return
        target.sendall(source.readline(1024))


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
