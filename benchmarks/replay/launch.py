"""Runs porter's command line as `porter` does, and measures what it takes beside the tools.

`REPLAY_TIMES` names the file for the figures; `REPLAY_SKIP` names steps to leave out of the walk.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

started = time.monotonic()


def main() -> int:
    """The exit code of the command."""
    import porter.steps
    from porter.cli import run
    from porter.work import commands

    skipped = os.environ.get("REPLAY_SKIP", "").split(",")
    porter.steps.STEPS = tuple(s for s in porter.steps.STEPS if s.slug not in skipped)
    in_tools = 0.0
    inner = commands.run

    def timed(*args: object, **named: object) -> object:
        nonlocal in_tools
        begun = time.monotonic()
        try:
            return inner(*args, **named)  # type: ignore[arg-type]
        finally:
            in_tools += time.monotonic() - begun

    commands.run = timed  # type: ignore[assignment]
    code = run(sys.argv[1:])
    whole = time.monotonic() - started
    figures = {"whole": whole, "tools": in_tools, "cpu": time.process_time()}
    Path(os.environ["REPLAY_TIMES"]).write_text(json.dumps(figures), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
