"""Go entities: found by type in the checkout, scaffolded where a service method needs one."""

from __future__ import annotations

from dataclasses import replace

import pytest
import rpc
import small

from porter.core.plan import Plan
from porter.core.task import Task
from porter.core.view import Memory
from porter.source.checkout.entities import entities
from porter.source.golang import parses
from porter.source.scaffold.entityscaffold import missing
from porter.source.scaffold.signatures import mirror

STORE = "_get_tracking_store()"
HEAD = 'package entities\n\nimport "example.org/garden/pkg/protos"\n\n'


def planned(made: Task) -> Plan:
    found = mirror(made)
    assert found is not None
    plan = missing(made, found)
    assert all(parses(change.after) for change in plan.changes)
    again = mirror(made.over(plan))
    assert again is not None
    assert missing(made.over(plan), again).empty
    return plan


def asking(kind: str, **tree: str) -> Task:
    files = {f"pkg/entities/{name}.go": HEAD + text for name, text in tree.items()}
    handler = f"m = _get_request_message(FindPlant())\n{STORE}.find_plant(m.it)"
    return rpc.task("findPlant", {"it": kind}, {}, handler, tree=files)


def text(plan: Plan, path: str) -> str:
    return next(c.after.decode() for c in plan.changes if c.path == f"pkg/entities/{path}.go")


def test_conversions_are_found_by_type() -> None:
    code = (
        HEAD + "type Tag struct {\n\tKey string\n}\n\n"
        "func (t *Tag) ToProto() *protos.PlantTag { return nil }\n\n"
        "func Read(one *protos.PlantTag) *Tag { return nil }\n\n"
        "func ReadAll(all []*protos.PlantTag) []*Tag { return nil }\n\n"
        "func Other(name string) *Tag { return nil }\n"
    )
    known = entities(small.view({"pkg/entities/tag.go": code}), "pkg/entities")
    assert known.of("PlantTag") == "Tag"
    one, many = known.conversion("PlantTag"), known.conversion("PlantTag", many=True)
    assert one is not None and one.name == "Read"
    assert many is not None and many.name == "ReadAll"
    assert known.conversion("Plant") is None


def test_a_checkout_without_entities() -> None:
    assert entities(small.view(), None).structs == {}


def test_a_new_entity_with_both_conversions() -> None:
    plan = planned(asking("Leaf"))
    assert [change.path for change in plan.changes] == ["pkg/entities/leaf.go"]
    assert (
        text(plan, "leaf")
        == """package entities

import (
	"example.org/garden/pkg/protos"
)

type Leaf struct {
	Colour string
	Size   int64
	Veins  []string
}

func (l Leaf) ToProto() *protos.Leaf {
	leaf := protos.Leaf{
		Colour: &l.Colour,
		Size:   &l.Size,
		Veins:  l.Veins,
	}

	return &leaf
}

func NewLeafFromProto(proto *protos.Leaf) *Leaf {
	return &Leaf{
		Colour: proto.GetColour(),
		Size:   proto.GetSize(),
		Veins:  proto.GetVeins(),
	}
}
"""
    )


def test_what_python_tells_apart_from_empty_is_a_pointer() -> None:
    made = asking("Leaf")
    leaf = (
        "class Leaf:\n    def from_proto(cls, proto):\n"
        '        return cls(proto.colour if proto.HasField("colour") else None, proto.size)\n'
    )
    python = small.view({"mlflow/entities/__init__.py": leaf}, base=small_text(made))
    code = text(planned(replace(made, mlflow=python)), "leaf")
    assert "type Leaf struct {\n\tColour *string\n\tSize   int64\n" in code
    assert "\t\tColour: l.Colour,\n" in code
    assert "\t\tColour: proto.Colour,\n" in code


def small_text(made: Task) -> dict[str, str]:
    assert isinstance(made.mlflow, Memory)
    return {path: content.decode() for path, content in made.mlflow.contents.items()}


def test_messages_in_messages_and_enums() -> None:
    plan = planned(asking("*Branch"))
    branch = text(plan, "branch")
    assert "type Branch struct {\n\tLeaves []*Leaf\n\tTip    *Leaf\n\tKind   string\n}" in branch
    assert "if value, ok := protos.Kind_value[b.Kind]; ok {" in branch
    assert "\tif b.Tip != nil {\n\t\tbranch.Tip = b.Tip.ToProto()\n\t}" in branch
    assert "leaves = append(leaves, NewLeafFromProto(item))" in branch
    assert "Kind:   proto.GetKind().String()," in branch
    assert "func NewLeafFromProto" in text(plan, "leaf")
    assert [note.text for note in plan.notes] == ["entities.Branch leaves out blob"]


def test_a_standing_entity_gets_what_it_lacks_by_its_fields() -> None:
    struct = "type Leaf struct {\n\tColour *string\n\tSize   int32\n\tVeins  []string\n}\n"
    plan = planned(asking("Leaf", leaf=struct))
    leaf = text(plan, "leaf")
    assert leaf.startswith(HEAD + struct)
    assert "\t\tColour: proto.Colour,\n\t\tVeins:  proto.GetVeins(),\n" in leaf
    assert [note.text for note in plan.notes] == ["entities.Leaf leaves out size"]


@pytest.mark.parametrize(
    "standing,wanted",
    [
        ("func NewPlantFromProto(p *protos.Plant) *Plant { return nil }", "NewLeafFromProto"),
        ("func PlantFromProto(p *protos.Plant) *Plant { return nil }", "func LeafFromProto"),
        ("func NewLeafFromProto(p *protos.PlantTag) *Leaf { return nil }", "func LeafFromProto"),
    ],
)
def test_the_conversions_name_is_the_houses_and_free(standing: str, wanted: str) -> None:
    struct = "type Leaf struct {\n\tColour string\n}\n\n"
    assert wanted in text(planned(asking("Leaf", leaf=struct + standing + "\n")), "leaf")


def test_what_the_store_answers_needs_only_to_proto() -> None:
    handler = f"r = FindPlant.Response(leaf={STORE}.find_plant().to_proto())"
    plan = planned(rpc.task("findPlant", {}, {"leaf": "Leaf"}, handler))
    assert "FromProto" not in text(plan, "leaf")


def test_nothing_is_missing() -> None:
    handler = f"r = FindPlant.Response(plant={STORE}.find_plant().to_proto())"
    assert planned(rpc.task("findPlant", {}, {"plant": "Plant"}, handler)).empty
