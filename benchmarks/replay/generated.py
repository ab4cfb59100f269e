"""Generated lines that a port changed without a reason: neither the endpoint's, nor noise."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence

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
        human = changes(parent.read(path) or b"", commit.read(path) or b"")
        names = (method, port.endpoint)
        out += [f"{path}: {row}" for row in differing(before, after, human, names)]
    return out


def differing(before: bytes, after: bytes, human: Sequence[str], names: Sequence[str]) -> list[str]:
    """The changed lines that the person's commit lacks and that hold none of `names`.

    Lines of one or two signs (a closing brace) go with those around them.
    """
    left = Counter(human)
    out = []
    for row in changes(before, after):
        if left[row] > 0:
            left[row] -= 1
        elif len(row) > 3 and not any(name in row for name in names):
            out.append(row)
    return out


def changes(before: bytes, after: bytes) -> list[str]:
    """Added and removed lines, blanks within them collapsed."""
    old, new = (text.decode("utf-8", "replace").splitlines() for text in (before, after))
    rows = difflib.unified_diff(old, new, lineterm="", n=0)
    return [
        row[0] + " " + " ".join(row[1:].split())
        for row in list(rows)[2:]
        if not row.startswith("@@") and row[1:].strip()
    ]
