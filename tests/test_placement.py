"""Where a port goes: beside the siblings of its noun, or one question with a good default."""

from __future__ import annotations

import pytest
import small

from porter.errors import UsageError
from porter.source.scaffold.nouns import core, exactly, nearness, noun, plural
from porter.source.scaffold.placement import asked, placement, service_file, siblings

NOUNS = [
    ("searchModelVersions", ("model", "version"), "model_versions"),
    ("deleteTag", ("tag",), "tags"),
    ("getExperimentByName", ("experiment", "by", "name"), "experiments"),
    ("setRegisteredModelAlias", ("registered", "model", "alias"), "registered_models"),
    ("logMetrics", ("metric",), "metrics"),
    ("searchRegistries", ("registry",), "registries"),
    ("restore", ("restore",), "restores"),
]


@pytest.mark.parametrize(("name", "words", "stem"), NOUNS)
def test_nouns(name: str, words: tuple[str, ...], stem: str) -> None:
    assert noun(name) == words
    assert plural(core(noun(name))) == stem


def test_nearness_counts_words_from_the_front() -> None:
    assert nearness(noun("setTraceTag"), noun("getTraceInfo")) == 1
    assert nearness(noun("getRun"), noun("getTrace")) == 0
    assert exactly("searchRuns") == "Runs"


def test_siblings_settle_it() -> None:
    where = placement(small.task("waterPlant"))
    assert where.question is None and not where.new_interface
    assert str(where.place) == "plants.go plants.go PlantTrackingStore"
    assert service_file(small.task("waterPlant")) == "pkg/tracking/service/plants.go"
    assert [e.name for e in siblings(small.task("waterPlant"))] == ["createPlant", "getPlant"]


def test_no_sibling_is_one_question_for_all_three_places() -> None:
    task = small.task("pruneHedge")
    where = placement(task)
    assert where.question is not None and where.new_interface
    assert where.question.default == "hedges.go hedges.go HedgeTrackingStore"
    assert [c.value for c in where.question.choices] == [
        "hedges.go hedges.go HedgeTrackingStore", "plants.go plants.go PlantTrackingStore",
    ]  # fmt: skip
    assert asked(task) == (where.question,)


def test_siblings_that_disagree_are_a_question() -> None:
    text = small.TREE["pkg/tracking/service/plants.go"]
    at = text.index("func (ts TrackingService) GetPlant")
    files = {
        "pkg/tracking/service/plants.go": text[:at],
        "pkg/tracking/service/flowers.go": "package service\n\n" + text[at:],
    }
    where = placement(small.task("waterPlant", files))
    assert where.question is not None
    assert "2 different places" in where.question.text
    assert len(where.question.choices) == 2


def test_a_noun_that_stands_for_another_has_its_own_files_where_it_is_a_thing() -> None:
    assert str(placement(small.task("setTag")).place) == "tags.go tags.go RunTrackingStore"


def test_a_service_without_a_store_is_placed_all_the_same() -> None:
    where = placement(small.task("MlflowArtifactsService/listArtifacts"))
    assert str(where.place) == "artifacts.go"
    assert (where.place.sql, where.place.interface) == (None, None)


ANSWERS = [
    ("bushes.go plants.go PlantTrackingStore", "bushes.go plants.go PlantTrackingStore"),
    ("bushes", "bushes.go bushes.go TrackingStore"),
    ("a.go, b.go, Other", "a.go b.go Other"),
]


@pytest.mark.parametrize(("answer", "place"), ANSWERS)
def test_an_answer_decides(answer: str, place: str) -> None:
    where = placement(small.task("pruneHedge", answers={"placement": answer}))
    assert (str(where.place), where.question) == (place, None)


@pytest.mark.parametrize("answer", ["", "a b c d", "Only", "../x.go", "a.go B C"])
def test_an_answer_that_cannot_be_read(answer: str) -> None:
    with pytest.raises(UsageError, match="is no place") as caught:
        placement(small.task("pruneHedge", answers={"placement": answer}))
    assert "answer as in" in caught.value.next


def test_a_service_without_go_code_says_so() -> None:
    files = {"pkg/artifacts/service/service.go": "package service\n"}
    with pytest.raises(UsageError, match="no Go service"):
        placement(small.task("MlflowArtifactsService/listArtifacts", files))
