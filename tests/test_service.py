"""The service method as text, for each thing a handler can do."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
import rpc

from porter.core.command import Command, Outcome
from porter.source.golang import parses
from porter.steps.service import STEP

STORE = "_get_tracking_store()"
PLANTS = "pkg/tracking/service/plants.go"
POINTERS = {
    "pkg/utils/pointers.go": "package utils\n\nfunc PtrTo[T any](v T) *T {\n\treturn &v\n}\n"
}


@dataclass(frozen=True)
class Row:
    what: str
    asks: dict[str, str]
    handler: str
    body: str
    answers: dict[str, str] = field(default_factory=dict)
    store: str = ""
    tree: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    helpers: str = ""


def asking(given: str, rest: str = "", result: str = "") -> str:
    lead = f"{result} = " if result else ""
    return f"m = _get_request_message(FindPlant())\n{lead}{STORE}.find_plant({given})\n{rest}"


EMPTY = """
	return &protos.FindPlant_Response{}, nil
"""
ROWS = [
    Row("thin", {"plant_id": "string"}, asking("m.plant_id"), """
	if err := ts.Store.FindPlant(ctx, input.GetPlantId()); err != nil {
		return nil, err
	}
""" + EMPTY),
    Row("a long call has an argument a line", {f"a_long_field_{c}": "string" for c in "abcd"},
        asking(", ".join(f"m.a_long_field_{c}" for c in "abcd")), """
	if err := ts.Store.FindPlant(
		ctx,
		input.GetALongFieldA(),
		input.GetALongFieldB(),
		input.GetALongFieldC(),
		input.GetALongFieldD(),
	); err != nil {
		return nil, err
	}
""" + EMPTY),
    Row("a fallback", {"name": "string", "old": "string"}, asking("m.name or m.old"), """
	name := input.GetName()
	if name == "" {
		name = input.GetOld()
	}

	if err := ts.Store.FindPlant(ctx, name); err != nil {
		return nil, err
	}
""" + EMPTY),
    Row("under a condition", {"name": "string"},
        f"m = _get_request_message(FindPlant())\nif m.name:\n    {STORE}.find_plant(m.name)", """
	if input.GetName() != "" {
		if err := ts.Store.FindPlant(ctx, input.GetName()); err != nil {
			return nil, err
		}
	}
""" + EMPTY),
    Row("an enum as text, unless it is unset", {"kind": "Kind!"},
        asking('m.kind if m.HasField("kind") else None'), """
	var plantKind string
	if input.Kind != nil {
		plantKind = input.GetKind().String()
	}

	if err := ts.Store.FindPlant(ctx, plantKind); err != nil {
		return nil, err
	}
""" + EMPTY),
    Row("an entity", {"plant_id": "string"},
        asking("m.plant_id", "r = FindPlant.Response(plant=p.to_proto())", "p"), """
	plant, err := ts.Store.FindPlant(ctx, input.GetPlantId())
	if err != nil {
		return nil, err
	}

	return &protos.FindPlant_Response{
		Plant: plant.ToProto(),
	}, nil
""", {"plant": "Plant"}),
    Row("a list and a token", {"name": "string"},
        asking("m.name", "r = FindPlant.Response()\nr.plants.extend([x.to_proto() for x in p])\n"
               "if p.token:\n    r.token = p.token", "p"), """
	plants, token, err := ts.Store.FindPlant(ctx, input.GetName())
	if err != nil {
		return nil, err
	}

	response := protos.FindPlant_Response{
		Plants: make([]*protos.Plant, len(plants)),
	}
	if token != "" {
		response.Token = &token
	}

	for i, plant := range plants {
		response.Plants[i] = plant.ToProto()
	}

	return &response, nil
""", {"plants": "*Plant", "token": "string"}),
    Row("a scalar, with and without PtrTo", {"name": "string"},
        asking("m.name", "r = FindPlant.Response(count=n)", "n"), """
	count, err := ts.Store.FindPlant(ctx, input.GetName())
	if err != nil {
		return nil, err
	}

	return &protos.FindPlant_Response{
		Count: utils.PtrTo(count),
	}, nil
""", {"count": "int64"}, tree=POINTERS),
    Row("an answer of the name of what was asked", {"name": "string", "size": "int64"},
        asking("m.size", "r = FindPlant.Response(size=n)", "n"), """
	sizeResult, err := ts.Store.FindPlant(ctx, input.GetSize())
	if err != nil {
		return nil, err
	}

	return &protos.FindPlant_Response{
		Size: &sizeResult,
	}, nil
""", {"size": "int64"}),
    Row("a check at the head of the store method", {"name": "string"}, asking("m.name"), """
	name := input.GetName()
	if name == "" {
		return nil, contract.NewError(
			protos.ErrorCode_INVALID_PARAMETER_VALUE,
			"No name.",
		)
	}

	if !Name.MatchString(name) {
		return nil, contract.NewError(
			protos.ErrorCode_INVALID_PARAMETER_VALUE,
			fmt.Sprintf("Bad name '%s'.", name),
		)
	}

	if err := ts.Store.FindPlant(ctx, name); err != nil {
		return nil, err
	}
""" + EMPTY, store="def find_plant(self, name):\n    _validate_name(name)\n"),
    Row("conditions over fields that may be unset", {"size": "int64", "ids": "*string"},
        asking('m.size if m.HasField("size") else None, m.ids'), """
	if input.Size == nil && len(input.Ids) == 0 {
		return nil, contract.NewError(
			protos.ErrorCode_INVALID_STATE,
			"Either of them",
		)
	}

	if input.Size != nil && *input.Size <= 0 {
		return nil, contract.NewError(
			protos.ErrorCode_INTERNAL_ERROR,
			fmt.Sprintf("%d is too small", *input.Size),
		)
	}

	if err := ts.Store.FindPlant(ctx, input.GetSize(), input.GetIds()); err != nil {
		return nil, err
	}
""" + EMPTY, store="""
def find_plant(self, size=None, ids=None):
    if size is None and not ids:
        raise MlflowException("Either of them", INVALID_STATE)
    if size is not None and size <= 0:
        raise MlflowException(f"{size} is too small")
    if self.closed:
        raise MlflowException("Closed")
    with self.session() as session:
        if size == 3:
            raise MlflowException("too late")
"""),
    Row("what a validator checks is left to it", {"name": "string"}, asking("m.name"), """
	if err := ts.Store.FindPlant(ctx, input.GetName()); err != nil {
		return nil, err
	}
""" + EMPTY, store="def find_plant(self, name):\n    _validate_name(name)\n",
        tree={"pkg/validation/validation.go": "package validation\n\nfunc New(v *Validate) {\n"
              '\tv.RegisterValidation("name", check)\n}\n'}),
    Row("what cannot be mirrored is named", {"name": "string"},
        f"m = _get_request_message(FindPlant())\n_audit(m)\n{STORE}.find_plant(m.name)", """
	// TODO(porter): mlflow/server/handlers.py:8: _audit(m)

	if err := ts.Store.FindPlant(ctx, input.GetName()); err != nil {
		return nil, err
	}
""" + EMPTY, notes=("mlflow/server/handlers.py:8: _audit(m)",)),
    Row("the handler's own refusals", {"size": "int64", "name": "string"},
        "m = _get_request_message(FindPlant())\n"
        'size = m.size if m.HasField("size") else None\n'
        "if size is not None and not 1 <= size <= MOST:\n"
        '    raise MlflowException(f"{size} is not up to {NAME}", INVALID_PARAMETER_VALUE)\n'
        "if m.name == NAME or m.name == NONE:\n"
        '    raise MlflowException("taken", error_code=INVALID_PARAMETER_VALUE)\n'
        f"{STORE}.find_plant(m.name)", """
	if input.Size != nil && !(*input.Size >= 1 && *input.Size <= 9) {
		return nil, contract.NewError(
			protos.ErrorCode_INVALID_PARAMETER_VALUE,
			fmt.Sprintf("%d is not up to oak", *input.Size),
		)
	}

	if input.GetName() == "oak" || input.GetName() == "none" {
		return nil, contract.NewError(
			protos.ErrorCode_INVALID_PARAMETER_VALUE,
			"taken",
		)
	}

	if err := ts.Store.FindPlant(ctx, input.GetName()); err != nil {
		return nil, err
	}
""" + EMPTY, helpers='MOST = 9\nNAME = "oak"\nNONE = "none"\n'),
    Row("a list of messages through new conversions", {"leaves": "*Leaf"}, asking("m.leaves"), """
	leaves := make([]*entities.Leaf, 0, len(input.GetLeaves()))
	for _, leave := range input.GetLeaves() {
		leaves = append(leaves, entities.NewLeafFromProto(leave))
	}

	if err := ts.Store.FindPlant(ctx, leaves); err != nil {
		return nil, err
	}
""" + EMPTY),
    Row("a conversion of whole slices is called", {"tags": "*PlantTag"}, asking("m.tags"), """
	if err := ts.Store.FindPlant(ctx, entities.Tags(input.GetTags())); err != nil {
		return nil, err
	}
""" + EMPTY, tree={"pkg/entities/tag.go": "package entities\n\ntype PlantTag struct {\n\tKey string"
                   "\n}\n\nfunc Tags(all []*protos.PlantTag) []*PlantTag { return nil }\n"}),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.what)
def test_method(row: Row) -> None:
    made = rpc.task(
        "findPlant", row.asks, row.answers, row.handler,
        store=row.store, tree=row.tree, helpers=row.helpers,
    )  # fmt: skip
    plan = STEP.plan(made)
    change = next(change for change in plan.changes if change.path == PLANTS)
    assert change.before is not None
    text = change.after.decode()
    head = (
        "\nfunc (ts TrackingService) FindPlant(\n\tctx context.Context, input *protos.FindPlant,\n"
        ") (*protos.FindPlant_Response, *contract.Error) {"
    )
    assert text[text.index(head) :] == f"{head}{row.body}}}\n"
    assert all(parses(change.after) for change in plan.changes)
    told = tuple(note.text for note in plan.notes)
    assert tuple(text for text in told if not text.startswith("mirrors")) == row.notes
    assert len(told) - len(row.notes) == row.body.count("protos.ErrorCode_")
    after = made.over(plan)
    assert STEP.plan(after).empty
    assert STEP.inspect(after) == ()


def test_a_check_of_what_the_handler_leaves_out_is_told() -> None:
    store = 'def find_plant(self, token=None):\n    if token is not None:\n        raise X("no")\n'
    plan = STEP.plan(rpc.task("findPlant", {"token": "string"}, {}, asking(""), store=store))
    assert b"if input.Token != nil {" in plan.changes[0].after
    assert plan.notes[1].text.startswith("token: Python's handler ignores it")


def test_patterns_are_declared_once_with_their_import() -> None:
    made = rpc.task(
        "findPlant", {"name": "string"}, {}, asking("m.name"),
        store="def find_plant(self, name):\n    _validate_name(name)\n",
    )  # fmt: skip
    text = STEP.plan(made).changes[0].after.decode()
    assert text.count("var Name = regexp.MustCompile(`^[a-z]+$`)\n\nfunc ") == 1
    assert '\t"context"\n\t"fmt"\n\t"regexp"\n' in text


def test_a_handler_without_store_answers_that_it_is_not_implemented() -> None:
    plan = STEP.plan(rpc.task("findPlant", {}, {}, "pass"))
    assert b"ErrorCode_NOT_IMPLEMENTED" in plan.changes[0].after
    assert plan.notes


def test_a_method_that_calls_another_endpoints_store_method_is_found() -> None:
    made = rpc.task("findPlant", {"name": "string"}, {}, asking("m.name"))
    after = made.over(STEP.plan(made))
    assert STEP.inspect(after) == ()
    text = (after.tree.read(PLANTS) or b"").replace(b"ts.Store.FindPlant(ctx, ", b"nothing(")
    from porter.core.view import Overlay

    lost = rpc.task("findPlant", {"name": "string"}, {}, asking("m.name"), tree={PLANTS: text})
    assert [f.code for f in STEP.inspect(lost)] == ["P511"]
    assert isinstance(after.tree, Overlay)


@pytest.mark.parametrize("code,output,ok", [(0, "", True), (0, PLANTS, False), (2, "x:1:1", False)])
def test_gofmt_is_read(code: int, output: str, ok: bool) -> None:
    made = rpc.task("findPlant", {"name": "string"}, {}, asking("m.name"))
    proof = STEP.prove(made.over(STEP.plan(made)))[0]
    assert proof.command.argv == ("gofmt", "-l", PLANTS)
    verdict = proof.read(Outcome(Command(("gofmt",)), code, output, 0.1))
    assert verdict.ok is ok


def test_a_method_that_people_wrote_is_left_alone() -> None:
    text = (
        "package service\n\nfunc (ts TrackingService) FindPlant() error {\n"
        "\treturn ts.Store.FindPlant()\n}\n"
    )
    made = rpc.task("findPlant", {}, {}, asking(""), tree={"pkg/tracking/service/own.go": text})
    assert STEP.plan(made).empty and STEP.inspect(made) == ()


REFUSES = 'raise MlflowException("no", error_code=INVALID_PARAMETER_VALUE)'
UNCERTAIN = {
    "another way out before it": f"if m.old:\n    return 1\nif not m.name:\n    {REFUSES}",
    "something that may catch it": f"try:\n    if not m.name:\n        {REFUSES}\n"
    "except ValueError:\n    pass",
    "a test that Go cannot say": f"if m.name.endswith('x'):\n    {REFUSES}",
    "a local of another meaning": f"name = grown(m)\nif not name:\n    {REFUSES}",
    "another exception": "if not m.name:\n    raise Gone('no', error_code=INVALID_STATE)",
    "a code that is computed": "if not m.name:\n    raise MlflowException('no', error_code=code)",
    "no condition": REFUSES,
    "a text of something unknown": "if not m.name:\n"
    "    raise MlflowException(missing(odd), error_code=INVALID_STATE)",
}


@pytest.mark.parametrize("what", UNCERTAIN)
def test_a_refusal_that_is_not_certain_stays_a_reminder(what: str) -> None:
    handler = (
        f"m = _get_request_message(FindPlant())\n{UNCERTAIN[what]}\n{STORE}.find_plant(m.name)"
    )
    made = rpc.task("findPlant", {"name": "string", "old": "string"}, {}, handler)
    text = next(c for c in STEP.plan(made).changes if c.path == PLANTS).after.decode()
    assert "TODO(porter)" in text and "NewError" not in text
