"""The tests that come to an endpoint: found once, and those of other files that can be loaded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from porter.core.report import Reporter
from porter.core.task import Task
from porter.proof import elsewhere, selection
from porter.proof.selection import Reaching
from porter.proof.walking import Picked
from porter.target import Target
from porter.work import commands, facts
from porter.work.checkout import Disk

_MISSING = """
import importlib.util, json, sys
missing = [name for name in sys.argv[1:] if importlib.util.find_spec(name) is None]
sys.stdout.write(json.dumps(missing))
"""


def found(target: Target, task: Task) -> Reaching:
    """The tests that come to the endpoint; remembered with the files they were found in.

    Those are read anew, so that what else was read of the checkout, all of its Go for instance,
    does not count among them.
    """
    tree, mlflow = Disk(target.root), Disk(target.mlflow_root)
    # What else is enabled is no matter, and a set is not written in the same order twice.
    layout = replace(task.layout, services=(replace(task.service, enabled=frozenset()),))
    fact = facts.remembered(
        "reaching",
        (str(target.root), str(target.mlflow_root), repr(task.endpoint), repr(layout)),
        lambda: (
            asdict(selection.reaching(replace(task, tree=tree, mlflow=mlflow))),
            [tree, mlflow],
        ),
    )
    return Reaching(_picked(fact["tests"]), _picked(fact["outside"]), fact["unbound"])


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


def _picked(rows: Sequence[Mapping[str, Any]]) -> tuple[Picked, ...]:
    return tuple(Picked(**{**row, "why": tuple(row["why"])}) for row in rows)
