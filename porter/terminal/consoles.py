"""The two streams: stdout carries what was asked for, stderr carries progress."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from rich.console import Console
from rich.theme import Theme

PIPED = 200
"""Columns where nobody looks: tables keep their words whole."""

THEME = Theme(
    {
        "ok": "green",
        "todo": "yellow",
        "ask": "magenta",
        "YOU": "bold cyan",
        "wait": "dim",
        "red": "bold red",
        "not proven": "yellow",
        "not linted": "yellow",
        "cut off": "yellow",
        "n/a": "dim",
        "–": "dim",
        "place": "cyan",
        "next": "bold",
        "added": "green",
        "removed": "red",
        "hunk": "cyan",
        "quiet": "dim",
    },
    inherit=True,
)


@dataclass(frozen=True)
class Consoles:
    """stdout and stderr, and whether somebody is there to answer."""

    out: Console
    err: Console
    interactive: bool


def consoles(*, json: bool = False) -> Consoles:
    """The consoles of this process. With `json`, all but the document goes to stderr.

    NO_COLOR is rich's own; CI or no terminal on either end means nobody answers.
    """
    alone = bool(os.environ.get("CI")) or not (sys.stdin.isatty() and sys.stderr.isatty())
    err = Console(stderr=True, theme=THEME, highlight=False, soft_wrap=True)
    out = err if json else Console(theme=THEME, highlight=False, soft_wrap=True)
    for console in (out, err):
        if not console.is_terminal:
            console.width = PIPED
    return Consoles(out, err, not alone)
