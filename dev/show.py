"""The walk on the practice backend, act by act, each with what it is for and the time it takes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PORTER = Path(sys.executable).parent / "porter"


@dataclass(frozen=True)
class Act:
    """One command of the show: what it is for, the exit code that is right, its usual seconds."""

    why: str
    args: tuple[str, ...]
    exit: int
    seconds: tuple[int, int]
    """Warm and cold, on 2 cores: only for the time left."""


ACTS = (
    Act(
        "MLflow's tracking server is written in Python. mlflow-go answers the same requests in\n"
        "Go, endpoint by endpoint. Here is a small backend of that kind, made for practice: a Go\n"
        "server that answers seven endpoints, and MLflow's Python for all the others.",
        ("demo", "."), 0, (12, 150),
    ),
    Act(
        "Every backend is generated with exact versions of a few tools. porter reads which, and\n"
        "keeps them in its cache.",
        ("doctor", "--fix"), 0, (4, 90),
    ),
    Act(
        "deleteTag takes a tag off a run. Only Python answers it so far. porter takes the port\n"
        "step by step as far as it can: it shows each change before it writes it, lets the\n"
        "backend's own tools generate what is generated, and proves each step. Nobody is asked\n"
        "here (--no-input); you would be. It pauses where a person must write the SQL.\n\n"
        "A numbered row is a step. A line with $ is a command that porter runs. Noise counts the\n"
        "generated lines that changed for another reason than this port.",
        ("start", "deleteTag", "--no-input"), 3, (20, 60),
    ),
    Act(
        "What that person needs to know, taken from the Python: which tables, which errors in\n"
        "which words, which helpers exist in Go already.",
        ("brief", "deleteTag"), 0, (2, 3),
    ),
    Act(
        "Could MLflow's tests pass already? In place of the SQL stands a stub, which answers\n"
        "with an error. porter knows it, and does not run tests that can prove nothing.",
        ("test", "deleteTag"), 1, (2, 3),
    ),
    Act(
        "A person writes the SQL. For this show it is ready-made:",
        ("demo", "--solve", "."), 0, (1, 2),
    ),
    Act(
        "Starting again goes on where porter paused. The tests run against Go, and porter counts\n"
        "how many of them really called it: from Python by Go's library (FFI), and over HTTP.\n"
        "Green alone would prove nothing: Python could have answered.",
        ("start", "deleteTag", "--no-input"), 0, (25, 40),
    ),
    Act(
        "The port is done. Where the service stands now: todo is the step that comes next for an\n"
        "endpoint, ok is proven, and not proven is what porter has not run on this machine. It\n"
        "runs nothing here; porter check does.",
        ("status", "--service", "MlflowService"), 0, (1, 3),
    ),
)  # fmt: skip


def main(chosen: Path | None) -> int:
    """Play all acts; the exit code of the first that went wrong, else 0.

    Without a chosen folder the backend is made in porter's cache, anew each time.
    """
    cache = Path(os.environ["PORTER_CACHE"]).resolve()
    warm = 0 if (cache / "practice").is_dir() else 1
    folder = (chosen or cache / "demo").resolve()
    if chosen is None:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    took: list[float] = []
    for number, act in enumerate(ACTS, 1):
        left = seconds_left(took, [each.seconds[warm] for each in ACTS])
        print(f"\n[{number}/{len(ACTS)}] about {left} s left\n\n{act.why}\n", flush=True)
        print(f"$ porter {' '.join(act.args)}", flush=True)
        started = time.monotonic()
        done = subprocess.run([PORTER, *act.args], cwd=folder, check=False)
        took.append(time.monotonic() - started)
        if done.returncode != act.exit:
            print(f"\nexit {done.returncode}, expected {act.exit}; the backend is in {folder}")
            return done.returncode or 1
    print("\nWhere the time went:")
    for act, seconds in zip(ACTS, took, strict=True):
        print(f"  {seconds:6.1f} s  porter {' '.join(act.args)}")
    print(f"  {sum(took):6.1f} s  in all")
    print(f"\nThe backend stays in {folder}: try another endpoint there.")
    if chosen is None:
        print("./dev/demo makes it anew; ./dev/demo DIR makes one that is left alone.")
    print(f"next: cd {folder} && {PORTER} start setTraceTag")
    return 0


def seconds_left(took: list[float], usual: list[int]) -> int:
    """The usual seconds of the acts to come, as much slower as this machine was so far."""
    pace = max(1.0, sum(took) / max(1, sum(usual[: len(took)])))
    return round(pace * sum(usual[len(took) :]))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
