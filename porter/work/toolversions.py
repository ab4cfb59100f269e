"""Which version a tool on this machine has, asked of the file where that saves a process."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from porter.core.toolchain import Found, Tool
from porter.errors import EnvironmentFault
from porter.work import cache
from porter.work.commands import capture

MODULES: Mapping[Tool, str] = {
    "mage": "github.com/magefile/mage",
    "protoc-gen-go": "google.golang.org/protobuf",
    "mockery": "github.com/vektra/mockery/v2",
}
"""The Go modules that tools are built from; a Go binary carries its module's version."""

_EXACT = re.compile(r"go(\d+\.\d+\.\d+)$")


def find(tool: Tool, env: Mapping[str, str]) -> Found | None:
    """The tool that a command in `env` would get, with its version, or None."""
    path = shutil.which(tool, path=env.get("PATH"))
    if path is None:
        return None
    if tool == "go" and (exact := chosen_go(env)):
        return Found(tool, path, exact)
    stat = Path(path).stat()
    key = cache.digest([path, str(stat.st_size), str(stat.st_mtime_ns)])
    known = cache.load("versions", key)
    if isinstance(known, str):
        return Found(tool, path, known)
    version = _ask(tool, path, env)
    if version is not None:
        cache.store("versions", key, version)
    return Found(tool, path, version)


def chosen_go(env: Mapping[str, str]) -> str | None:
    """The exact Go that GOTOOLCHAIN names (`go1.23.12`), or None."""
    match = _EXACT.match(env.get("GOTOOLCHAIN", ""))
    return match[1] if match else None


def _ask(tool: Tool, path: str, env: Mapping[str, str]) -> str | None:
    if tool == "go":
        return _beside(path) or _said([path, "env", "GOVERSION"], r"go(\d+\.\d+(?:\.\d+)?)", env)
    if tool == "protoc":
        return _said([path, "--version"], r"libprotoc (\S+)", env)
    option = "-version" if tool == "mage" else "--version"
    return _built_from(path, MODULES[tool]) or _said([path, option], r"v(\d+\.\d+\.\d+)\b", env)


def _beside(path: str) -> str | None:
    """The version in the VERSION file of a Go installation."""
    try:
        text = (Path(path).resolve().parent.parent / "VERSION").read_text(encoding="utf-8")
    except OSError:
        return None
    match = re.match(r"go(\d+\.\d+(?:\.\d+)?)", text)
    return match[1] if match else None


def _built_from(path: str, module: str) -> str | None:
    """The module version that the Go linker wrote into a binary (`mod<TAB>path<TAB>v1.2.3`)."""
    pattern = re.compile(rb"mod\t%s\tv(\d+\.\d+\.\d+)\t" % re.escape(module.encode()))
    try:
        match = pattern.search(Path(path).read_bytes())
    except OSError:
        return None
    return match[1].decode() if match else None


def _said(argv: list[str], pattern: str, env: Mapping[str, str]) -> str | None:
    try:
        done = capture(argv, Path("/"), env=env, limit=20)
    except (EnvironmentFault, OSError):
        return None
    match = re.search(pattern, (done.out + done.err).decode("utf-8", "replace"))
    return match[1] if match else None
