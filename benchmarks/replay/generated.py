"""Generated lines that a port changed without a reason: neither the endpoint's, nor noise."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping

from replay.history import Port
from replay.objects import Repository


def unexplained(
    port: Port, target: Repository, control: Mapping[str, bytes], made: Mapping[str, bytes]
) -> list[str]:
    """The lines by which porter's generated files differ from the control's, less the explained.

    `control` are the files that regenerating the untouched parent changes: what they already have
    is noise. A line is the endpoint's where the person's commit has it too or it names the
    endpoint; imports and closing lines come with these.
    """
    parent, commit = target.tree(port.parent), target.tree(port.commit)
    method = port.endpoint[:1].upper() + port.endpoint[1:]
    out: list[str] = []
    for path in sorted({*control, *made}):
        before = control.get(path, parent.read(path) or b"")
        after = made.get(path, parent.read(path) or b"")
        human = Counter(_changes(parent.read(path) or b"", commit.read(path) or b""))
        for row in _changes(before, after):
            if human[row] > 0:
                human[row] -= 1
            elif method not in row and port.endpoint not in row and len(row) > 2:
                out.append(f"{path}: {row}")
    return out


def _changes(before: bytes, after: bytes) -> list[str]:
    """Added and removed lines, blanks within them collapsed."""
    old, new = (text.decode("utf-8", "replace").splitlines() for text in (before, after))
    rows = difflib.unified_diff(old, new, lineterm="", n=0)
    return [
        row[0] + " ".join(row[1:].split())
        for row in list(rows)[2:]
        if not row.startswith("@@") and row[1:].strip()
    ]
