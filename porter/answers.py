"""Answers from a file: `porter start EP --answers FILE` replays a review."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from porter.core.question import Answer, Answers, Question, Questioner, Review
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
        found = {q.key: self.answer(q) for q in questions if q.key in self.given}
        left = tuple(q for q in questions if q.key not in found)
        return {**(self.rest.ask(left) if left else {}), **found}

    def answer(self, question: Question) -> Answer:
        """What the file says. Raises UsageError where that is no answer to the question."""
        value = self.given[question.key]
        if question.review is not None:
            value = self._rule(value, question.key, question.review)
        allowed = {choice.value for choice in question.choices}
        if allowed and value not in allowed:
            raise UsageError(
                f"{self.path}: {question.key} is {value!r}",
                next=f"one of {', '.join(sorted(allowed))}",
            )
        return question.answered(value, "file")

    def _rule(self, value: str, key: str, review: Review) -> str:
        words = {ACCEPT: review.rule, "strict": review.strict or review.rule, NONE: ""}
        rule = words.get(value, value)
        unknown = review.unregistered(rule)
        if not unknown:
            return rule
        likely = (*words, *review.tags)
        near = [m for tag in unknown for m in difflib.get_close_matches(tag, likely, 1)]
        raise UsageError(
            f"{self.path}: {key} is {rule!r}: nobody registers {', '.join(unknown)} here",
            next=f"write {', '.join(near) or 'accept, strict, none or a rule'}",
        )


def read(path: Path, asked: Mapping[str, Question | None], rest: Questioner) -> FromFile:
    """The answers in a YAML file of `key: value`.

    Raises UsageError where it is none, where it names a key that is not among those `asked`, and
    where an answer is none to its question.
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
    unknown = sorted(set(given) - asked.keys())
    if unknown:
        near = {key: difflib.get_close_matches(key, asked, n=1) for key in unknown}
        meant = [f"{key} → {found[0]}" for key, found in near.items() if found]
        known = f"what is asked: {', '.join(sorted(asked)) or 'nothing'}"
        raise UsageError(
            f"{path} answers what is not asked: {', '.join(unknown)}",
            next=f"write {', '.join(meant)}" if meant else f"take it out; {known}",
        )
    answering = FromFile(path, given, rest)
    for question in (asked[key] for key in given):
        if question is not None:
            answering.answer(question)
    return answering


def asked(tasks: Iterable[Task], steps: Sequence[Step]) -> Mapping[str, Question | None]:
    """All questions by key, as the tree is now; None for one that was answered and is not asked."""
    found: dict[str, Question | None] = {}
    for task in tasks:
        found |= dict.fromkeys(task.answers.given)
        for step in steps:
            if step.waived(task) is None:
                plan = step.plan(replace(task, answers=Answers()))
                found |= {question.key: question for question in plan.questions}
    return found
