"""Values: edits, plans, answers, views and the names that Go gives to protos."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porter.core.edits import Edit, apply, newline_of
from porter.core.endpoint import go_camel
from porter.core.plan import Change, Plan, merged
from porter.core.question import Answer, Answers, Choice, Defaults, Evidence, Question
from porter.core.view import Memory, Overlay


@pytest.mark.parametrize(
    ("proto", "go"),
    [
        ("run_id", "RunId"),
        ("key", "Key"),
        ("timestamp_ms", "TimestampMs"),
        ("a1b", "A1B"),
        ("_x", "XX"),
        ("foo__bar", "Foo_Bar"),
        ("x_1", "X_1"),
        ("CreateRun", "CreateRun"),
        ("runID", "RunID"),
        ("a_B", "A_B"),
    ],
)
def test_go_camel(proto: str, go: str) -> None:
    assert go_camel(proto) == go


@pytest.mark.parametrize(
    ("source", "edits", "expected"),
    [
        (b"ab", [Edit(1, 1, b"x")], b"axb"),
        (b"ab", [Edit(1, 2, b""), Edit(0, 1, b"X")], b"X"),
        (b"a\r\nb\r\n", [Edit(3, 3, b"x\n")], b"a\r\nx\r\nb\r\n"),
        (b"a\r\nb\r\n", [Edit(3, 3, b"x\r\n")], b"a\r\nx\r\nb\r\n"),
        (b"", [Edit(0, 0, b"a\n")], b"a\n"),
        (b"same", [], b"same"),
    ],
)
def test_edits(source: bytes, edits: list[Edit], expected: bytes) -> None:
    assert apply(source, edits) == expected


@pytest.mark.parametrize("edits", [[Edit(0, 2, b""), Edit(1, 3, b"")], [Edit(0, 9, b"")]])
def test_edits_that_overlap_or_leave_the_file_are_a_bug(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlap or leave"):
        apply(b"abc", edits)


@given(st.binary(max_size=60), st.integers(0, 60), st.integers(0, 60), st.text(max_size=9))
def test_all_other_bytes_stay(source: bytes, start: int, length: int, text: str) -> None:
    start = min(start, len(source))
    end = min(start + length, len(source))
    after = apply(source, [Edit(start, end, text.encode())])
    assert after.startswith(source[:start])
    assert after.endswith(source[end:])


def test_the_line_ending_is_that_of_the_first_line() -> None:
    assert [newline_of(b) for b in (b"", b"a\nb\r\n", b"a\r\nb\n")] == [b"\n", b"\n", b"\r\n"]


def test_a_diff_says_what_changes_and_how_much() -> None:
    change = Change("a.go", b"one\ntwo\n", b"one\nthree\nfour\n")
    assert change.lines == (2, 1)
    assert change.diff().splitlines()[:2] == ["--- a/a.go", "+++ b/a.go"]
    assert Change("new.go", None, b"x").diff().startswith("--- /dev/null")
    assert "No newline at end of file" in Change("new.go", None, b"x").diff()


def test_plans_over_one_file_merge_into_one_change() -> None:
    first = Plan((Change("a", b"1", b"2"), Change("b", None, b"x")))
    second = Plan((Change("a", b"2", b"3"),))
    assert merged([first, second]) == (Change("a", b"1", b"3"), Change("b", None, b"x"))


def test_an_overlay_shows_the_plan_and_leaves_the_base() -> None:
    base = Memory({"pkg/a.go": b"a", "pkg/sub/b.go": b"b", "c.py": b"c"})
    over = Overlay(base, {"pkg/new.go": b"n", "pkg/a.go": b"A"})
    assert over.read("pkg/a.go") == b"A"
    assert base.read("pkg/a.go") == b"a"
    assert over.files("pkg", ".go") == ("pkg/a.go", "pkg/new.go")
    assert over.files("", ".go", deep=True) == ("pkg/a.go", "pkg/new.go", "pkg/sub/b.go")
    assert over.read("none") is None


def test_an_answer_counts_only_for_what_it_answered() -> None:
    asked = Question("k", "required?", "yes", evidence=(Evidence("h.py", 3, "assert"),))
    moved = Question("k", "required?", "yes", evidence=(Evidence("h.py", 9, "assert"),))
    changed = Question("k", "required?", "yes", evidence=(Evidence("h.py", 3, "assert other"),))
    answers = Answers().adding({"k": Answer("no", "person", seen=asked.seen)})
    assert answers.to(asked) == answers.to(moved) == Answer("no", "person", seen=asked.seen)
    assert answers.to(changed) is None


def test_answers_of_a_step_can_be_forgotten() -> None:
    answers = Answers().adding({"a": Answer("1", step="one"), "b": Answer("2", step="two")})
    assert list(answers.without("one").given) == ["b"]


def test_defaults_answer_what_has_one_and_leave_the_rest_open() -> None:
    questions = (Question("a", "?", "yes", (Choice("yes", "y"),)), Question("b", "?"))
    assert list(Defaults().ask(questions)) == ["a"]
    assert questions[1].open
