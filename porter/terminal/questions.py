"""Asking on a terminal: plain choices by questionary, rules on the review screen."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text

from porter.core.question import Answer, Question, Quit
from porter.errors import UsageError
from porter.terminal.consoles import Consoles
from porter.terminal.review import changes, review


class Person:
    """Somebody at the terminal."""

    def __init__(self, consoles: Consoles) -> None:
        self.consoles = consoles

    def ask(self, questions: tuple[Question, ...]) -> Mapping[str, Answer]:
        """See `Questioner`. Raises `Quit` with the answers so far where the person leaves."""
        taken: dict[str, Answer] = {}
        rules = tuple(q for q in questions if q.review is not None)
        try:
            for key, answer in review(self.consoles, rules):
                taken[key] = answer
            for question in (q for q in questions if q.review is None):
                value = self._one(question)
                if value is not None:
                    taken[question.key] = question.answered(value, "person")
        except (EOFError, Quit) as left_early:
            raise Quit(taken) from left_early
        return taken

    def _one(self, question: Question) -> str | None:
        import questionary

        if question.evidence or question.notes:
            self.consoles.err.print()
        if question.before is not None:
            self.consoles.err.print(changes(question, question.before))
        for place in question.evidence:
            self.consoles.err.print(Text(f"   {place}  {place.text}", "quiet"))
        for note in question.notes:
            self.consoles.err.print(Text(f"   {note}", "quiet"))
        if {choice.value for choice in question.choices} == {"yes", "no"}:
            sure = questionary.confirm(
                question.text, default=question.default == "yes"
            ).unsafe_ask()
            return "yes" if sure else "no"
        if question.choices:
            options = [questionary.Choice(c.label, value=c.value) for c in question.choices]
            chosen = questionary.select(question.text, options, default=question.default)
            return str(chosen.unsafe_ask())
        typed = questionary.text(question.text, default=question.default or "").unsafe_ask()
        return str(typed) or None


class Nobody:
    """No terminal and no word on what to do: the first question stops the walk."""

    def ask(self, questions: tuple[Question, ...]) -> Mapping[str, Answer]:
        """See `Questioner`."""
        if not questions:
            return {}
        first = next((q for q in questions if q.default is not None), questions[0])
        move = "add -y (take defaults) or --no-input (take defaults, leave the rest open)"
        if first.default is None:
            move = f"add --no-input (leave it open), or answer {first.key} with --answers FILE"
        text = f"an answer is needed and there is no terminal: {first.text}"
        raise UsageError(text, next=move)
