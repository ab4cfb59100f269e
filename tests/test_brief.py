"""The brief: errors with their exact text, tables, helpers, constants, branches and doubts."""

from __future__ import annotations

import ast

import pytest
import small

from porter.brief import Brief, Section, brief, to_markdown
from porter.source.golang.gonames import go_constants, go_functions
from porter.source.mlflow import index
from porter.source.mlflow.raises import raises
from porter.source.mlflow.reach import reached, store_method
from porter.steps import STEPS


def section(made: Brief, title: str) -> Section:
    return next(part for part in made.sections if part.title == title)


@pytest.fixture(scope="module")
def watered() -> Brief:
    return brief(small.task("waterPlant"))


def test_errors_are_given_to_the_letter_and_in_go(watered: Brief) -> None:
    rows = {row[1]: row for row in section(watered, "Errors").rows}
    assert set(rows) == {
        "No plant {plant_id} at 100%", "The plant {plant.plant_id} is {plant.stage}",
        "Too much water",
    }  # fmt: skip
    code, _, when, place, go = rows["No plant {plant_id} at 100%"]
    assert (code, when) == ("RESOURCE_DOES_NOT_EXIST", "len(plants) == 0")
    assert place.startswith("mlflow/store/tracking/sqlalchemy_store.py:")
    assert go == (
        "contract.NewError(protos.ErrorCode_RESOURCE_DOES_NOT_EXIST, "
        'fmt.Sprintf("No plant %s at 100%%", plantID))'
    )
    assert rows["Too much water"][0] == "INVALID_PARAMETER_VALUE"


FORMS = [
    ('MlflowException("a" + "b")', "INTERNAL_ERROR", "ab", ()),
    ('MlflowException(f"{len(x)} of {y!r}", INVALID_STATE)', "INVALID_STATE", "%d of %s",
     ("len(x)", "y")),
    ('MlflowException("{1} {0} {{}}".format(a, b), error_code=pb.BAD_REQUEST)', "BAD_REQUEST",
     "%s %s {}", ("b", "a")),
    ('MlflowException(f"{ALIVE} is 100%")', "INTERNAL_ERROR", "alive is 100%%", ()),
    ("MlflowException(message=text)", "INTERNAL_ERROR", "%s", ("text",)),
    ("MlflowException(text, code_of(x))", "", "%s", ("text",)),
    ("MlflowException(said(plant_id, why=because(3)))", "INTERNAL_ERROR", "%s: not at %%3",
     ("plant_id",)),
    ("MlflowException(unfit(litres))", "INTERNAL_ERROR", "%s is unfit", ("show(litres, 2)",)),
    ("MlflowException(unfit(litres, 'dry'))", "INTERNAL_ERROR", "%s is unfit: dry",
     ("show(litres, 2)",)),
    ("MlflowException(unfit(litres, why=f'{n} left'))", "INTERNAL_ERROR", "%s is unfit: %s left",
     ("show(litres, 2)", "n")),
    ("MlflowException(unfit(litres, why))", "INTERNAL_ERROR", "%s", ("unfit(litres, why)",)),
]  # fmt: skip


@pytest.mark.parametrize(("call", "code", "text", "values"), FORMS)
def test_every_form_of_an_error(call: str, code: str, text: str, values: tuple[str, ...]) -> None:
    ast.parse(call)
    path = "mlflow/store/tracking/sqlalchemy_store.py"
    source = small.MLFLOW[path].replace('MlflowException("Too much", x)', "")
    source = source.replace('MlflowException.invalid_parameter_value("Too much water")', call)
    source += '\n\ndef said(what, why):\n    """Doc."""\n    return f"{what}: {why}"\n'
    source += "\n\ndef unfit(value, why=None):\n    shown = show(value, 2)\n    if why:\n"
    source += '        return f"{shown} is unfit: {why}"\n    return f"{shown} is unfit"\n'
    source += '\n\ndef because(n):\n    return f"not at %{n}"\n'
    task = small.task("waterPlant", python={path: source})
    start = store_method(task)
    assert start is not None
    (error,) = raises(index(task.mlflow), start)
    assert (error.code, error.format, error.values) == (code, text, values)
    assert error.condition == "litres > MAX_LITRES"


def test_tables_stand_side_by_side(watered: Brief) -> None:
    tables = section(watered, "Tables")
    assert ("plant_id", "ID string", "String(32), primary key, not null") in tables.rows
    assert "Tag lacks in its primary key plant_id." in tables.text


def test_merges_say_whether_the_keys_agree(watered: Brief) -> None:
    (row,) = section(watered, "Writes").rows
    assert (row[0], row[2], row[3]) == ("merge SqlTag", "key, plant_id", "Tag has key")


def test_relations_to_preload() -> None:
    rows = section(brief(small.task("getPlant")), "Preload").rows
    assert rows == (("SqlPlant.tags", "Plant.Tags", "pkg/tracking/store/sql/models/plants.go:10"),)


def test_helpers_and_constants_have_their_go_names(watered: Brief) -> None:
    helpers = {row[0]: row[1] for row in section(watered, "Helpers").rows}
    assert helpers["_check_plant_is_alive"].startswith("checkPlantIsAlive (pkg/")
    constants = {row[0]: row[2] for row in section(watered, "Constants").rows}
    assert constants["ALIVE"].startswith("StageAlive (pkg/")
    assert constants["MAX_LITRES"] == "missing"
    assert constants["INVALID_STATE"] == "protos.ErrorCode_INVALID_STATE"


def test_branches_and_doubts(watered: Brief) -> None:
    branches = {row[0]: row[1] for row in section(watered, "Branches worth a test").rows}
    assert branches["litres > MAX_LITRES"] == "raises"
    doubts = [row[0] for row in section(watered, "Worth challenging").rows]
    assert "a query for each turn of a loop" in doubts
    assert any(text.startswith("TODO: ask the gardener") for text in doubts)


def test_the_place_and_the_model_to_imitate(watered: Brief) -> None:
    where = dict(row[:2] for row in section(watered, "Where").rows)
    assert where["Go store method"] == "WaterPlant: not there yet (store step)"
    assert section(watered, "Imitate").rows[0][0] == "createPlant"


def test_markdown_holds_every_section(watered: Brief) -> None:
    text = to_markdown(watered)
    assert text.startswith("# MlflowService/waterPlant\n\n`POST /garden/plants/{plant_id}/water`\n")
    for part in watered.sections:
        assert f"## {part.title}" in text
    assert text.endswith("\n") and not text.endswith("\n\n")


def test_without_a_store_the_service_method_is_the_work() -> None:
    made = brief(small.task("MlflowService/listArtifacts"))
    where = section(made, "Where")
    assert "calls no store" in where.text
    assert dict(where.rows)["Go service method"] == "not there yet (service step)"


def test_go_names_are_read_once_a_view() -> None:
    tree = small.view()
    assert go_functions(tree) is go_functions(tree)
    assert go_constants(tree)["alive"][0].text == "StageAlive"
    task = small.task("waterPlant")
    start = store_method(task)
    assert start is not None
    assert reached(index(task.mlflow), start) is reached(index(task.mlflow), start)


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("waterPlant", "Nothing to test in Go"),
        ("getPlant", "Nothing to test in Go"),
    ],
)
def test_a_go_test_is_asked_for_only_where_it_would_check_something(
    endpoint: str, said: str
) -> None:
    (section,) = (s for s in brief(small.task(endpoint)).sections if s.title == "Go unit test")
    assert said in section.text
    assert bool(section.rows) == ("Nothing" not in said)


HANDED = """
            plant = self._get_plant(session, plant_id)
            hedges = [SqlHedge(hedge_id=plant.plant_id) for _ in range(2)]
            self._keep(session, [plant, *hedges])
            for tag in self._tags(session):
                session.delete(tag)
            session.merge(plant.plant_id)

    def _tags(self, session):
        return session.query(SqlTag).all() if self.tagged else []

    def _keep(self, session, rows):
        session.add_all(rows)
"""


def test_rows_are_followed_through_helpers() -> None:
    """A name holds what a helper gives back or is handed; an attribute of a row is no row."""
    path = "mlflow/store/tracking/sqlalchemy_store.py"
    lead = "    def water_plant(self, plant_id, litres):\n"
    lead += "        with self.ManagedSessionMaker() as session:"
    before, found, _ = small.MLFLOW[path].partition(lead)
    made = brief(small.task("waterPlant", python={path: before + found + HANDED}))
    wrote = sorted(row[0] for row in section(made, "Writes").rows)
    assert wrote == ["add_all SqlHedge", "add_all SqlPlant", "delete SqlTag"]


STORE_TEST = """
import pytest
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


@pytest.fixture
def store():
    return SqlAlchemyStore("sqlite://")


def test_water(store):
    store.water_plant("1", 2)
"""


def test_the_store_tests_judge_a_port_that_has_no_binding_yet() -> None:
    place = "tests/store/test_store.py"
    suites = {"magefiles/tests.go": f'package main\n\nvar suites = []string{{"{place}"}}\n'}
    task = small.task("waterPlant", suites, python={place: STORE_TEST})
    rows = section(brief(task, STEPS), "Tests that judge it").rows
    assert rows == ((f"{place}::test_water", "store"),)
