"""SQLAlchemy's models beside Gorm's: by table and column, never by the case of a name."""

from __future__ import annotations

import dataclasses

import small

from porter.source.brief.models import pairs, read_relations, touched
from porter.source.checkout.gormmodels import gorm_models, table_name
from porter.source.mlflow import index
from porter.source.mlflow.reach import reached, store_method
from porter.source.mlflow.sqlmodels import models, relations
from porter.source.scaffold.gormscaffold import go_field, model_text
from porter.steps import store

MODELS = "pkg/tracking/store/sql/models/plants.go"


def test_columns_keys_and_lengths_are_read() -> None:
    plant, tag = (models(index(small.mlflow()))[name] for name in ("SqlPlant", "SqlTag"))
    assert (plant.table, plant.primary, tag.primary) == (
        "plants", ("plant_id",), ("key", "plant_id"),
    )  # fmt: skip
    name = plant.columns[1]
    assert (name.name, name.type, name.length, name.nullable) == ("name", "String", 250, False)
    assert [c.nullable for c in tag.columns] == [False, True, False]
    assert tag.columns[2].target == "plants.plant_id"


def test_relations_stand_on_both_sides() -> None:
    tree = index(small.mlflow())
    (tags,) = relations(tree)["SqlPlant"]
    assert (tags.name, tags.model, tags.keys, tags.many) == (
        "tags", "SqlTag", (("plant_id", "plant_id"),), True,
    )  # fmt: skip
    (plant,) = relations(tree)["SqlTag"]
    assert (plant.name, plant.many) == ("plant", False)
    assert [r.name for r in read_relations(tree, models(tree)["SqlPlant"])] == ["tags"]


def test_go_models_by_table() -> None:
    task = small.task("waterPlant")
    assert task.service.store is not None
    found = gorm_models(task.tree, task.service.store)
    assert sorted(found) == ["plants", "tags"]
    plant = found["plants"]
    assert (plant.primary, [r.name for r in plant.relations]) == (("plant_id",), ["Tags"])
    column = plant.column("plant_id")
    assert column is not None and column.name == "ID"


def test_gorm_names_tables_by_the_plural() -> None:
    names = ("ModelVersion", "Alias", "Batch", "Registry", "Day", "InputTag", "RequestMetadata")
    assert [table_name(name) for name in names] == [
        "model_versions", "aliases", "batches", "registries", "days", "input_tags",
        "request_metadata",
    ]  # fmt: skip


def test_a_method_touches_what_its_helpers_touch() -> None:
    task = small.task("waterPlant")
    start = store_method(task)
    assert start is not None
    tree = index(task.mlflow)
    assert [here.name for here in reached(tree, start)] == [
        "water_plant", "_get_plant", "_check_plant_is_alive", "invalid_parameter_value",
    ]  # fmt: skip
    assert [model.table for model in touched(tree, start)] == ["tags", "plants"]


def test_a_key_that_go_lacks_is_said_before_sql_is_written() -> None:
    task = small.task("waterPlant")
    tags, plants = pairs(task)
    assert (tags.missing_keys, tags.extra_keys, plants.missing_keys) == (("plant_id",), (), ())
    after = small.over(task, store.STEP.plan(task).after())
    (finding,) = store.STEP.inspect(after)
    assert (finding.code, finding.severity, finding.file) == ("P420", "warning", MODELS)
    assert "plant_id" in finding.text


def test_columns_that_differ_are_said() -> None:
    text = small.TREE[MODELS].replace("column:stage", "column:state")
    plants = pairs(small.task("waterPlant", {MODELS: text}))[1]
    assert (plants.missing_columns, plants.unknown_columns) == (("stage",), ("state",))


def test_a_scaffold_has_keys_lengths_nulls_and_relations() -> None:
    tree = index(small.mlflow())
    plant, hedge = models(tree)["SqlPlant"], models(tree)["SqlHedge"]
    text, packages = model_text(tree, plant, {}, {"plants": "Plant", "tags": "Tag"})
    assert text.splitlines()[1:] == [
        "type Plant struct {",
        '\tPlantID string `gorm:"column:plant_id;primaryKey;size:32"`',
        '\tName    string `gorm:"column:name;size:250;not null"`',
        '\tStage   string `gorm:"column:stage;size:20"`',
        '\tTags    []Tag  `gorm:"foreignKey:PlantID"`',
        "}",
    ]
    assert packages == ()
    text, packages = model_text(tree, hedge, {}, {"hedge": "Hedge"})
    assert '\treturn "hedge"' in text
    assert packages == ("database/sql",)
    assert go_field("run_uuid") == "RunUUID"


def test_a_relation_takes_the_field_that_stands_on_the_other_side() -> None:
    task = small.task("waterPlant")
    assert task.service.store is not None
    standing = gorm_models(task.tree, task.service.store)
    tag = standing["tags"]
    fields = tuple(
        dataclasses.replace(f, name="Plant") if f.column == "plant_id" else f for f in tag.fields
    )
    tree = index(task.mlflow)
    text, _ = model_text(
        tree, models(tree)["SqlPlant"],
        {"tags": dataclasses.replace(tag, fields=fields)}, {"plants": "Plant"},
    )  # fmt: skip
    assert 'gorm:"foreignKey:Plant;references:PlantID"' in text


def test_a_ported_method_gets_no_model() -> None:
    files = {MODELS: "package models\n"}
    assert store.STEP.plan(small.task("getPlant", files)).empty


def test_a_missing_model_is_made_once_and_noted() -> None:
    task = small.task("pruneHedge")
    plan = store.STEP.plan(task)
    assert "pkg/tracking/store/sql/models/hedge.go" in plan.after()
    assert [note.code for note in plan.notes] == ["P422"]
    assert store.STEP.plan(small.over(task, plan.after())).empty
