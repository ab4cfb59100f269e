"""`endpoints.go`, read: which services the generator knows and which names it serves.

Two shapes are known. Today every service lists its names in `ImplementedEndpoints`; in mid-2024,
inside MLflow, one list held `Service_name` for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from porter.core.endpoint import Endpoint
from porter.core.view import View
from porter.errors import SourceError
from porter.source.golang import Comment, GoFile, Literal, parse

_LIST = "ImplementedEndpoints"
_MARK = _LIST.encode()


@dataclass(frozen=True, slots=True)
class Listed:
    """A service as endpoints.go gives it. `names` are those in force, less the prefix."""

    service: str
    go_name: str
    stem: str
    names: tuple[str, ...]
    literal: Literal
    prefix: str = ""


def find(tree: View, paths: Sequence[str]) -> str | None:
    """Which of these Go files lists the endpoints, or None."""
    likely = sorted(paths, key=lambda path: ("endpoints" not in path.rsplit("/", 1)[-1], path))
    for path in likely:
        content = tree.read(path) or b""
        if _MARK in content and any(listed(parse(tree, path))):
            return path
    return None


def listed(file: GoFile) -> tuple[Listed, ...]:
    """The services of an endpoints.go in order, empty where the file lists none."""
    return tuple(_nested(file)) or tuple(_flat(file))


def registry(tree: View, path: str) -> tuple[Listed, ...]:
    """The services that the endpoints.go at `path` lists.

    Raises SourceError where it does not parse or lists none.
    """
    file = parse(tree, path)
    found = listed(file)
    if not found:
        raise SourceError(
            f"no list {_LIST} in {file.where}",
            next=f"restore the list of endpoints: git checkout -- {file.where}",
        )
    return found


def is_enabled(tree: View, path: str, endpoint: Endpoint) -> bool:
    """Whether endpoints.go names the endpoint under its service."""
    return any(
        entry.service == endpoint.service and endpoint.name in entry.names
        for entry in registry(tree, path)
    )


def named(comment: Comment) -> str:
    """The name in a commented line (`"deleteTag",`), or "" where it holds something else."""
    text = comment.text.rstrip().rstrip(",").partition(":")[0].strip()
    quoted = len(text) > 2 and text[0] == text[-1] == '"'
    return text[1:-1] if quoted and '"' not in text[1:-1] else ""


def _nested(file: GoFile) -> Iterator[Listed]:
    for value in file.values:
        for entry in value.literal.entries if value.literal else ():
            names = entry.literal.entry(_LIST) if entry.literal else None
            if entry.key and entry.literal and names and names.literal:
                found = tuple(item.value for item in names.literal.entries)
                texts = _texts(entry.literal)
                yield Listed(entry.key, *_titles(entry.key, texts), found, names.literal)


def _flat(file: GoFile) -> Iterator[Listed]:
    value = file.value(_LIST)
    if value is None or value.literal is None:
        return
    everything = [entry.key or entry.value for entry in value.literal.entries]
    comments = [named(comment) for comment in value.literal.comments]
    services = {name.partition("_")[0] for name in [*everything, *comments] if "_" in name}
    known = file.value("ServiceInfoMap")
    titles = (
        {e.key: _texts(e.literal) for e in known.literal.entries} if known and known.literal else {}
    )
    for service in sorted(services):
        prefix = f"{service}_"
        names = tuple(n.removeprefix(prefix) for n in everything if n.startswith(prefix))
        yield Listed(
            service, *_titles(service, titles.get(service, {})), names, value.literal, prefix
        )


def _texts(literal: Literal | None) -> dict[str, str]:
    entries = literal.entries if literal else ()
    return {entry.key: entry.value for entry in entries if entry.key and entry.literal is None}


def _titles(service: str, texts: dict[str, str]) -> tuple[str, str]:
    """The Go name and the file stem; where the file gives none, the service's own name."""
    stem = next((text for key, text in texts.items() if "File" in key), service)
    name = next((text for key, text in texts.items() if "File" not in key), service)
    return name, stem
