"""The toolchain of a checkout: the environment that every command of porter's runs in.

The cache's tools come first on PATH, in the versions the checkout asks for; nothing that Go,
mage or Python keep beside their work lands in the user's home or in the tree.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from porter.core.toolchain import Found, Tool, Wanted, fits
from porter.errors import EnvironmentFault
from porter.work import cache
from porter.work.toolversions import chosen_go, find

_GO_SETTINGS = (
    "GOPROXY", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOSUMDB", "GOINSECURE", "GOAUTH", "GOVCS",
)  # fmt: skip
_OF_GIT = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")


@dataclass(frozen=True)
class Toolchain:
    """What a checkout wants, the environment to run in, and its own Python."""

    root: Path
    wanted: tuple[Wanted, ...]
    env: Mapping[str, str]
    python: tuple[str, ...]

    def found(self, tool: Tool) -> Found | None:
        """The tool that a command would get."""
        return find(tool, self.env)

    def versions(self) -> tuple[str, ...]:
        """`go 1.23.9`, … as found, for what a proof is remembered under."""
        found = [(w.tool, self.found(w.tool)) for w in self.wanted]
        return tuple(f"{tool} {f.version if f else 'missing'}" for tool, f in found)

    def require(self, *tools: Tool) -> None:
        """Raise EnvironmentFault where a tool is missing or has the wrong version."""
        for wanted in self.wanted:
            if wanted.tool in tools:
                found = self.found(wanted.tool)
                if found is None:
                    raise EnvironmentFault(
                        f"{wanted.tool} {wanted.version} is not installed ({wanted.source} asks "
                        "for it)",
                        next="porter doctor --fix",
                    )
                if not fits(wanted, found.version):
                    raise EnvironmentFault(
                        f"{wanted.tool} is {found.version or 'of unknown version'} at {found.path};"
                        f" {wanted.source} asks for {wanted.version}",
                        next="porter doctor --fix",
                    )


def toolchain(root: Path, wanted: Sequence[Wanted], *, python: str | None = None) -> Toolchain:
    """The toolchain of a checkout; `python` is the interpreter a person named."""
    env = environment(wanted)
    command = checkout_python(root, env, python)
    if command[0] == "uv":
        env["UV_FROZEN"] = "1"
    elif os.path.sep in command[0]:
        env["PATH"] = _joined([str(Path(command[0]).parent)], env["PATH"], after=_own_bins(wanted))
    return Toolchain(root, tuple(wanted), env, command)


def environment(wanted: Sequence[Wanted]) -> dict[str, str]:
    """porter's environment with the cache's tools first and Go's folders in the cache.

    An explicit GOCACHE, GOPATH or GOMODCACHE is kept, and an exact GOTOOLCHAIN that fits; what a
    person set for fetching modules (`go env -w GOPROXY=…`) is carried over.
    """
    env = {key: value for key, value in os.environ.items() if key not in _OF_GIT}
    path = env.get("PATH", os.defpath)
    if env.get("VIRTUAL_ENV") and Path(env["VIRTUAL_ENV"]).resolve() == Path(sys.prefix).resolve():
        del env["VIRTUAL_ENV"]
        own = str(Path(sys.prefix) / "bin")
        path = os.pathsep.join(p for p in path.split(os.pathsep) if p.rstrip("/") != own)
    env["PATH"] = _joined(_own_bins(wanted), path)
    go = next((w for w in wanted if w.tool == "go"), None)
    if not (go and (exact := chosen_go(env)) and fits(go, exact)):
        env["GOTOOLCHAIN"] = "local"
    for key, value in _users_go_settings().items():
        env.setdefault(key, value)
    env["GIT_OPTIONAL_LOCKS"] = "0"  # `go build` asks git for its stamp: no index refreshed
    env["GOENV"] = "off"
    env.setdefault("GOPATH", str(cache.folder("go", "path")))
    env.setdefault("GOCACHE", str(cache.folder("go", "build")))
    env["MAGEFILE_CACHE"] = str(cache.folder("mage"))
    env["RUFF_CACHE_DIR"] = str(cache.folder("ruff"))
    env["PYTHONPYCACHEPREFIX"] = str(cache.folder("pycache"))
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # it keeps a tree clean, and this leaves it clean
    return env


def own_bin(tool: Tool, version: str) -> Path:
    """The folder in the cache that holds a tool of that version, whether or not it is there."""
    base = cache.home() / "tools" / tool / version
    return base / "go" / "bin" if tool == "go" else base / "bin"


def checkout_python(
    root: Path, env: Mapping[str, str], chosen: str | None = None
) -> tuple[str, ...]:
    """The command that starts the checkout's own Python, never porter's.

    One that a person named; else `uv run` where there is a uv.lock; else the active environment,
    `.venv`, and last what PATH has.
    """
    if chosen:
        return (str(Path(chosen).expanduser().absolute()),)
    if (root / "uv.lock").is_file():
        return ("uv", "run", "python")
    for base in (env.get("VIRTUAL_ENV"), env.get("CONDA_PREFIX"), str(root / ".venv")):
        if base and (found := Path(base) / "bin" / "python").exists():
            return (str(found),)
    return (shutil.which("python3", path=env.get("PATH")) or "python3",)


def _own_bins(wanted: Sequence[Wanted]) -> list[str]:
    bins = []
    for entry in wanted:
        folders = [own_bin(entry.tool, entry.version)]
        if entry.tool == "go":
            folders = _own_gos(entry)
        bins += [str(folder) for folder in folders if (folder / entry.tool).exists()][:1]
    return bins


def _own_gos(wanted: Wanted) -> list[Path]:
    """Go installations in the cache that fit, newest patch of the wanted minor first."""
    versions = [p.name for p in (cache.home() / "tools" / "go").glob("*.*")]
    fitting = [v for v in versions if v.replace(".", "").isdigit() and fits(wanted, v)]
    low_minor_high_patch = sorted(
        fitting, key=lambda v: (int(v.split(".")[1]), [-int(p) for p in v.split(".")[2:]])
    )
    return [own_bin("go", version) for version in low_minor_high_patch]


def _joined(first: Sequence[str], path: str, *, after: Sequence[str] = ()) -> str:
    """A PATH with `first` before the rest, but behind the entries of `after`."""
    rest = [p for p in path.split(os.pathsep) if p and p not in first and p not in after]
    return os.pathsep.join([*after, *first, *rest])


def _users_go_settings() -> dict[str, str]:
    """How a person has Go fetch modules, from the file that GOENV=off shuts out."""
    base = os.environ.get("GOENV") or str(
        Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "go" / "env"
    )
    try:
        lines = Path(base).read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {key: value for key, value in pairs if key in _GO_SETTINGS}
