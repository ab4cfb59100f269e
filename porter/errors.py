"""What porter refuses, the next move it offers instead, and the exit codes of the design."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes, as the design's section 5 gives them."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    PAUSED = 3
    ENVIRONMENT = 4
    BUG = 70
    INTERRUPTED = 130


class PorterError(Exception):
    """A refusal that a person can act on: what is wrong, and `next`, the move that mends it."""

    exit = Exit.FINDINGS

    def __init__(self, message: str, *, next: str) -> None:  # noqa: A002 - the screens say `next:`
        super().__init__(message)
        self.message = message
        self.next = next


class UsageError(PorterError):
    """The call cannot be understood, or needs an answer that nobody is there to give."""

    exit = Exit.USAGE


class EnvironmentFault(PorterError):
    """A tool, a file system or a checkout that keeps porter from running at all."""

    exit = Exit.ENVIRONMENT


class CommandFailed(PorterError):
    """A command of the checkout ran and failed; the message ends with its last lines."""

    exit = Exit.FINDINGS


class SourceError(PorterError):
    """A file of the checkout that does not parse, or whose anchor is gone."""

    exit = Exit.FINDINGS
