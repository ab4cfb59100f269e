"""Tool versions that a checkout's documents and settings name, wherever they do.

Nobody checks them against the generated files, so they go stale; doctor names where they differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from porter.core.toolchain import Tool, Wanted, minor
from porter.core.view import View

_FILES = ("CONTRIBUTING.md", "README.md")
_FOLDERS = ((".devcontainer", ""), (".github/workflows", ".yml"), (".github/workflows", ".yaml"))
_PATTERNS: tuple[tuple[Tool, re.Pattern[str]], ...] = (
    ("protoc-gen-go", re.compile(r"cmd/protoc-gen-go@v(\d+\.\d+\.\d+)")),
    ("mockery", re.compile(r"vektra/mockery/v2@v(\d+\.\d+\.\d+)")),
    ("mage", re.compile(r"magefile/mage@v(\d+\.\d+\.\d+)")),
    ("go", re.compile(r"devcontainers/go:\d+-(\d+\.\d+(?:\.\d+)?)")),
    ("go", re.compile(r"go-version: *[\"']?(\d+\.\d+(?:\.\d+)?)")),
    ("go", re.compile(r"\[Go (\d+\.\d+(?:\.\d+)?)\]")),
    ("protoc", re.compile(r"/protoc[^\"]*\": \{\s*\"version\": \"(\d+\.\d+)\"")),
    ("protoc", re.compile(r"\bprotoc (?:version |v)?(\d+\.\d+)\b")),
)


@dataclass(frozen=True, slots=True)
class Pin:
    """A version that a file names for a tool."""

    tool: Tool
    version: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line} names {self.version}"


def pins(tree: View) -> tuple[Pin, ...]:
    """The versions that CONTRIBUTING, README, the devcontainer and the workflows name."""
    listed = [path for folder, suffix in _FOLDERS for path in tree.files(folder, suffix)]
    found = []
    for path in (*_FILES, *listed):
        text = (tree.read(path) or b"").decode("utf-8", "replace")
        for tool, pattern in _PATTERNS:
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start(1)) + 1
                found.append(Pin(tool, match[1], path, line))
    return tuple(found)


def disagreeing(pin: Pin, wanted: Wanted) -> bool:
    """Whether a pin names another version than the tree was made with; Go by its minor."""
    if pin.tool == "go":
        return minor(pin.version) != minor(wanted.version)
    return pin.version != wanted.version
