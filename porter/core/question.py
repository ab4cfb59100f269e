"""What porter asks, and who answered. The two kinds of question are the design's fifth decision."""

from __future__ import annotations

import difflib
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
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
    facts: tuple[str, ...] = ()
    """What it rests on where that is not its text and evidence; no line numbers."""
    before: Answer | None = None
    """The answer that was given before what the question rests on changed."""
    stands: str = ""
    """What stands in the place of the answer, where there is something."""

    @property
    def open(self) -> bool:
        """Whether nobody but a person can answer."""
        return self.default is None

    @property
    def seen(self) -> str:
        """What the question rests on, in lines: an answer to something else does not count."""
        return "\n".join(self.facts or (self.text, *(f"{e.file}: {e.text}" for e in self.evidence)))

    @property
    def changed(self) -> tuple[str, ...]:
        """What it rests on, `- ` as it was when it was answered and `+ ` as it is."""
        if self.before is None:
            return ()
        old, new = self.before.seen.split("\n"), self.seen.split("\n")
        return tuple(line for line in difflib.ndiff(old, new) if line[:2] in ("- ", "+ "))

    def answered(self, value: str, by: By) -> Answer:
        """The answer, which counts as long as nothing changes that the question rests on."""
        return Answer(value, by, seen=self.seen, over=self.stands)


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
    """The tags that a rule may be made of."""

    def unregistered(self, rule: str) -> tuple[str, ...]:
        """The tags of a rule that nobody registers."""
        return unregistered(rule, self.tags) if rule and self.tags else ()


def unregistered(rule: str, tags: Container[str]) -> tuple[str, ...]:
    """The tags of a rule that are not among these; `max:5` is one tag with a colon in its name."""
    names = (part.split("=", 1)[0] for one in rule.split(",") for part in one.split("|"))
    return tuple(name for name in names if name not in tags)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer and who gave it; `seen` is what was asked, so that a changed source asks again.

    `over` is what stood then, which the answer may take the place of.
    """

    value: str
    by: By = "default"
    step: str = ""
    seen: str = ""
    over: str = ""


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

    def recalled(self, question: Question) -> Question:
        """The question with the answer to what it rested on before, where that has changed.

        Then no default overrules what a person answered.
        """
        answer = self.given.get(question.key)
        if answer is None or self.to(question) is not None:
            return question
        default = question.default if answer.by == "default" else None
        text = f"{question.text} (changed since it was answered)"
        facts = tuple(question.seen.split("\n"))
        return replace(question, text=text, facts=facts, before=answer, default=default)

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
        return {q.key: q.answered(q.default, "default") for q in questions if q.default is not None}


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
