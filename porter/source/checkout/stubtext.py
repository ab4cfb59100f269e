"""What a stub is known by: its one statement answers "not implemented"."""

from __future__ import annotations

import re

from porter.core.layout import Store
from porter.core.view import View
from porter.source.checkout.stores import sql_files
from porter.source.golang import Func, GoFile, parse

MARK = b"not implemented"
"""What no file without a stub holds."""
_STUB = re.compile(
    r"\{\s*return\s+(?:[^;{}]*,\s*)?(?:\w+\.)?NewError(?:With)?\(\s*"
    r"(?:\w+\.)?\w+,\s*\"[^\"]*not implemented[^\"]*\",?\s*(?:err)?\)\s*\}"
)
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)


def is_stub(file: GoFile, found: Func) -> bool:
    """Whether all that a function does is to answer that it is not implemented."""
    if found.body is None:
        return False
    code = _COMMENT.sub("", file.text(found.body))
    return _STUB.fullmatch(code) is not None


def stubs(tree: View, store: Store) -> frozenset[str]:
    """The names of the store's SQL methods that are stubs."""
    files = [p for p in sql_files(tree, store) if MARK in (tree.read(p) or b"")]
    return frozenset(
        found.name
        for file in (parse(tree, path) for path in files)
        for found in file.functions
        if found.receiver is not None and is_stub(file, found)
    )
