"""The hand-written Go files of a tree, with cheap questions asked before anything is parsed."""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from porter.core.view import View
from porter.source.checkout.headers import is_generated
from porter.source.golang import GoFile, parse


@dataclass(frozen=True, eq=False)
class GoFiles:
    """Paths of a tree's Go files: `every` one, and `paths` without protoc's and without tests."""

    tree: View
    every: tuple[str, ...]
    paths: tuple[str, ...]

    def content(self, path: str) -> bytes:
        """A file's bytes."""
        return self.tree.read(path) or b""

    def having(self, text: bytes) -> tuple[str, ...]:
        """The files that hold a text."""
        return tuple(path for path in self.paths if text in self.content(path))

    def of(self, folder: str) -> Iterator[GoFile]:
        """The files of one folder, parsed, less what a generator wrote (mocks)."""
        for path in self.paths:
            if posixpath.dirname(path) == folder and not is_generated(self.content(path)):
                yield parse(self.tree, path)

    def struct(self, name: str) -> GoFile | None:
        """The hand-written file that declares a struct of that name, or None."""
        pattern = re.compile(rf"\b{re.escape(name)}\s+struct\b".encode())
        for path in self.having(name.encode()):
            if pattern.search(self.content(path)):
                file = parse(self.tree, path)
                if file.struct(name) is not None:
                    return file
        return None


@functools.lru_cache(maxsize=8)
def gofiles(tree: View) -> GoFiles:
    """The Go files of a tree, listed once per view."""
    every = tree.files("", ".go", deep=True)
    paths = tuple(p for p in every if not p.endswith((".pb.go", "_test.go")))
    return GoFiles(tree, every, paths)
