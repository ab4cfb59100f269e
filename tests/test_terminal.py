"""Screens as text: rows, findings, diffs, the review card."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from porter.core.command import Command
from porter.core.finding import Finding
from porter.core.question import Evidence, Question, Review
from porter.core.report import Cell, Row
from porter.errors import UsageError
from porter.terminal.consoles import THEME, Consoles
from porter.terminal.findings import show_end
from porter.terminal.questions import Nobody
from porter.terminal.review import card
from porter.terminal.walk import WalkScreen, coloured, row_text

REVIEW = Review(
    "DeleteTag.run_id", "*string", "required", True, "notEmpty,required",
    ("LogMetric required",), ("def _delete_tag(): ...",),
    frozenset({"required", "notEmpty", "max"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (Cell("ok", "214 ran"), " 7 unit_tests    ok         214 ran"),
        (Cell("ok", "", 2), " 7 unit_tests    ok, 2 open"),
        (Cell("wait"), " 7 unit_tests    wait"),
    ],
)
def test_rows(cell: Cell, expected: str) -> None:
    assert row_text(Row(7, "unit_tests", cell)).plain == expected


@pytest.mark.parametrize(
    ("rule", "unknown"),
    [
        ("required", ()),
        ("notEmpty,max=3", ()),
        ("max:3", ("max:3",)),
        ("required,runId|max=2", ("runId",)),
    ],
)
def test_typed_rules_are_made_of_registered_tags(rule: str, unknown: tuple[str, ...]) -> None:
    assert REVIEW.unregistered(rule) == unknown


def test_the_review_card_shows_rule_certainty_evidence_siblings_and_strict() -> None:
    question = Question(
        "rule:DeleteTag_RunId", "?", "required", review=REVIEW, notes=('Python also rejects ""',),
        evidence=(Evidence("mlflow/server/handlers.py", 960, "[_assert_required]"),),
    )  # fmt: skip
    text = card(question, REVIEW, 1, 2).plain
    for part in ("DeleteTag.run_id", "*string", "[1/2]", "certain", "handlers.py:960",
                 "[_assert_required]", "LogMetric required", 'rejects ""', "notEmpty,required",
                 "A accept all certain"):  # fmt: skip
        assert part in text


def test_markup_in_a_diff_is_text() -> None:
    out = io.StringIO()
    Console(file=out, theme=THEME, highlight=False).print(coloured("+a[bold]b[/bold]\n"))
    assert out.getvalue() == "+a[bold]b[/bold]\n"


def test_commands_beside_each_other_share_the_last_line() -> None:
    """A terminal has one: two spinners would write over each other."""
    err = Console(file=io.StringIO(), theme=THEME, force_terminal=True)
    screen = WalkScreen(Consoles(err, err, interactive=True), Nobody())
    with screen.running(Command(("one",))) as one, screen.running(Command(("other",))) as other:
        assert screen.status is not None
        shown = []
        for sink, line in ((one, "a"), (other, "b")):
            sink(line)
            shown.append(str(screen.status.status).strip())
    assert shown == ["a", "b"]
    assert screen.status is None


@pytest.mark.parametrize(
    ("errors", "warnings", "said"),
    [
        (0, 0, "clean (exit 0)"),
        (1, 0, "1 error, 0 warnings (exit 1)"),
        (2, 1, "2 errors, 1 warning (exit 1)"),
    ],
)
def test_the_end_counts_in_words(errors: int, warnings: int, said: str) -> None:
    found = [Finding("P001", "x")] * errors + [Finding("P002", "y", severity="warning")] * warnings
    out = io.StringIO()
    show_end(Console(file=out, theme=THEME), found, min(errors, 1), ["porter status"])
    assert said in out.getvalue()


@pytest.mark.parametrize(
    ("defaults", "move"),
    [((None, "yes"), "add -y"), (("yes",), "add -y"), ((None,), "answer key0 with --answers FILE")],
)
def test_without_a_terminal_the_move_is_one_that_helps(
    defaults: tuple[str | None, ...], move: str
) -> None:
    asked = tuple(Question(f"key{n}", "what?", default) for n, default in enumerate(defaults))
    with pytest.raises(UsageError) as caught:
        Nobody().ask(asked)
    assert move in caught.value.next
    assert "--no-input" in caught.value.next
