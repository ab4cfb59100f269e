"""The ports in a history: commits after which the endpoints' list names one more."""

from __future__ import annotations

from dataclasses import dataclass

from porter.errors import SourceError
from porter.source.checkout.endpoints import listed
from porter.source.golang import parse_bytes
from replay.objects import Repository

_MARK = b"ImplementedEndpoints"


@dataclass(frozen=True, slots=True)
class Port:
    """An endpoint that a commit enabled; `date` is the author's, as the day went into the tree."""

    commit: str
    parent: str
    date: str
    service: str
    endpoint: str

    @property
    def id(self) -> str:
        """`MlflowService/deleteTag`."""
        return f"{self.service}/{self.endpoint}"


def ports(repository: Repository, tip: str = "HEAD") -> tuple[Port, ...]:
    """All ports, oldest first, one for each endpoint that is named after a commit and not before.

    A file that moves names the same endpoints before and after, so a move is no port; nor is the
    commit that brings the list in, as nothing stood before it.
    """
    log = repository.text(
        "log", "--first-parent", "--reverse", "--raw", "--no-abbrev", "--no-renames",
        "--format=%x00%H %aI %P", tip, "--", "*.go",
    )  # fmt: skip
    known: dict[str, frozenset[tuple[str, str]]] = {}

    def names(blob: str) -> frozenset[tuple[str, str]]:
        if blob not in known:
            known[blob] = frozenset() if not blob.strip("0") else enabled(repository.blob(blob))
        return known[blob]

    found = []
    for entry in log.split("\0")[1:]:
        heading, _, rows = entry.partition("\n")
        commit, date, *parents = heading.split()
        before: set[tuple[str, str]] = set()
        after: set[tuple[str, str]] = set()
        for row in (row for row in rows.splitlines() if row.startswith(":")):
            _, _, old, new, _ = row.partition("\t")[0].split()
            before |= names(old)
            after |= names(new)
        if parents and before:
            added = sorted(after - before)
            found += [Port(commit, parents[0], date, *pair) for pair in added]
    return tuple(found)


def enabled(source: bytes) -> frozenset[tuple[str, str]]:
    """The (service, endpoint) pairs that a Go file lists, none where it is no such list."""
    if _MARK not in source:
        return frozenset()
    try:
        found = listed(parse_bytes(source))
    except SourceError:
        return frozenset()
    return frozenset((entry.service, name) for entry in found for name in entry.names)
