"""What an endpoint is about: its noun, and how near two endpoints are by it."""

from __future__ import annotations

from collections.abc import Sequence

from porter.source.scaffold.initialisms import words_of

Noun = tuple[str, ...]
"""The words after the verb, the last in the singular: `searchModelVersions` → model, version."""


def noun(name: str) -> Noun:
    """The noun of an endpoint's name; a name of one word is its own noun."""
    words = words_of(name)
    return tuple(singular(word) for word in (words[1:] or words))


def nearness(one: Noun, other: Noun) -> int:
    """How many words two nouns share from the front (`TraceTag` and `TraceInfo`: 1)."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def core(found: Noun) -> Noun:
    """The noun without what is only an attribute of it: its tag, alias, or how it is looked up."""
    words = list(found)
    if "by" in words[1:]:
        words = words[: words.index("by", 1)]
    while len(words) > 1 and words[-1] in ("tag", "alias"):
        words.pop()
    return tuple(words)


def exactly(name: str) -> str:
    """The words after the verb as the name has them: `searchRuns` → `Runs`."""
    return camel(words_of(name)[1:] or words_of(name))


def plural(found: Noun) -> str:
    """The file stem for a noun: `model_versions`, `registries`."""
    last = found[-1]
    many = f"{last[:-1]}ies" if last.endswith("y") and last[-2:-1] not in "aeiou" else f"{last}s"
    return "_".join((*found[:-1], many))


def camel(words: Sequence[str]) -> str:
    """The noun as a Go name: `ModelVersion`."""
    return "".join(word.capitalize() for word in words)


def singular(word: str) -> str:
    """A word in the singular, by the endings that endpoint names have."""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith("s") and not word.endswith(("ss", "us", "as", "is")):
        return word[:-1]
    return word
