"""Decisions of a service method, and whether a text or another method makes the same ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_ASKED = re.compile(r"\binput\s*\.\s*(?:Get)?([A-Z]\w*)")
_VERB = re.compile(r"%[-+# 0-9.]*[a-zA-Z]|\{[^{}]*\}")
_WORD = re.compile(r"[A-Za-z_]{3,}")
_CONDITION = re.compile(r"\bif\b|\bis (?:not )?None\b|[=!]=|\bnot \w")
_SAME = 0.75


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition as it stands, the texts it answers with, and the request's fields it reads."""

    condition: str
    texts: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()


def asked(text: str) -> frozenset[str]:
    """The Go names of the request's fields that an expression reads."""
    return frozenset(_ASKED.findall(text))


def mirrored(branch: Branch, others: Sequence[Branch]) -> bool:
    """Whether one of the other side's branches answers with its text, or asks the same field.

    A branch that reads no field and says nothing must stand there as it is.
    """
    return any(
        other.condition == branch.condition
        or any(told(text, " ".join(other.texts)) for text in branch.texts)
        or (not branch.texts and bool(branch.fields & other.fields))
        for other in others
    )


def named(branch: Branch, brief: str) -> bool:
    """Whether the brief says it: its error text, else a condition on what it asks about."""
    lines = brief.splitlines()
    if branch.texts:
        pairs = [*lines, *(f"{a} {b}" for a, b in pairwise(lines))]
        return any(told(text, line) for text in branch.texts for line in pairs)
    subjects = [_words(field) for field in branch.fields]
    if not subjects:
        local = re.match(r"[!*]?\w+", branch.condition)
        subjects = [_words(local[0].strip("!*"))] if local else []
    return any(
        words <= set(re.findall(r"[a-z]+", name))
        for line in lines
        if _CONDITION.search(line)
        for name in re.findall(r"\w+", line)
        for words in subjects
        if words
    )


def told(text: str, line: str) -> bool:
    """Whether a line holds three quarters of a text's words, what is filled in left out."""
    words = {word.lower() for word in _WORD.findall(_VERB.sub(" ", text))}
    there = {word.lower() for word in _WORD.findall(line)}
    return bool(words) and len(words & there) >= _SAME * len(words)


def _words(name: str) -> set[str]:
    """The words of a Go name in lower case, as a Python name has them."""
    return set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_"))
