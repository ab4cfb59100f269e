"""Corrections of an entity that stand in a binding are made again where it is answered again."""

from __future__ import annotations

import ast
import textwrap

import pytest
import small

from porter.source.scaffold.corrections import corrected

PLACE = "garden_go/store/tracking.py"
CORRECTS = """
def get_plant(self, name):
    response = self.service.call_endpoint(get_lib().TrackingServiceGetPlant, request)
    entity = Plant.from_proto(response.plant)
    if entity.note == "":
        entity.note = None
    return entity
"""
ANSWER = "request = 1\nreturn Plant.from_proto(response.found)"
DONE = """request = 1
entity = Plant.from_proto(response.found)
if entity.note == '':
    entity.note = None
return entity"""


@pytest.mark.parametrize(
    ("standing", "answer", "wanted"),
    [
        pytest.param(CORRECTS, ANSWER, DONE, id="the same entity"),
        pytest.param(CORRECTS, ANSWER.replace("Plant.", "Bed."), None, id="another entity"),
        pytest.param(CORRECTS, "return response.plant", None, id="no entity"),
        pytest.param(CORRECTS.replace('""', "response.kind"), ANSWER, None, id="asks the answer"),
        pytest.param(CORRECTS.replace('""', "name"), ANSWER, None, id="asks a parameter"),
        pytest.param("", ANSWER, None, id="nobody corrects it"),
    ],
)
def test_corrections_are_followed(standing: str, answer: str, wanted: str | None) -> None:
    source = small.TREE[PLACE] + textwrap.indent(standing, "    ")
    rows = corrected(small.task("waterPlant", {PLACE: source}), ast.parse(answer).body)
    assert ast.unparse(ast.Module(rows, [])) == ast.unparse(ast.parse(wanted or answer))


ENTITY = """
class Plant:
    @property
    def note(self):
        return self._note

    SETTER
    def note(self, note):
        self._note = note

    @classmethod
    def from_proto(cls, proto):
        note = proto.note if proto.HasField("note") else None
        return cls(proto.plant_id, litres=LITRES, note=note)

    def to_proto(self):
        proto = ProtoPlant()
        proto.litres = self.litres or 0
        return proto
"""
BACK = """entity = Plant.from_proto(response.plant)
if entity.litres == 0:
    entity.litres = None
return entity"""
NAMED = BACK.replace("litres == 0", "name == ''").replace("litres", "name")


@pytest.mark.parametrize(
    ("litres", "go", "wanted"),
    [
        pytest.param("proto.litres", "", BACK, id="to_proto writes 0 for None"),
        pytest.param("proto.litres or None", "", None, id="from_proto sets it back itself"),
        pytest.param("1", "Name", NAMED, id="the Go entity holds a plain string"),
    ],
)
def test_a_none_that_is_lost_on_the_way_is_set_back(
    litres: str, go: str, wanted: str | None
) -> None:
    python = ENTITY.replace("LITRES", litres).replace("SETTER", "@note.setter")
    python = python.replace("note", "name") if go else python
    answer = "return Plant.from_proto(response.plant)"
    made = small.task("getPlant", {}, python={"mlflow/entities/__init__.py": python})
    rows = corrected(made, ast.parse(answer).body)
    assert ast.unparse(ast.Module(rows, [])) == ast.unparse(ast.parse(wanted or answer))


def test_what_cannot_be_set_is_left() -> None:
    python = ENTITY.replace("LITRES", "1").replace("SETTER", "@note.getter").replace("note", "name")
    made = small.task("getPlant", {}, python={"mlflow/entities/__init__.py": python})
    rows = ast.parse("return Plant.from_proto(response.plant)").body
    assert corrected(made, rows) == rows
