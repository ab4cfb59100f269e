"""Runs porter's command line as `porter` does, and measures what it takes beside the tools.

`REPLAY_TIMES` names the file for the figures; `REPLAY_SKIP` names steps to leave out of the walk.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

started = time.monotonic()


def main() -> int:
    """The exit code of the command."""
    from porter.work import commands
    from porter.work.children import Children

    in_tools = 0.0

    def timed(inner: Callable[..., object]) -> Callable[..., object]:
        def run(first: object, *rest: object, **named: object) -> object:
            nonlocal in_tools
            begun = time.monotonic()
            try:
                return inner(first, *rest, **named)
            finally:
                ours = isinstance(first, Sequence) and first[0] == "git"
                in_tools += 0.0 if ours else time.monotonic() - begun

        return run

    # Before anything takes them by name.
    Children.wait = timed(Children.wait)  # type: ignore[method-assign,assignment]
    commands.capture = timed(commands.capture)  # type: ignore[assignment]

    import porter.steps
    from porter.cli import run

    skipped = os.environ.get("REPLAY_SKIP", "").split(",")
    porter.steps.STEPS = tuple(s for s in porter.steps.STEPS if s.slug not in skipped)
    code = run(sys.argv[1:])
    whole = time.monotonic() - started
    figures = {"whole": whole, "tools": in_tools, "cpu": time.process_time()}
    Path(os.environ["REPLAY_TIMES"]).write_text(json.dumps(figures), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
