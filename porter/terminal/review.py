"""The review of rules, one by one with their evidence: the second screen of the design."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from porter.core.question import Answer, Question, Quit, Review
from porter.terminal.consoles import Consoles

KEYS = (
    ("a", "accept"),
    ("s", "strict"),
    ("e", "edit"),
    ("n", "none"),
    ("d", "show Python"),
    ("A", "accept all certain"),
    ("q", "save and quit"),
    ("?", "help"),
)
HELP = """\
a  write the rule as shown: the form people use in this checkout
s  write what Python enforces, where that is more than the house form
e  type a rule; it must be made of tags that this checkout registers
n  write no rule for this field; you will not be asked again unless Python changes
d  show the Python passages that the rule comes from
A  accept this and every other rule that Python checks on every path
q  keep the answers given so far and stop; start again to go on"""


def review(consoles: Consoles, questions: tuple[Question, ...]) -> Iterator[tuple[str, Answer]]:
    """Answers in order; raises `Quit` at q. `A` answers every certain rule that is left."""
    accept_certain = False
    for number, question in enumerate(questions, 1):
        rule = question.review
        assert rule is not None
        if accept_certain and rule.certain and question.before is None:
            yield question.key, question.answered(rule.rule, "person")
            continue
        consoles.err.print(card(question, rule, number, len(questions)))
        while (value := _answer(consoles, rule, key := _key())) is None:
            pass
        accept_certain = accept_certain or key == "A"
        yield question.key, question.answered(value, "person")


def card(question: Question, rule: Review, number: int, total: int) -> Text:
    """One rule with all that speaks for and against it."""
    text = Text.assemble(("\n" + rule.target, "bold"), f"  {rule.type}".ljust(40))
    text.append(f"[{number}/{total}]\n", "quiet")
    places = [f"{place.file.rsplit('/', 1)[-1]}:{place.line}" for place in question.evidence]
    last = f"  {question.evidence[-1].text}" if question.evidence else ""
    sure = "certain" if rule.certain else "not certain"
    text.append("  rule      ", "quiet")
    text.append(rule.rule or "(none)", "bold").append(f"   {sure}   ")
    text.append(" → ".join(places), "place").append(last + "\n")
    if rule.siblings:
        text.append("  siblings  ", "quiet").append("; ".join(rule.siblings) + "\n")
    for note in question.notes:
        text.append("  note      ", "quiet").append(note + "\n")
    if rule.strict:
        text.append("  strict    ", "quiet").append(rule.strict + "\n")
    if question.before is not None:
        text.append(changes(question, question.before))
    text.append("> " + "   ".join(f"{key} {name}" for key, name in KEYS))
    return text


def changes(question: Question, before: Answer) -> Text:
    """What is not as it was when the question was answered, and what the answer was."""
    text = Text.assemble(("  before    ", "quiet"), before.value or "(none)", "\n")
    for number, line in enumerate(question.changed):
        text.append("  changed   " if number == 0 else " " * 12, "quiet")
        text.append(line + "\n", "red" if line.startswith("-") else "green")
    return text


def _answer(consoles: Consoles, rule: Review, key: str) -> str | None:
    """The rule that a key stands for, "" for none; None where the key only shows something."""
    match key:
        case "a" | "A":
            return rule.rule
        case "s":
            return rule.strict or rule.rule
        case "n":
            return ""
        case "e":
            return _typed(consoles, rule)
        case "d":
            consoles.err.print(Text("\n".join(rule.python) or "no passage is known"))
        case "q":
            raise Quit({})
        case _:
            consoles.err.print(Text(HELP))
    return None


def _typed(consoles: Consoles, rule: Review) -> str | None:
    import questionary

    typed = str(questionary.text("rule:", default=rule.rule).unsafe_ask()).strip()
    if unknown := rule.unregistered(typed):
        consoles.err.print(Text(f"no such tag here: {', '.join(unknown)}", "red"))
        return None
    return typed


def _key() -> str:
    """One key press, without Enter."""
    from prompt_toolkit.input import create_input
    from prompt_toolkit.keys import Keys

    source = create_input()
    with source.raw_mode():
        while True:
            for press in source.read_keys():
                if press.key in (Keys.ControlC,):
                    raise KeyboardInterrupt
                if press.key == Keys.ControlD or source.closed:
                    raise Quit({})
                return press.data
            _wait(source.fileno())


def _wait(file: int) -> None:
    import select

    select.select([file], [], [])
