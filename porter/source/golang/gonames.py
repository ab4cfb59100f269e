"""All names that the hand-written Go of a checkout declares: functions, constants, variables."""

from __future__ import annotations

import functools

from porter.core.question import Evidence
from porter.core.view import View
from porter.source.checkout.headers import is_generated
from porter.source.golang import parse
from porter.source.golang.gofiles import gofiles
from porter.source.protos import spelled

Places = dict[str, tuple[Evidence, ...]]


@functools.lru_cache(maxsize=4)
def go_functions(tree: View) -> Places:
    """All hand-written Go functions and methods by their name without case."""
    found: dict[str, list[Evidence]] = {}
    for path in _written(tree):
        file = parse(tree, path)
        for f in file.functions:
            found.setdefault(spelled(f.name), []).append(Evidence(path, f.line, f.name))
    return {name: tuple(places) for name, places in found.items()}


@functools.lru_cache(maxsize=4)
def go_constants(tree: View) -> Places:
    """All hand-written Go constants and variables by their value as it stands."""
    found: dict[str, list[Evidence]] = {}
    for path in _written(tree):
        for value in parse(tree, path).values:
            if value.text and value.literal is None:
                text = value.text.replace("_", "") if value.text[:1].isdigit() else value.text
                found.setdefault(text, []).append(Evidence(path, value.line, value.name))
    return {text: tuple(places) for text, places in found.items()}


def _written(tree: View) -> list[str]:
    files = gofiles(tree)
    return [path for path in files.paths if not is_generated(files.content(path))]
