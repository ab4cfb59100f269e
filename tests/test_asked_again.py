"""An answered rule is asked again where the Python behind it has changed, and says what changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
import small
from small_mlflow import MLFLOW

from porter.core.question import Answers, By, Defaults, Question
from porter.core.task import Task
from porter.steps import validate
from porter.terminal.review import card

STORE = "mlflow/store/tracking/sqlalchemy_store.py"
RULES = "magefiles/generate/validations.go"
KEY = "validate.WaterPlant_Litres"
HIGHER = {STORE: MLFLOW[STORE].replace("MAX_LITRES = 40", "MAX_LITRES = 60")}
MOVED = {STORE: MLFLOW[STORE].replace("MAX_LITRES = 40", "\n\n\nMAX_LITRES = 40")}
RENAMED = {STORE: MLFLOW[STORE].replace("if litres > MAX_LITRES", "if litres > 40")}


def walked(value: str, by: By = "person") -> Task:
    """A task whose rules were answered so, and written."""
    made = small.task("waterPlant")
    given = {q.key: q.answered(q.default or "", by) for q in validate.plan(made).questions}
    (litres,) = (q for q in validate.plan(made).questions if q.key == KEY)
    given[KEY] = litres.answered(value, by)
    made = replace(made, answers=Answers(given))
    return small.over(made, validate.plan(made).after())


def later(made: Task, python: dict[str, str]) -> Task:
    """The same checkout beside another MLflow."""
    return replace(made, mlflow=small.mlflow(python))


@pytest.mark.parametrize("value", ["omitempty,max=40", ""], ids=["accepted", "rejected"])
@pytest.mark.parametrize("python", [{}, MOVED], ids=["the same", "lines moved"])
def test_not_asked_again(value: str, python: dict[str, str]) -> None:
    plan = validate.plan(later(walked(value), python))
    assert not plan.questions
    assert plan.empty


@pytest.mark.parametrize("value", ["omitempty,max=40", ""], ids=["accepted", "rejected"])
def test_asked_again_with_what_changed(value: str) -> None:
    made = later(walked(value), HIGHER)
    plan = validate.plan(made)
    (question,) = plan.questions
    assert question.changed == (
        "- max 40: if litres > MAX_LITRES:", "+ max 60: if litres > MAX_LITRES:",
    )  # fmt: skip
    assert plan.empty, "until it is answered, what stands stays"
    assert question.default is None, "no default overrules what a person answered"
    assert "changed since it was answered" in question.text
    shown = screen(question)
    assert f"before    {value or '(none)'}" in shown
    assert "changed   - max 40: if litres > MAX_LITRES:" in shown


def test_what_python_says_in_other_words_is_asked_again() -> None:
    (question,) = validate.plan(later(walked(""), RENAMED)).questions
    assert question.changed == (
        "- max 40: if litres > MAX_LITRES:", "+ max 40: if litres > 40:",
    )  # fmt: skip


def test_the_new_answer_is_written_over_the_old_rule_once() -> None:
    made = later(walked("omitempty,max=40"), HIGHER)
    (question,) = validate.plan(made).questions
    given = made.answers.adding({KEY: question.answered("omitempty,max=60", "person")})
    made = replace(made, answers=given)
    plan = validate.plan(made)
    assert '"WaterPlant_Litres":  "omitempty,max=60"' in plan.after()[RULES].decode()
    again = validate.plan(small.over(made, plan.after()))
    assert again.empty
    assert not again.questions


def test_what_a_person_edits_afterwards_stays() -> None:
    made = walked("omitempty,max=40")
    source = (made.tree.read(RULES) or b"").replace(b"max=40", b"max=20")
    plan = validate.plan(small.over(made, {RULES: source}))
    assert plan.empty
    assert not plan.questions


def test_a_default_gives_way_to_the_new_default() -> None:
    made = later(walked("omitempty,max=40", "default"), HIGHER)
    (question,) = validate.plan(made).questions
    assert Defaults().ask((question,))[KEY].value == "omitempty,max=60"


def screen(question: Question) -> str:
    assert question.review is not None
    return card(question, question.review, 1, 1).plain


def held_sometimes() -> Task:
    """A request with a check that holds only under another field's value."""
    handlers = "mlflow/server/handlers.py"
    check = "if request_message.litres and len(request_message.plant_id) > 9:"
    source = MLFLOW[handlers].replace(
        "    _get_tracking_store().water_plant(",
        f"    {check}\n        raise MlflowException('no')\n    _get_tracking_store().water_plant(",
    )
    return small.task("waterPlant", python={handlers: source})


def test_refusing_what_holds_sometimes_keeps_what_always_holds() -> None:
    made = held_sometimes()
    always, sometimes, litres = validate.plan(made).questions
    given = Defaults().ask((always, litres))
    refused = {sometimes.key: sometimes.answered("", "person")}
    plan = validate.plan(replace(made, answers=Answers({**given, **refused})))
    assert '"WaterPlant_PlantId": "required"' in " ".join(plan.after()[RULES].decode().split())


def test_what_holds_sometimes_stays_open_and_is_written_over_the_rule() -> None:
    made = held_sometimes()
    always, sometimes, litres = validate.plan(made).questions
    key = "validate.WaterPlant_PlantId.sometimes"
    assert (sometimes.key, sometimes.default) == (key, None)
    given = Defaults().ask((always, sometimes, litres))
    made = replace(made, answers=Answers(given))
    made = small.over(made, validate.plan(made).after())
    (left,) = validate.plan(made).questions
    assert (left.key, left.stands) == (key, "required")
    made = replace(
        made, answers=made.answers.adding({key: left.answered("required,max=9", "file")})
    )
    plan = validate.plan(made)
    assert '"WaterPlant_PlantId": "required,max=9"' in plan.after()[RULES].decode()
    again = validate.plan(small.over(made, plan.after()))
    assert again.empty
    assert not again.questions
