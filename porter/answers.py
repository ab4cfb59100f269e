"""Answers from a file: `porter start EP --answers FILE` replays a review."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from porter.core.question import Answer, Answers, Question, Questioner
from porter.core.step import Step
from porter.core.task import Task
from porter.errors import UsageError

ACCEPT, NONE = "accept", "none"


@dataclass(frozen=True)
class FromFile:
    """Answers what the file names, and hands the rest on.

    A value is the answer itself; for a rule also `accept`, `strict` or `none`.
    """

    path: Path
    given: Mapping[str, str]
    rest: Questioner

    def ask(self, questions: tuple[Question, ...]) -> Mapping[str, Answer]:
        """See `Questioner`. Raises UsageError where an answer is none of the choices."""
        found = {q.key: self._answer(q) for q in questions if q.key in self.given}
        left = tuple(q for q in questions if q.key not in found)
        return {**(self.rest.ask(left) if left else {}), **found}

    def _answer(self, question: Question) -> Answer:
        value = self.given[question.key]
        if question.review is not None:
            value = _rule(value, question)
        allowed = {choice.value for choice in question.choices}
        if allowed and value not in allowed:
            raise UsageError(
                f"{self.path}: {question.key} is {value!r}",
                next=f"one of {', '.join(sorted(allowed))}",
            )
        return question.answered(value, "file")


def read(path: Path, keys: frozenset[str], rest: Questioner) -> FromFile:
    """The answers in a YAML file of `key: value`.

    Raises UsageError where it is none, or where it names a key that is not among `keys`.
    """
    import yaml

    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", next="name a YAML file of `key: value`"
        ) from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(
            f"{path} cannot be read as YAML: {error}", next="write lines of `key: value`"
        ) from error
    if not isinstance(found, dict):
        raise UsageError(f"{path} is no mapping", next="write lines of `key: value`")
    texts = {True: "yes", False: "no", None: ""}
    given = {
        str(k): str(texts.get(v, v) if v in (True, False, None) else v) for k, v in found.items()
    }
    unknown = sorted(set(given) - keys)
    if unknown:
        near = {key: difflib.get_close_matches(key, keys, n=1) for key in unknown}
        meant = [f"{key} → {found[0]}" for key, found in near.items() if found]
        asked = f"what is asked: {', '.join(sorted(keys)) or 'nothing'}"
        raise UsageError(
            f"{path} answers what is not asked: {', '.join(unknown)}",
            next=f"write {', '.join(meant)}" if meant else f"take it out; {asked}",
        )
    return FromFile(path, given, rest)


def keys(tasks: Iterable[Task], steps: Sequence[Step]) -> frozenset[str]:
    """The keys of all questions that were answered, or are asked as the tree is now."""
    found: set[str] = set()
    for task in tasks:
        found |= set(task.answers.given)
        for step in steps:
            if step.waived(task) is None:
                found |= {q.key for q in step.plan(replace(task, answers=Answers())).questions}
    return frozenset(found)


def _rule(value: str, question: Question) -> str:
    assert question.review is not None
    words = {
        ACCEPT: question.review.rule,
        "strict": question.review.strict or question.review.rule,
        NONE: "",
    }
    return words.get(value, value)
