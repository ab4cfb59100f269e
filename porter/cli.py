"""The command line: parse, call, exit code."""

from __future__ import annotations


def main() -> None:
    """Entry point of the `porter` command."""
