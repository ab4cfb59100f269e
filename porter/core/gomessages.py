"""What Go's compiler and vet say, as places and texts."""

from __future__ import annotations

import re
from typing import NamedTuple

_MESSAGE = re.compile(r"^(?:vet: )?(?:\./)?([\w./\-@+]+\.go):(\d+)(?::\d+)?: (.+)$", re.MULTILINE)


class Message(NamedTuple):
    """One complaint: the file as Go names it, the line from 1, the text."""

    file: str
    line: int
    text: str


def messages(output: str) -> tuple[Message, ...]:
    """The messages in the output of `go build` or `go vet`, each once, in their order."""
    found = dict.fromkeys(_MESSAGE.findall(output))
    return tuple(Message(file, int(line), text.strip()) for file, line, text in found)
