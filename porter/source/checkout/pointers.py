"""Small functions of the checkout that scaffolded code may call."""

from __future__ import annotations

import functools

from porter.core.view import View
from porter.source.golang.gofiles import gofiles


@functools.lru_cache(maxsize=8)
def helper_package(tree: View) -> str | None:
    """The folder of the package with `PtrTo`, or None where the checkout has none."""
    for path in gofiles(tree).having(b"\nfunc PtrTo["):
        return path.rpartition("/")[0]
    return None
