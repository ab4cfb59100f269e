"""Generated lines that a port changed without a reason: neither the endpoint's, nor noise."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from porter.errors import SourceError
from porter.source.golang import parse_bytes
from replay.history import Port
from replay.objects import Repository


@dataclass(frozen=True, slots=True)
class Cause:
    """What an endpoint's generated lines are known by; `keys` as in validations.go."""

    names: frozenset[str]
    keys: frozenset[str] = frozenset()


def unexplained(
    port: Port, target: Repository, control: Mapping[str, bytes], made: Mapping[str, bytes],
    why: Cause,
) -> list[str]:  # fmt: skip
    """The lines by which porter's generated files differ from the control's, less the explained.

    `control` are the files that regenerating the untouched parent changes: what they already have
    is noise. A line is the endpoint's where the person's commit has it too, where it or the
    function around it names the endpoint, or where it is the tag of a key that the port added.
    """
    parent, commit = target.tree(port.parent), target.tree(port.commit)
    out: list[str] = []
    for path in sorted({*control, *made}):
        before = control.get(path, parent.read(path) or b"")
        after = made.get(path, parent.read(path) or b"")
        human = [row for _, row in changes(parent.read(path) or b"", commit.read(path) or b"")]
        out += [f"{path}: {row}" for row in differing(before, after, human, why)]
    return out


def differing(before: bytes, after: bytes, human: Sequence[str], why: Cause) -> list[str]:
    """The changed lines that the person's commit lacks and that `why` does not explain.

    Lines of one or two signs (a closing brace) go with those around them.
    """
    left = Counter(human)
    around = {"-": _around(before), "+": _around(after)}
    out = []
    for number, row in changes(before, after):
        if left[row] > 0:
            left[row] -= 1
        elif len(row) > 3 and not _explained(row, around[row[0]].get(number, ""), why):
            out.append(row)
    return out


def changes(before: bytes, after: bytes) -> list[tuple[int, str]]:
    """Removed and added lines with their numbers (from 0), blanks within them collapsed."""
    old, new = (text.decode("utf-8", "replace").splitlines() for text in (before, after))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    out: list[tuple[int, str]] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            out += [(at, f"- {' '.join(old[at].split())}") for at in range(a, b)]
            out += [(at, f"+ {' '.join(new[at].split())}") for at in range(c, d)]
    return [(at, row) for at, row in out if row[2:]]


def cause(port: Port, others: Iterable[str | None], keys: Iterable[str]) -> Cause:
    """What explains a line: the endpoint's names and those of its store method and its routes
    (`others`), and the keys of its rules."""
    method = port.endpoint[:1].upper() + port.endpoint[1:]
    names = {method, port.endpoint, *filter(None, others)}
    return Cause(frozenset(names), frozenset(keys))


def _explained(row: str, around: str, why: Cause) -> bool:
    if any(name in row or name in around for name in why.names):
        return True
    field = row[2:].partition(" ")[0]
    return f"{around}_{field}" in why.keys and "`protobuf:" in row


def _around(source: bytes) -> dict[int, str]:
    """For each line, the function (with its receiver) or struct it stands in or comments on."""
    try:
        file = parse_bytes(source)
    except SourceError:
        return {}
    rows = source.split(b"\n")
    methods = [
        (f"{f.receiver.type if f.receiver else ''}.{f.name}", f.span) for f in file.functions
    ]
    out: dict[int, str] = {}
    for name, span in [*methods, *((s.name, s.span) for s in file.structs)]:
        first = file.line_of(span.start) - 1
        while first > 0 and rows[first - 1].startswith(b"//"):
            first -= 1
        for line in range(first, file.line_of(span.end)):
            out[line] = name
    return out
