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
