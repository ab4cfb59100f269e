"""Constraints as tags, a rule as a question, and the tags that a checkout registers."""

from __future__ import annotations

from dataclasses import replace

import asking
import pytest
import small

from porter.core.constraint import Constraint
from porter.core.endpoint import Field
from porter.core.question import Answer, unregistered
from porter.core.view import Memory, Overlay
from porter.errors import SourceError
from porter.infer import HOUSE
from porter.source.rules import BY_TYPE, NO_TAG, propose
from porter.source.rules.ruletags import alike, written
from porter.source.rules.standing import standing, with_rules, without
from porter.source.rules.validators import Tags, tags
from porter.steps import validate

TEXT = Field("name", 1, "string")
LIST = Field("ids", 2, "string", "repeated")
COUNT = Field("count", 3, "int64")
SIZE = Field("size", 4, "int64", default="5")

TABLE = [
    (TEXT, [("required", None)], "required", "notEmpty,required"),
    (TEXT, [("max_length", 5)], "omitempty,max=5", "omitempty,max=5"),
    (TEXT, [("required", None), ("max_length", 5)], "required,max=5", "notEmpty,required,max=5"),
    (
        TEXT,
        [("path_unique", None), ("charset", r"^[/\w.\- :]*$"), ("required", None)],
        "required,validMetricParamOrTagName,pathIsUnique",
        "notEmpty,required,validMetricParamOrTagName,pathIsUnique",
    ),
    (
        TEXT,
        [("numeric_string", None), ("required", None)],
        "stringAsInteger",
        "notEmpty,required,stringAsInteger",
    ),
    (TEXT, [("truncate", 9)], "omitempty,truncate=9", "omitempty,truncate=9"),
    (TEXT, [("one_of", ("a", "b"))], "omitempty,oneof=a b", "omitempty,oneof=a b"),
    (TEXT, [("non_empty", None)], "omitempty,notEmpty", "omitempty,notEmpty"),
    (COUNT, [("min", 1), ("max", 9)], "positiveNonZeroInteger,max=9", None),
    (SIZE, [("min", 1), ("max", 9)], "omitempty,positiveNonZeroInteger,max=9", None),
    (COUNT, [("min", 0)], "omitempty,min=0", None),
    (LIST, [("required", None), ("max_items", 3)], "required,max=3", None),
    (LIST, [("max_items", 3), ("max_length", 7)], "max=3,dive,max=7", None),
    (LIST, [("non_empty", None)], "min=1", None),
]


@pytest.mark.parametrize(("field", "kinds", "house", "strict"), TABLE)
def test_tags(field: Field, kinds: list[tuple], house: str, strict: str | None) -> None:
    constraints = [Constraint(field.name, kind, value) for kind, value in kinds]
    made = written(field, constraints, None, HOUSE)
    assert made.house == house
    assert made.strict == (strict or house)
    assert not made.unwritten


BARE = [
    ([("required", None)], "required,min=1"),
    ([("required", None), ("non_empty", None)], "required,min=1"),
    ([("required", None), ("max_length", 5)], "required,min=1,max=5"),
]


@pytest.mark.parametrize(("kinds", "strict"), BARE)
def test_the_empty_text_is_refused_without_a_tag_of_the_house(
    kinds: list[tuple], strict: str
) -> None:
    made = written(TEXT, [Constraint("name", kind, value) for kind, value in kinds], None, Tags())
    assert made.strict == strict


def test_what_no_tag_says_is_left_out() -> None:
    other = Constraint("name", "other")
    made = written(TEXT, [other], None, HOUSE)
    assert (made.house, made.unwritten) == ("", (other,))


SOMETIMES = [
    ([], [("required", None)], "", "required"),
    ([], [("max_length", 3)], "", "omitempty,max=3"),
    ([("required", None)], [("max_length", 3)], "required", "required,max=3"),
    ([("max_length", 9)], [("max_length", 3)], "omitempty,max=9", "omitempty,max=3"),
    ([("max_length", 9)], [("string", None)], "omitempty,max=9", None),
    ([("max_length", 9)], [("other", None)], "omitempty,max=9", None),
]


@pytest.mark.parametrize(("always", "later", "house", "sometimes"), SOMETIMES)
def test_what_another_field_decides_is_a_rule_of_its_own(
    always: list[tuple], later: list[tuple], house: str, sometimes: str | None
) -> None:
    constraints = [Constraint("name", kind, value) for kind, value in always]
    constraints += [Constraint("name", kind, value, conditional=True) for kind, value in later]
    made = written(TEXT, constraints, None, HOUSE)
    assert made.house == house
    assert (made.sometimes.house if made.sometimes else None) == sometimes
    assert [c.kind for c in made.unwritten] == [k for k, _ in later if k == "other"]


@pytest.mark.parametrize(
    ("pattern", "tag"),
    [
        (r"^[/\w.\- :]*$", "validMetricParamOrTagName"),
        (r"^[a-zA-Z0-9][\w\-]{0,255}$", "runId"),
        (r"^[\w\-]*$", None),
        (r"^[a-zA-Z0-9][\w\-]{0,63}$", None),
    ],
)
def test_a_pattern_is_matched_by_what_it_allows(pattern: str, tag: str | None) -> None:
    assert alike(pattern, HOUSE) == tag


def test_nested_rules_get_their_own_keys_and_a_dive() -> None:
    body = """
    def _ask():
        request = _get_request_message(Ask(), schema={"labels": [_assert_map_key_present]})
        for note in request.notes:
            if len(note.key) > 4:
                raise MlflowException("long")
            if note.key.lower() == "no":
                raise MlflowException("reserved")
    """
    found, endpoint, known = asking.asked(asking.tree(body))
    proposal = propose(found, endpoint, known, HOUSE)
    assert {r.key: r.rule for r in proposal.rules} == {
        "Ask_Notes": "dive",
        "Note_Key": "omitempty,max=4",
        "Ask_Labels": "dive,keys,required,endkeys",
    }
    assert [n.code for n in proposal.notes] == [NO_TAG]


def test_a_check_under_another_field_is_an_open_question_of_its_own() -> None:
    body = """
    def _ask():
        request = _get_request_message(Ask(), schema={"name": [_assert_required]})
        if request.flag and len(request.name) > 5:
            raise MlflowException("long")
        if request.flag and request.count > 9:
            raise MlflowException("many")
    """
    found, endpoint, known = asking.asked(asking.tree(body))
    proposal = propose(found, endpoint, known, HOUSE)
    assert [(r.key, r.rule, r.certain) for r in proposal.rules] == [
        ("Ask_Name", "required", True),
        ("Ask_Count", "omitempty,max=9", False),
    ]
    assert [(r.key, r.rule, r.certain) for r in proposal.sometimes] == [
        ("Ask_Name", "required,max=5", False)
    ]
    assert [n.code for n in proposal.notes] == ["P313", "P313"]


OPTIONAL = [
    ("int(request.name)", "stringAsInteger"),
    ("int(request.name) if request.name else 0", "omitempty,stringAsInteger"),
    ("_asked(request.name)", "runId"),
    ("_asked(request.name) if request.name else 0", "omitempty,runId"),
    ("_named(request.name)", "omitempty,validMetricParamOrTagName"),
]


@pytest.mark.parametrize(("call", "rule"), OPTIONAL)
def test_what_refuses_the_empty_text_is_not_optional(call: str, rule: str) -> None:
    body = f"""
    def _asked(name):
        if not re.match(r"^[a-zA-Z0-9][\\w\\-]{{0,255}}$", name):
            raise MlflowException("no")

    def _named(name):
        if not re.match(r"^[/\\w.\\- ]*$", name):
            raise MlflowException("no")

    def _ask():
        request = _get_request_message(Ask(), schema={{}})
        try:
            {call}
        except ValueError:
            raise MlflowException("no number")
    """
    found, endpoint, known = asking.asked(asking.tree(body))
    assert [r.rule for r in propose(found, endpoint, known, HOUSE).rules] == [rule]


def test_what_the_type_enforces_is_said_not_asked() -> None:
    body = 'def _ask():\n    _get_request_message(Ask(), schema={"name": [_assert_string]})\n'
    found, endpoint, known = asking.asked(asking.tree(body))
    proposal = propose(found, endpoint, known, HOUSE)
    assert not proposal.rules
    assert [n.code for n in proposal.notes] == [BY_TYPE]


def test_the_tags_of_a_checkout() -> None:
    source = b"""package validation

var words = regexp.MustCompile(`^[a-z]*$`)

func whole(fl FieldLevel) bool {
	_, err := strconv.Atoi(fl.Field().String())
	return err == nil
}

func New(v *Validate) {
	if err := v.RegisterValidation("word", regexValidation(words)); err != nil {
		return
	}
	v.RegisterValidation("whole", whole)
}
"""
    found = tags(Memory({"v.go": source}), "v.go")
    assert found.registered == {"word", "whole"}
    assert found.patterns == {"word": "^[a-z]*$"}
    assert "Atoi" in found.bodies["whole"]
    assert unregistered("required,word,max=3,max:3,nope", found.all) == ("max:3", "nope")
    assert tags(Memory({}), "v.go") == Tags()


def test_a_question_has_evidence_siblings_and_a_default_only_where_it_is_certain() -> None:
    question, litres = validate.plan(small.task("waterPlant")).questions
    assert litres.default == "omitempty,max=40"
    review = question.review
    assert review is not None
    assert question.default == "required"
    assert (review.target, review.type, review.rule) == (
        "WaterPlant.plant_id",
        "*string",
        "required",
    )
    assert review.strict == "notEmpty,required"
    assert review.siblings == ("required (1 of 1)",)
    assert any('""' in note for note in question.notes)
    assert question.evidence[0].file.endswith("handlers.py")
    assert any("_assert_required" in line for line in review.python)


def test_what_required_lacks_is_said_without_a_tag_of_the_house() -> None:
    task = small.task("waterPlant")
    path = task.layout.validation_tags or ""
    bare = (task.tree.read(path) or b"").replace(b'"notEmpty"', b'"other"')
    task = replace(task, tree=Overlay(task.tree, {path: bare}))
    question = next(q for q in validate.plan(task).questions if q.default == "required")
    assert question.review is not None
    assert question.review.strict == "required,min=1"
    assert any('""' in note for note in question.notes)


def test_an_answer_to_other_python_asks_again() -> None:
    task = small.task("waterPlant")
    question, _ = validate.plan(task).questions
    for seen, open_ in ((question.seen, 1), ("something else", 2)):
        answers = task.answers.adding({question.key: Answer("", "person", seen=seen)})
        assert len(validate.plan(replace(task, answers=answers)).questions) == open_


def test_strict_is_the_default_where_it_is_asked_for() -> None:
    question, _ = validate.plan(replace(small.task("waterPlant"), strict=True)).questions
    assert question.default == "notEmpty,required"


def test_rules_are_written_in_place_and_taken_out() -> None:
    rows = (b'\t"A_B":   "max=1",', b'\t"C_Dee": "max=2",', b"}\n")
    source = b"\n".join((b"package p\n\nvar rules = map[string]string{", *rows))
    found = standing(Memory({"v.go": source}), "v.go")
    after = with_rules(found, [("A_B", "max=3"), ("A_E", "max=4")])
    assert after.decode().splitlines()[3:6] == [
        '\t"A_B":   "max=3",',
        '\t"A_E":   "max=4",',
        '\t"C_Dee": "max=2",',
    ]
    assert b"C_Dee" not in without(found, ["C_Dee"])


def test_a_file_without_rules_is_refused() -> None:
    with pytest.raises(SourceError, match="no map") as caught:
        standing(Memory({"v.go": b"package p\n\nvar rules = 1\n"}), "v.go")
    assert caught.value.next
