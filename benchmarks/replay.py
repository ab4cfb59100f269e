"""Replays the endpoints that people ported and compares: `python benchmarks/replay.py --help`.

`--scaffold` plans each port over an overlay and runs nothing (a minute); `--build` walks each port
for real in a scratch clone; `--rules` compares the inferred rules.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """Run a benchmark; 1 where a bar is missed."""
    arguments = _parser().parse_args(argv)
    if arguments.rules:
        return int(importlib.import_module("replay_rules").run(arguments))
    return int(importlib.import_module("replay.command").run(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, prog="replay.py")
    parser.add_argument("--repo", type=Path, required=True, help="a checkout of mlflow-go")
    parser.add_argument("--mlflow", type=Path, required=True, help="a checkout of MLflow")
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--scaffold", action="store_true", help="plan only (the default)")
    ways.add_argument("--build", action="store_true", help="walk for real, with Go")
    ways.add_argument("--rules", action="store_true", help="compare the inferred rules")
    parser.add_argument("--only", metavar="EP", action="append", help="only this endpoint; again")
    parser.add_argument(
        "--show", metavar="EP", help="the person's files beside porter's, as a diff"
    )
    parser.add_argument("--work", type=Path, help="where to keep results and scratch trees")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument(
        "--skip", metavar="STEP", action="append", default=[], help="leave a step out of --build"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
