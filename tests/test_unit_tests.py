"""The Go test that porter writes: for which methods, with which rows, once and never again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
import rpc

from porter.core.plan import Plan
from porter.core.question import Answer
from porter.core.task import Task
from porter.source.golang import parses
from porter.steps import service, store, unit_tests

FAKE = "_get_tracking_store()"
TEST = "pkg/tracking/service/plants_test.go"
MOCKERY = """dir: "{{ .InterfaceDir }}"
with-expecter: true
packages:
  example.org/garden/pkg/tracking/store:
    interfaces:
      TrackingStore:
"""
POINTERS = "package utils\n\nfunc PtrTo[T any](v T) *T {\n\treturn &v\n}\n"
TREE: dict[str, str] = {".mockery.yaml": MOCKERY, "pkg/utils/pointers.go": POINTERS}
FALLBACK = f"m = _get_request_message(FindPlant())\n{FAKE}.find_plant(m.name or m.old)"
PLAIN = f"m = _get_request_message(FindPlant())\n{FAKE}.find_plant(m.name)"
NAMES = {"name": "string", "old": "string"}


def walked(handler: str, asks: dict[str, str], tree: dict[str, str], **more: object) -> Task:
    """The task behind the steps service and store."""
    made = rpc.task("findPlant", asks, more.pop("answers", {}), handler, tree=tree, **more)  # type: ignore[arg-type]
    for step in (service.STEP, store.STEP):
        made = made.over(step.plan(made))
    return made


def written(task: Task) -> str:
    """The test that is planned, parsed and planned once; "" for none."""
    plan = unit_tests.STEP.plan(task)
    if not plan.changes:
        return ""
    (change,) = plan.changes
    assert parses(change.after)
    assert unit_tests.STEP.plan(task.over(plan)) == Plan()
    return change.after.decode()


@dataclass(frozen=True)
class Row:
    what: str
    asks: dict[str, str]
    handler: str
    has: tuple[str, ...]
    answers: dict[str, str] = field(default_factory=dict)
    store: str = ""
    tree: dict[str, str] = field(default_factory=dict)


def asking(given: str, rest: str = "", result: str = "") -> str:
    lead = f"{result} = " if result else ""
    return f"m = _get_request_message(FindPlant())\n{lead}{FAKE}.find_plant({given})\n{rest}"


ROWS = [
    Row("a fallback: each field alone, and both", NAMES, FALLBACK, (
        '\t\t\tinput:      &protos.FindPlant{Name: utils.PtrTo("name")},\n'
        '\t\t\twantedName: "name",\n',
        'FindPlant{Old: utils.PtrTo("old")},\n\t\t\twantedName: "old",\n',
        'Name: utils.PtrTo("name"), Old: utils.PtrTo("old")},\n\t\t\twantedName: "name",\n',
        "FindPlant(context.Background(), scenario.wantedName).Return(failure)",
    )),
    Row("without PtrTo protobuf's own functions point", NAMES, FALLBACK, (
        'proto.String("name")', '"google.golang.org/protobuf/proto"',
    ), tree={"pkg/utils/pointers.go": "package utils\n"}),
    Row("an enum, set and unset", {"kind": "Kind!"},
        asking('m.kind if m.HasField("kind") else None'), (
        'Kind: protos.Kind_BROWN.Enum()}, plantKind: "BROWN"',
        '{name: "no kind", input: &protos.FindPlant{}, plantKind: ""}',
    )),
    Row("messages, by the fields that their conversion takes as they are", {"tags": "*PlantTag"},
        asking("m.tags"), (
        '[]*protos.PlantTag{{Key: utils.PtrTo("key"), Value: utils.PtrTo("value")}}',
        '[]*entities.PlantTag{{Key: "key", Value: "value"}}',
        "[]*entities.PlantTag{},", '"no tags"',
    )),
    Row("messages, by their conversion where it does more", {"tags": "*PlantTag"},
        asking("m.tags"), (
        "entities.TagOf(&protos.PlantTag{",
    ), tree={"pkg/entities/tag.go": """package entities

type PlantTag struct {
	Key string
}

func TagOf(tag *protos.PlantTag) *PlantTag {
	if tag == nil {
		return nil
	}

	return &PlantTag{Key: tag.GetKey()}
}
"""}),
    Row("refusals: the first request that meets each check and none before it", {"name": "string"},
        PLAIN, (
        "func TestFindPlantWithoutStore(",
        '"No name."', "\"Bad name '1'.\"",
        'input:    &protos.FindPlant{Name: utils.PtrTo("1")},',
        "ts := TrackingService{Store: store.NewMockTrackingStore(t)}",
    ), store="def find_plant(self, name):\n    _validate_name(name)\n"),
    Row("numbers and fields that may be unset", {"size": "int64", "ids": "*string"},
        asking('m.size if m.HasField("size") else None, m.ids'), (
        'contract.NewError(protos.ErrorCode_INVALID_STATE, "Either of them")',
        "Size: utils.PtrTo(int64(0))", '"0 is too small"',
    ), store="""
def find_plant(self, size=None, ids=None):
    if size is None and not ids:
        raise MlflowException("Either of them", INVALID_STATE)
    if size is not None and size <= 0:
        raise MlflowException(f"{size} is too small")
"""),
    Row("a call under a condition: made, and not made", {"name": "string"},
        f"m = _get_request_message(FindPlant())\nif m.name:\n    {FAKE}.find_plant(m.name)", (
        '{name: "as asked", input: &protos.FindPlant{Name: utils.PtrTo("name")}}',
        '{name: "no name", input: &protos.FindPlant{}, expected: nil}',
    )),
    Row("a page token, with lists that may be empty", {"name": "string"},
        asking("m.name", "r = FindPlant.Response()\nr.plants.extend([x.to_proto() for x in p])\n"
               "if p.token:\n    r.token = p.token", "p"), (
        "func TestFindPlantToken(",
        ".Return(nil, scenario.token, nil)",
        'input := &protos.FindPlant{Name: utils.PtrTo("name")}',
        "response, err := ts.FindPlant(context.Background(), input)",
    ), {"plants": "*Plant", "token": "string"},
        store="def find_plant(self, name):\n    _validate_name(name)\n"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.what)
def test_rows(row: Row) -> None:
    made = walked(row.handler, row.asks, {**TREE, **row.tree}, answers=row.answers, store=row.store)
    text = written(made)
    assert text.startswith("package service_test\n\nimport (\n\t")
    text = text.replace("service.TrackingService{", "TrackingService{")
    for part in row.has:
        assert part in text, f"{part}\n{text}"


NOTES = [
    ("only hands on", PLAIN, {"name": "string"}, {}, "FindPlant only hands on"),
    ("a handler that does what porter cannot mirror",
     f"m = _get_request_message(FindPlant())\n_audit(m)\n{FAKE}.find_plant(m.name)",
     {"name": "string"}, {}, "yours to write and to test"),
    ("no mock", FALLBACK, NAMES, {".mockery.yaml": "packages: {}\n"}, "writes no mock"),
    ("a mock that expects no calls", FALLBACK, NAMES,
     {".mockery.yaml": MOCKERY.replace("true", "false")}, "writes no mock"),
]  # fmt: skip


@pytest.mark.parametrize("what,handler,asks,tree,said", NOTES, ids=[row[0] for row in NOTES])
def test_where_there_is_none_porter_says_why(
    what: str, handler: str, asks: dict[str, str], tree: dict[str, str], said: str
) -> None:
    plan = unit_tests.STEP.plan(walked(handler, asks, {**TREE, **tree}))
    assert not plan.changes and not plan.questions, what
    (note,) = plan.notes
    assert note.code == "P710" and said in note.text


def test_a_method_that_a_person_changed_is_not_tested_by_porter() -> None:
    made = walked(FALLBACK, NAMES, TREE)
    path = "pkg/tracking/service/plants.go"
    text = (made.tree.read(path) or b"").decode().replace("input.GetOld()", "input.GetOlder()")
    changed = replace(made, tree=rpc.small.view({path: text}, base=contents(made)))
    plan = unit_tests.STEP.plan(changed)
    assert not plan.changes and "no longer as porter wrote it" in plan.notes[0].text


def test_a_port_that_is_done_is_left_alone() -> None:
    made = walked(FALLBACK, NAMES, TREE)
    path = "pkg/tracking/store/sql/plants.go"
    text = (made.tree.read(path) or b"").decode().replace("not implemented", "on holiday")
    done = replace(made, tree=rpc.small.view({path: text}, base=contents(made)))
    assert unit_tests.STEP.plan(done) == Plan()


@pytest.mark.parametrize("leaves,silenced", [(2, False), (3, False), (4, True)])
def test_a_linter_is_silenced_only_where_it_would_speak(leaves: int, silenced: bool) -> None:
    """funlen lets 60 lines inside a function pass; nolintlint minds an unused directive."""
    asks = {f"leaf_{at}": "*Leaf" for at in range(leaves)}
    text = written(walked(asking(", ".join(f"m.{name}" for name in asks)), asks, TREE))
    body = text.partition("func TestFindPlant(")[2].partition("\n}\n")[0].count("\n")
    assert ("funlen" in text) is silenced is (body > 60), body


@pytest.mark.parametrize("value,planned", [("yes", 1), ("no", 0), ("written", 0)])
def test_the_question_is_asked_once(value: str, planned: int) -> None:
    made = walked(FALLBACK, NAMES, TREE)
    plan = unit_tests.STEP.plan(made)
    (question,) = plan.questions
    assert question.default == "yes" and len(plan.changes) == 1
    assert plan.settled == ((question.key, "written"),)
    answers = made.answers.adding({question.key: Answer(value)})
    again = unit_tests.STEP.plan(replace(made, answers=answers))
    assert (len(again.changes), again.questions) == (planned, ())


def test_a_file_that_stands_is_added_to_in_its_own_package() -> None:
    stands = (
        'package service //nolint:testpackage\n\nimport (\n\t"testing"\n)\n\n'
        "func TestGrow(t *testing.T) {}\n"
    )
    text = written(walked(FALLBACK, NAMES, {**TREE, TEST: stands}))
    assert text.startswith('package service //nolint:testpackage\n\nimport (\n\t"context"\n')
    assert text.count("func TestGrow(") == 1 and "ts := TrackingService{" in text


def test_a_new_file_has_the_package_of_the_tests_beside_it() -> None:
    text = "// A package of beds.\npackage service //nolint:testpackage\n"
    beside = {"pkg/tracking/service/beds_test.go": text}
    text = written(walked(FALLBACK, NAMES, {**TREE, **beside}))
    assert text.startswith("package service //nolint:testpackage\n\nimport (")


@pytest.mark.parametrize(
    "standing",
    [
        "func TestIt(t *testing.T) {\n\tts.FindPlant(nil, nil)\n}",
        "func TestFindPlant(t *testing.T) {}",
    ],
)
def test_a_test_that_stands_is_enough(standing: str) -> None:
    tree = {**TREE, "pkg/tracking/service/own_test.go": f"package service\n\n{standing}\n"}
    assert written(walked(FALLBACK, NAMES, tree)) == ""


def test_a_mock_that_expects_the_method_is_no_test_of_it() -> None:
    text = "package service\n\nfunc TestIt(t *testing.T) {\n\tm.EXPECT().FindPlant(nil)\n}\n"
    tree = {**TREE, "pkg/tracking/service/own_test.go": text}
    assert written(walked(FALLBACK, NAMES, tree))


def contents(task: Task) -> dict[str, str]:
    """All files of a task's tree."""
    paths = task.tree.files("", deep=True)
    return {path: (task.tree.read(path) or b"").decode() for path in paths}
