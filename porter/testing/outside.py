"""Tests outside of the files that the checkout runs: found once, and those that can be loaded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from porter.core.report import Reporter
from porter.core.task import Task
from porter.proof import elsewhere
from porter.proof.walking import Picked
from porter.target import Target
from porter.work import commands, facts
from porter.work.checkout import Disk

_MISSING = """
import importlib.util, json, sys
missing = [name for name in sys.argv[1:] if importlib.util.find_spec(name) is None]
sys.stdout.write(json.dumps(missing))
"""


def found(target: Target, task: Task) -> tuple[Picked, ...]:
    """The tests that reach the endpoint; remembered with the files they were found in."""
    read = [view for view in (target.tree, target.mlflow) if isinstance(view, Disk)]
    rows = facts.remembered(
        "elsewhere",
        (str(target.root), task.endpoint.id),
        lambda: ([asdict(each) for each in elsewhere.elsewhere(task)], read),
    )
    return tuple(Picked(**{**row, "why": tuple(row["why"])}) for row in rows)


def importable(
    target: Target, task: Task, tests: Sequence[Picked], reporter: Reporter
) -> tuple[Picked, ...]:
    """Those whose files find the packages they import; what the checkout's Python lacks is said."""
    asks = {test.file: elsewhere.packages(task, test.file) for test in tests}
    named = sorted(frozenset[str]().union(*asks.values()))
    argv = [*target.toolchain.python, "-c", _MISSING, *named]
    done = commands.capture(argv, target.root, env=target.toolchain.env)
    missing = set(json.loads(done.text)) if done.code == 0 else set()
    left = [test for test in tests if asks[test.file] & missing]
    if left:
        lacking = sorted(missing & frozenset[str]().union(*(asks[test.file] for test in left)))
        reporter.say(f"{len(left)} tests left out, not installed: {', '.join(lacking)}")
    return tuple(test for test in tests if not asks[test.file] & missing)
