"""Walks a port for real: porter's command line in a scratch tree, with Go."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import porter
from porter.core.command import Command
from porter.core.view import Overlay
from porter.errors import EnvironmentFault, PorterError
from porter.source.checkout.generated import generate_command
from porter.source.checkout.headers import is_generated
from porter.source.checkout.layout import discover
from porter.target import Target, open_target
from porter.work import commands
from replay.facts import facts, store_methods
from replay.generated import Cause, cause, unexplained
from replay.history import Port
from replay.objects import Repository
from replay.outcome import Outcome
from replay.trees import changed, restore, scratch, state

_LAUNCH = Path(__file__).with_name("launch.py")


def build(
    port: Port,
    repositories: tuple[Repository, Repository],
    place: Path,
    outcome: Outcome,
    skip: Sequence[str] = (),
) -> Outcome:
    """Everything a real walk shows, into `outcome`. The scratch tree stays in `place`.

    `repositories` are the target and MLflow.
    """
    target, mlflow = repositories
    tree = scratch(target, port.parent, mlflow, outcome.mlflow, place)
    try:
        opened = _equipped(tree)
        kept = place.parent.parent / "control" / f"{port.parent[:12]}-{outcome.mlflow[:12]}.json"
        control = _control(opened, kept)
    except PorterError as error:
        outcome.error = f"{error.message}; next: {error.next}"
        return outcome
    outcome.noise = sum(1 for _ in control)
    _walk(port, tree, outcome, skip)
    _again(port, tree, outcome, skip)
    after = changed(tree)
    outcome.files = {
        path: content.decode("utf-8", "replace")
        for path, content in after.items()
        if content is not None and not written_by_tools(path, content)
    }
    made = {p: c or b"" for p, c in after.items() if p not in outcome.files}
    outcome.extra = unexplained(port, target, control, made, _cause(port, target, opened, outcome))
    env = opened.toolchain.env
    outcome.built = _passes(Command(("go", "build", "./...")), tree, env)
    outcome.vetted = _passes(Command(("go", "vet", "./...")), tree, env)
    outcome.brief = _porter(tree, ["brief", port.id, "--markdown"])[1]
    return outcome


def _cause(port: Port, target: Repository, opened: Target, outcome: Outcome) -> Cause:
    parent = target.tree(port.parent)
    tree = Overlay(parent, {path: text.encode() for path, text in outcome.files.items()})
    method = port.endpoint[:1].upper() + port.endpoint[1:]
    store = facts(tree, port.service, method, store_methods(parent, port.service)).store
    place = discover(parent).validations
    old, new = ((view.read(place) or b"") if place else b"" for view in (parent, tree))
    rows = set(new.decode().splitlines()) - set(old.decode().splitlines())
    routes = [str(r.path) for e in opened.catalog.endpoints if e.id == port.id for r in e.routes]
    return cause(port, (store, *routes), [row.split('"')[1] for row in rows if row.count('"') > 1])


def written_by_tools(path: str, content: bytes) -> bool:
    """Whether a generator wrote a file of the target."""
    return path.endswith((".pb.go", ".g.go")) or is_generated(content)


def _equipped(tree: Path) -> Target:
    """The tree with its tools; those that are missing are fetched as a person would do it."""
    opened = open_target(tree)
    try:
        opened.toolchain.require(*(wanted.tool for wanted in opened.toolchain.wanted))
    except EnvironmentFault:
        _porter_full(tree, ["doctor", "--fix"], (), Path(os.devnull))
        opened = open_target(tree)
        opened.toolchain.require(*(wanted.tool for wanted in opened.toolchain.wanted))
    return opened


def _control(target: Target, kept: Path) -> dict[str, bytes]:
    """The files that regenerating the untouched parent changes, as it leaves them.

    This has nothing to do with porter's own content, so it is kept in the file `kept`.
    """
    if kept.is_file():
        known: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))
        return {path: text.encode() for path, text in known.items()}
    env, root = target.toolchain.env, target.root
    first = generate_command(target.tree, target.layout)
    for command in (*([first] if first else []), Command(("go", "generate", "./..."))):
        done = commands.run(command, root, env)
        if not done.ok:
            raise commands.failed(done, next="see the log")
    made = {path: content or b"" for path, content in changed(root).items()}
    restore(root)
    kept.parent.mkdir(parents=True, exist_ok=True)
    texts = {path: content.decode("utf-8", "replace") for path, content in made.items()}
    kept.write_text(json.dumps(texts), encoding="utf-8")
    return made


def _walk(port: Port, tree: Path, outcome: Outcome, skip: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        times = Path(folder, "times")
        code, text, said = _porter_full(tree, _start(port), skip, times)
        figures = json.loads(times.read_text(encoding="utf-8")) if times.exists() else {}
    outcome.exit = code
    outcome.seconds = figures.get("whole", 0.0) - figures.get("tools", 0.0)
    outcome.cpu = figures.get("cpu", 0.0)
    try:
        stop = json.loads(text)
    except ValueError:
        outcome.error = said[-2000:]
        return
    if "steps" not in stop:
        outcome.error = f"{stop.get('error', '')}; next: {stop.get('next', '')}"
        return
    outcome.defaults = stop["defaults"]
    for rows in stop["steps"].values():
        for row in rows:
            outcome.states[row["step"]] = f"{row['state']}: {row['detail']}".removesuffix(": ")
    if "unit_tests" not in skip:
        outcome.tested = outcome.states.get("unit_tests", "").startswith("ok")
    outcome.asked_place = any("Where does" in text for text in outcome.defaults)
    if code not in (0, 3):
        outcome.error = stop.get("reason", "") or said[-2000:]


def _again(port: Port, tree: Path, outcome: Outcome, skip: Sequence[str]) -> None:
    before = state(tree)
    code = _porter_full(tree, _start(port), skip, Path(os.devnull))[0]
    if state(tree) != before:
        outcome.again.append("the second start changed the tree")
    if code != outcome.exit:
        outcome.again.append(f"the second start ended with {code}, the first with {outcome.exit}")


def _start(port: Port) -> list[str]:
    return ["start", port.id, "-y", "--no-input", "--json"]


def _porter(tree: Path, argv: Sequence[str]) -> tuple[int, str]:
    code, out, _ = _porter_full(tree, argv, (), Path(os.devnull))
    return code, out if code == 0 else ""


def _porter_full(
    tree: Path, argv: Sequence[str], skip: Sequence[str], times: Path
) -> tuple[int, str, str]:
    """porter's command line in the tree: exit code, stdout, stderr."""
    env = {
        **os.environ,
        "PYTHONPATH": str(Path(porter.__file__).parent.parent),
        "REPLAY_TIMES": str(times),
        "REPLAY_SKIP": ",".join(skip),
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        [sys.executable, str(_LAUNCH), *argv],
        cwd=tree, env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def _passes(command: Command, tree: Path, env: object) -> bool:
    return commands.run(command, tree, env).ok  # type: ignore[arg-type]
