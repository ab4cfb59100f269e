"""What porter asks, and who answered. The two kinds of question are the design's fifth decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol

By = Literal["person", "file", "default"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place that says why: file as a person knows it, line from 1, and the text that stands."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to answer: the value that is stored, and what it means."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something porter will not decide silently.

    `default` None makes it an *open* question, left out with `--no-input`; `blocking` says that
    without an answer no code can be written. `key` is unique within an endpoint.
    """

    key: str
    text: str
    default: str | None = None
    choices: tuple[Choice, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    blocking: bool = False
    review: Review | None = None

    @property
    def open(self) -> bool:
        """Whether nobody but a person can answer."""
        return self.default is None

    @property
    def seen(self) -> str:
        """What is asked, in one line: an answer to something else does not count."""
        asked = (self.text, *(f"{e.file}: {e.text}" for e in self.evidence))
        return " | ".join(asked)


@dataclass(frozen=True, slots=True)
class Review:
    """A rule to review: what the review screen shows of it beside its evidence."""

    target: str
    """`DeleteTag.run_id`."""
    type: str
    """The Go type: `*string`."""
    rule: str
    certain: bool
    strict: str | None = None
    siblings: tuple[str, ...] = ()
    python: tuple[str, ...] = ()
    """The Python passages, for `d`."""
    tags: frozenset[str] = frozenset()
    """The tags that may be typed after `e`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer and who gave it; `seen` is what was asked, so that a changed source asks again."""

    value: str
    by: By = "default"
    step: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one endpoint, by question key."""

    given: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}))

    def get(self, key: str) -> Answer | None:
        """The answer of that key, or None."""
        return self.given.get(key)

    def to(self, question: Question) -> Answer | None:
        """The answer to this very question; one given before its evidence changed is none."""
        answer = self.given.get(question.key)
        return answer if answer is not None and answer.seen in ("", question.seen) else None

    def adding(self, new: Mapping[str, Answer]) -> Answers:
        """These answers with `new` over them."""
        return Answers(MappingProxyType({**self.given, **new}))

    def without(self, step: str) -> Answers:
        """These answers less those that were given in `step`."""
        return Answers(MappingProxyType({k: a for k, a in self.given.items() if a.step != step}))


class Questioner(Protocol):
    """Who answers: a terminal, a file, or the defaults."""

    def ask(self, questions: tuple[Question, ...]) -> Mapping[str, Answer]:
        """Answers to some or all of the questions; one left out stays open."""


class Defaults:
    """Answers by default where there is one; open questions stay open. For `--no-input`."""

    def ask(self, questions: tuple[Question, ...]) -> Mapping[str, Answer]:
        """See `Questioner`."""
        return {
            q.key: Answer(q.default, "default", seen=q.seen)
            for q in questions
            if q.default is not None
        }


class DefaultsThen:
    """Takes defaults, and hands open questions on. For `-y`."""

    def __init__(self, rest: Questioner) -> None:
        self.rest = rest

    def ask(self, questions: tuple[Question, ...]) -> Mapping[str, Answer]:
        """See `Questioner`."""
        left = tuple(question for question in questions if question.open)
        return {**Defaults().ask(questions), **(self.rest.ask(left) if left else {})}


class Quit(Exception):
    """The person left the review; `answers` are those given before."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        super().__init__("left the review")
        self.answers = answers
