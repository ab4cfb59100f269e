"""Every spelling of an endpoint means it; others get the nearest names or the candidates."""

from __future__ import annotations

import pytest
import small

from porter.core.endpoint import Catalog, Endpoint, Field, Message
from porter.errors import UsageError
from porter.source.checkout.layout import discover
from porter.source.protos import catalog
from porter.source.resolve import resolve, resolve_field

CATALOG, LAYOUT = catalog(small.mlflow()), discover(small.view())

SPELLINGS = [
    "waterPlant", "WaterPlant", "water_plant", "water-plant", "WATERPLANT", " waterPlant ",
    "MlflowService/waterPlant", "mlflow-service/water_plant", "TrackingService/WaterPlant",
    "TrackingService.WaterPlant", "POST /garden/plants/{plant_id}/water",
    "post /api/2.0/garden/plants/{plant_id}/water", "/garden/plants/:id/water",
    "/ajax-api/2.0/garden/plants/<plant>/water/", "POST garden/plants/{plant_id}/water?x=1",
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling(text: str) -> None:
    assert resolve(text, CATALOG, LAYOUT).id == "MlflowService/waterPlant"


REFUSED = [
    ("listArtifacts", "means more than one endpoint", "MlflowArtifactsService/listArtifacts"),
    ("waterPlnt", "did you mean waterPlant", "porter status"),
    ("POST /garden/plants/creat", "did you mean POST /garden/plants/create", "porter status"),
    ("GET /garden/plants/create", "there is no endpoint", "porter status"),
    ("openShed", "belongs to ShedService", "MlflowService"),
    ("zzz", "no name comes near it", "porter status"),
    ("", "without a name", "porter status"),
    ("MlflowArtifactsService/waterPlant", "there is no endpoint", "porter status"),
]


@pytest.mark.parametrize(("text", "said", "move"), REFUSED)
def test_what_is_refused_says_what_is_near(text: str, said: str, move: str) -> None:
    with pytest.raises(UsageError) as caught:
        resolve(text, CATALOG, LAYOUT)
    assert said in caught.value.message
    assert move in caught.value.next
    assert caught.value.exit == 2


def test_the_service_makes_it_clear() -> None:
    for service in ("MlflowService", "MlflowArtifactsService"):
        assert resolve(f"{service}/listArtifacts", CATALOG, LAYOUT).service == service


STAKE = Message("mlflow.Stake", "mlflow", (Field("height", 1, "int64"),))
FENCE = Message(
    "mlflow.Fence", "mlflow", (Field("name", 1, "string"),
    Field("stakes", 2, "message", "repeated", STAKE.full_name)),
)  # fmt: skip
BUILD = Endpoint("MlflowService", "buildFence", (), FENCE, STAKE)


@pytest.mark.parametrize("path", ["name", "stakes", "stakes.height"])
def test_a_field_by_its_dotted_path(path: str) -> None:
    assert resolve_field(path, BUILD, Catalog((), {STAKE.full_name: STAKE}, {})) == path


FIELDS_REFUSED = [
    ("nope", "Fence has no field nope", "one of name, stakes"),
    ("", "has no field without a name", "one of name, stakes"),
    ("stakes.width", "Stake has no field width", "one of height"),
    ("name.first", "a field of Fence has no field first", "a field above it"),
]


@pytest.mark.parametrize(("path", "said", "move"), FIELDS_REFUSED)
def test_a_field_that_is_not_there(path: str, said: str, move: str) -> None:
    with pytest.raises(UsageError) as caught:
        resolve_field(path, BUILD, Catalog((), {STAKE.full_name: STAKE}, {}))
    assert said in caught.value.message
    assert move in caught.value.next
