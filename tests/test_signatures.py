"""Store signatures out of fields, handlers and the siblings that stand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
import rpc
import small

from porter.core.endpoint import Catalog
from porter.source.mlflow import index
from porter.source.mlflow.handlers import handler
from porter.source.scaffold.initialisms import exported, local, snake
from porter.source.scaffold.names import method_name
from porter.source.scaffold.siblings import Sibling, error, renamed
from porter.source.scaffold.signatures import Signature, mirror, signature

STORE = "_get_tracking_store()"
ENTITIES = {
    "pkg/entities/tag.go": 'package entities\n\nimport "example.org/garden/pkg/protos"\n\n'
    "type PlantTag struct {\n\tKey string\n}\n\n"
    "func (t PlantTag) ToProto() *protos.PlantTag { return nil }\n"
}


@dataclass(frozen=True)
class Row:
    what: str
    asks: dict[str, str]
    handler: str
    wanted: str
    answers: dict[str, str] = field(default_factory=dict)
    store: str = ""


def text(made: Signature) -> str:
    params = ", ".join(f"{p.name} {p.type}" for p in made.params)
    return f"{made.name}({params}) {' '.join(made.results)}"


def asking(given: str) -> str:
    return f"m = _get_request_message(FindPlant())\n{STORE}.find_plant({given})"


ROWS = [
    Row("scalars", {"plant_id": "string", "size": "int64", "dry": "bool", "share": "double"},
        asking("m.plant_id, m.size, m.dry, m.share"),
        "FindPlant(plantID string, size int64, dry bool, share float64) *contract.Error"),
    Row("a list", {"plant_ids": "*string"}, asking("m.plant_ids"),
        "FindPlant(plantIDs []string) *contract.Error"),
    Row("messages as entities", {"tags": "*PlantTag", "leaf": "Leaf"}, asking("m.tags, m.leaf"),
        "FindPlant(leaf *entities.Leaf, tags []*entities.PlantTag) *contract.Error"),
    Row("an enum as text, with the noun", {"kind": "Kind!"}, asking("m.kind"),
        "FindPlant(plantKind string) *contract.Error"),
    Row("a small entity as its fields", {"key": "string", "value": "string"},
        asking("PlantTag(m.key, m.value)"), "FindPlant(key string, value string) *contract.Error"),
    Row("a constant is not handed on", {"name": "string"}, asking("m.name, None"),
        "FindPlant(name string) *contract.Error"),
    Row("a fallback is one parameter", {"name": "string", "old": "string"},
        asking("m.name or m.old"), "FindPlant(name string) *contract.Error"),
    Row("in the order of the store method", {"a": "string", "b": "string"},
        asking("second=m.b, first=m.a"), "FindPlant(a string, b string) *contract.Error",
        store="def find_plant(self, first, second=None): pass"),
    Row("an entity", {"name": "string"},
        asking("m.name").replace(STORE, f"p = {STORE}")
        + "\nFindPlant.Response(plant=p.to_proto())",
        "FindPlant(name string) *entities.Plant *contract.Error", {"plant": "Plant"}),
    Row("a list and a token", {"name": "string"},
        asking("m.name").replace(STORE, f"p = {STORE}") + "\nr = FindPlant.Response()\n"
        "r.plants.extend([x.to_proto() for x in p])\nif p.token:\n    r.token = p.token",
        "FindPlant(name string) []*entities.Plant string *contract.Error",
        {"plants": "*Plant", "token": "string"}),
    Row("a scalar", {"name": "string"},
        f"m = _get_request_message(FindPlant())\nr = FindPlant.Response()\n"
        f"r.count = {STORE}.find_plant(m.name)",
        "FindPlant(name string) int32 *contract.Error", {"count": "int32"}),
    Row("what no store method answers is the response", {"name": "string"},
        asking("m.name").replace(STORE, f"p = {STORE}")
        + "\nr = FindPlant.Response()\nr.uri = p.info.artifact.uri",
        "FindPlant(name string) *protos.FindPlant_Response *contract.Error", {"uri": "string"}),
    Row("another verb of the noun gives the name", {"name": "string"},
        asking("m.name").replace("find_plant", "seek_plant"),
        "SeekPlant(name string) *contract.Error"),
    Row("another noun does not", {"name": "string"},
        asking("m.name").replace("find_plant", "record_herb"),
        "FindPlant(name string) *contract.Error"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.what)
def test_signature(row: Row) -> None:
    made = signature(
        rpc.task("findPlant", row.asks, row.answers, row.handler, store=row.store, tree=ENTITIES)
    )
    assert made is not None
    assert text(made) == row.wanted


def test_no_store_call_no_signature() -> None:
    assert signature(rpc.task("findPlant", {}, {}, "pass")) is None


def test_without_entities_messages_are_handed_on() -> None:
    handed = asking("m.tags")
    made = signature(
        rpc.task("findPlant", {"tags": "*PlantTag"}, {}, handed,
                 tree={"pkg/entities/plant.go": None})
    )  # fmt: skip
    assert made is not None
    assert text(made) == "FindPlant(tags []*protos.PlantTag) *contract.Error"
    assert made.imports == ("protos",)


def test_a_method_of_another_endpoint_is_not_its_own() -> None:
    made = rpc.task("listPlant", {"name": "string"}, {}, asking("m.name"))
    other = rpc.endpoint("findPlant", {}, {})
    every = Catalog((*made.catalog.endpoints, other), made.catalog.messages, made.catalog.enums)
    assert signature(replace(made, catalog=every)) is None


def test_models_give_named_types_and_pointers() -> None:
    models = """package models

type PlantStage string

type Plant struct {
	Stage PlantStage `gorm:"column:stage"`
	Grown *int64     `gorm:"column:grown"`
}
"""
    asks = {"stage": "string", "grown": "int64"}
    given = 'm.stage, m.grown if m.HasField("grown") else None'
    made = signature(
        rpc.task("movePlant", asks, {}, asking(given).replace("find", "move"),
                 tree={"pkg/tracking/store/sql/models/plants.go": models})
    )  # fmt: skip
    assert made is not None
    assert text(made) == "MovePlant(stage models.PlantStage, grown *int64) *contract.Error"
    assert made.imports == ("models",)


def test_siblings_without_context() -> None:
    store = small.TREE["pkg/tracking/store/store.go"].replace("ctx context.Context, ", "")
    store = store.replace('\t"context"\n\n', "")
    made = signature(
        rpc.task("findPlant", {"name": "string"}, {}, asking("m.name"),
                 tree={"pkg/tracking/store/store.go": store})
    )  # fmt: skip
    assert made is not None and not made.context


def _sibling(name: str, params: dict[str, str], results: tuple[str, ...] = ()) -> Sibling:
    from porter.source.golang import GoParam

    return Sibling(
        name,
        tuple(params),
        tuple(GoParam(go, "string") for go in params.values()),
        (*results, "error"),
    )


def test_the_siblings_name_wins_where_none_has_the_rules_name() -> None:
    made = mirror(rpc.task("findPlant", {"plant_id": "string"}, {}, asking("m.plant_id")))
    assert made is not None
    given = made.arguments
    one = _sibling("getPlant", {"plant_id": "id"})
    assert renamed(given, [one], "Plant")[0].name == "id"
    two = _sibling("dropPlant", {"plant_id": "plantID"})
    assert renamed(given, [one, one, two], "Plant")[0].name == "plantID"


def test_the_likest_siblings_error_type() -> None:
    alike = _sibling("endPlant", {"a": "a", "b": "b"}, ("*X",))
    assert error([alike], {"a", "b"}, ("*X",)) == "error"
    assert error([alike], {"a"}, ("*X",)) is None
    assert error([alike], {"a", "b"}, ("*Y",)) is None


@pytest.mark.parametrize(
    "name,public,own,python",
    [
        ("run_id", "RunID", "runID", "run_id"),
        ("getDownloadUri", "GetDownloadURI", "getDownloadURI", "get_download_uri"),
        ("request_ids", "RequestIDs", "requestIDs", "request_ids"),
        ("timestamp_ms", "TimestampMS", "timestampMS", "timestamp_ms"),
        ("type", "Type", "typeValue", "type"),
        ("startTraceV3", "StartTraceV3", "startTraceV3", "start_trace_v3"),
    ],
)
def test_names(name: str, public: str, own: str, python: str) -> None:
    assert (exported(name), local(name), snake(name)) == (public, own, python)


def test_method_names_need_the_call() -> None:
    made = rpc.task("findPlant", {}, {}, f"{STORE}.find_plant_info()")
    read = handler(index(made.mlflow), made.catalog, made.endpoint)
    assert read is not None and read.call is not None
    assert method_name(made.endpoint, read.call) == "FindPlant"


@pytest.mark.parametrize("stub,wanted", [(True, "plantID"), (False, "id")])
def test_a_stub_is_nobodys_habit(stub: bool, wanted: str) -> None:
    """Several ports go step by step together: what one has as a stub must not change another."""
    said = "waterPlant is not implemented" if stub else "the well is dry"
    water = "WaterPlant(ctx context.Context, id string, litres int64) *contract.Error"
    enabled, declared = "magefiles/generate/endpoints.go", "pkg/tracking/store/store.go"
    sql = "pkg/tracking/store/sql/plants.go"
    made = small.task(
        "setTag",
        {
            enabled: small.TREE[enabled].replace('// "waterPlant"', '"waterPlant"'),
            declared: small.TREE[declared].replace("\t\tGetPlant(", f"\t\t{water}\n\t\tGetPlant("),
            sql: f"{small.TREE[sql]}\nfunc (s TrackingSQLStore) {water} {{\n"
            f'\treturn contract.NewError(protos.ErrorCode_INTERNAL_ERROR, "{said}")\n}}\n',
        },
    )
    found = signature(made)
    assert found is not None and found.params[0].name == wanted
