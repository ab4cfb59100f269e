"""What the checkout's own Python has: looked at, never built."""

from __future__ import annotations

import filecmp
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from porter.errors import EnvironmentFault
from porter.work.commands import capture, last_lines
from porter.work.tools import Toolchain

_NEEDED = ("mlflow", "pytest", "cffi")
_LOOK = """
import importlib.util, json, sys
def place(name):
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    return (spec.origin or "") if spec else None
sys.stdout.write(json.dumps({name: place(name) for name in sys.argv[1:]}))
"""
_LOAD = "import ctypes, sys; ctypes.CDLL(sys.argv[1])"


@dataclass(frozen=True, slots=True)
class Lacks:
    """What is wrong with an environment, line by line, and what would mend it."""

    details: tuple[str, ...]
    next: str


def lacking(tools: Toolchain, package: str | None, mlflow: Path) -> Lacks | None:
    """What the checkout's Python lacks to run MLflow's tests against Go, or None.

    `mlflow` is the checkout that it should import MLflow from.
    """
    move = "uv sync --frozen" if tools.python[0] == "uv" else (
        f"{tools.python[0]} -m pip install pytest -e {mlflow.name} -e ."
    )  # fmt: skip
    try:
        places = _places(tools, (*_NEEDED, *([package] if package else [])))
    except EnvironmentFault as fault:
        return Lacks((fault.message,), move)
    missing = [f"{name} is missing" for name, place in places.items() if place is None]
    found = places.get("mlflow")
    if found and mlflow.is_dir() and not _same(Path(found).parent, mlflow / "mlflow"):
        missing.append(f"mlflow is {Path(found).parent}, not that of {mlflow.name}")
    return Lacks(tuple(missing), move) if missing else None


def _same(installed: Path, beside: Path) -> bool:
    """Whether the installed MLflow is the one beside the checkout, or a copy of its Python."""
    if installed.resolve() == beside.resolve():
        return True
    ours = sorted(path.relative_to(beside) for path in beside.rglob("*.py"))
    return bool(ours) and all(
        (installed / path).is_file() and filecmp.cmp(installed / path, beside / path, shallow=False)
        for path in ours
    )


def compiler(tools: Toolchain) -> str | None:
    """The C compiler that cgo would use, or zig in the checkout's Python, or None."""
    for name in (tools.env.get("CC", ""), "gcc", "cc", "clang"):
        if name and (found := shutil.which(name.split()[0], path=tools.env.get("PATH"))):
            return found
    try:
        return "ziglang" if _places(tools, ("ziglang",)).get("ziglang") else None
    except EnvironmentFault:
        return None


def not_loading(tools: Toolchain, folder: Path) -> tuple[str, ...]:
    """Why the library in a folder does not load in the checkout's Python, or nothing."""
    library = next(p for p in folder.iterdir() if p.suffix in (".so", ".dylib", ".dll"))
    done = capture([*_quiet(tools), "-c", _LOAD, str(library)], tools.root, env=tools.env)
    return last_lines(done.err.decode("utf-8", "replace"), 3) if done.code else ()


def _places(tools: Toolchain, names: tuple[str, ...]) -> dict[str, str | None]:
    """Where the checkout's Python finds modules; nothing is imported but their parents."""
    done = capture([*_quiet(tools), "-c", _LOOK, *names], tools.root, env=tools.env)
    if done.code:
        said = last_lines(done.err.decode("utf-8", "replace"), 1) or ("it does not start",)
        raise EnvironmentFault(
            f"{' '.join(tools.python)}: {said[0]}", next="name one that works: --python PATH"
        )
    found: dict[str, str | None] = json.loads(done.out)
    return found


def _quiet(tools: Toolchain) -> tuple[str, ...]:
    """The Python command, of uv one that does not build the environment."""
    if tools.python[0] == "uv":
        return ("uv", "run", "--no-sync", *tools.python[2:])
    return tools.python
