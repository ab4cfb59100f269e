"""A check that no tag says becomes an offer: a validator with its registration and its Go test."""

from __future__ import annotations

import re
import subprocess
import textwrap
from dataclasses import replace

import pytest
import small
from practice import Backend
from small_mlflow import MLFLOW

from porter.brief import brief
from porter.core.question import Answers, Defaults, Question
from porter.core.task import Task
from porter.source.golang import parse_bytes
from porter.source.rules import offers
from porter.source.scaffold import validatortext
from porter.steps import implement, validate
from porter.target import open_target

HANDLERS = "mlflow/server/handlers.py"
GO = "pkg/validation/validation.go"
STATEMENTS = """package validation

import (
	"fmt"

	"github.com/go-playground/validator/v10"
)

func notEmpty(fl validator.FieldLevel) bool {
	return fl.Field().String() != ""
}

func NewValidator() (*validator.Validate, error) {
	validate := validator.New()

	if err := validate.RegisterValidation("notEmpty", notEmpty); err != nil {
		return nil, fmt.Errorf("no notEmpty: %w", err)
	}

	return validate, nil
}
"""
TABLE = """package validation

import "github.com/go-playground/validator/v10"

func notEmpty(fl validator.FieldLevel) bool {
	return fl.Field().String() != ""
}

func NewValidator() (*validator.Validate, error) {
	validate := validator.New()

	for name, rule := range map[string]validator.Func{
		"notEmpty": notEmpty,
	} {
		if err := validate.RegisterValidation(name, rule); err != nil {
			return nil, err
		}
	}

	return validate, nil
}
"""
HOUSE_TEST = """package validation_test

import "testing"

type validationScenario struct {
	name          string
	input         any
	shouldTrigger bool
}

func runscenarios(t *testing.T, scenarios []validationScenario) {
}
"""


def python(check: str, call: str = "_validate_tag_key(request_message.key)") -> dict[str, str]:
    """The small MLflow whose handler of setTag also makes this check."""
    source = MLFLOW[HANDLERS].replace(
        "    _get_tracking_store().set_tag(", f"    {call}\n    _get_tracking_store().set_tag("
    )
    head = "import json\nimport re\nfrom mlflow.exceptions import MlflowException\n"
    return {HANDLERS: f"{head}{source}\n\n{textwrap.dedent(check)}"}


def function(test: str, before: str = "") -> str:
    """A validator of `key` that raises where the test holds."""
    lines = ["def _validate_tag_key(key):", *([f"    {before}"] if before else [])]
    return "\n".join([*lines, f"    if {test}:", "        raise MlflowException('no')", ""])


def task(check: str, go: str = STATEMENTS, **changes: str) -> Task:
    return small.task("setTag", {GO: go, **changes}, python=python(check))


def asked(made: Task) -> Question | None:
    found = [q for q in validate.plan(made).questions if q.key.endswith(".validator")]
    return found[0] if found else None


def answered(made: Task) -> Task:
    questions = {q.key: q for q in validate.plan(made).questions}
    given = {key: q.answered(q.default or "", "person") for key, q in questions.items()}
    offer = "validate.SetTag_Key.validator"
    given[offer] = questions[offer].answered("yes", "person")
    return replace(made, answers=Answers(given))


CHECKS = [
    (r"not re.match(r'^[\w-]+$', key)", [r"^[\p{L}\p{N}_-]+$"], "tagKeyRegex.MatchString(value)"),
    (r"re.match(r'^v\d{2}', key)", [r"^v\p{Nd}{2}"], "!tagKeyReservedRegex.MatchString(value)"),
    ("key == 'root'", [], 'value != "root"'),
    ("key.lower() == 'root'", [], 'strings.ToLower(value) != "root"'),
    ("key.upper() not in {'A'}", [], 'slices.Contains([]string{"A"}, strings.ToUpper(value))'),
    ("key in ('A', 'B')", [], '!slices.Contains([]string{"A", "B"}, value)'),
    ("key.startswith('mlflow.')", [], '!strings.HasPrefix(value, "mlflow.")'),
    ("not key.endswith('.x')", [], 'strings.HasSuffix(value, ".x")'),
    ("'/' in key", [], '!strings.Contains(value, "/")'),
    ("len(key.strip()) == 5", [], "utf8.RuneCountInString(strings.TrimSpace(value)) != 5"),
    ("key and '/' in key", [], '(value == "" || !strings.Contains(value, "/"))'),
]  # fmt: skip


@pytest.mark.parametrize(("test", "patterns", "condition"), CHECKS, ids=[c[0] for c in CHECKS])
def test_what_python_tests_is_what_go_tests(test: str, patterns: list[str], condition: str) -> None:
    (check,) = offers.offered(task(function(test)))
    assert (check.tag, check.whole) == ("tagKey", True)
    made = validatortext.body(check)
    assert (made.conditions, list(made.regexes.values())) == ([condition], patterns)
    outcomes = {refused for _, refused, _ in validatortext.rows(check)}
    assert outcomes == {True, False}, "rows of both kinds"


def test_a_mapping_from_small_letters_is_looked_up_in_small_letters() -> None:
    body = function("key.lower() not in KNOWN") + (
        "\n\nKNOWN = {name.lower(): name for name in ['Spring', 'Fall']}\n"
    )
    (check,) = offers.offered(task(body))
    (condition,) = validatortext.body(check).conditions
    assert condition == 'slices.Contains([]string{"fall", "spring"}, strings.ToLower(value))'
    rows = {value: refused for value, refused, _ in validatortext.rows(check)}
    assert rows['"Fall"'] is rows['"Spring"'] is False
    assert rows['"a"'] is True


STUBS = [
    ("sum(map(ord, key)) > 5", "code that Go cannot be written for"),
    (r"re.match(r'^(?!a)', key)", "a pattern that Go's engine lacks"),
    (r"re.match('a', key)", "a pattern that may be looked for anywhere"),
    (r"not re.match(r'^\S+$', key)", "a class of characters that differs"),
    ("key == 'a' and clock() > 5", "more than the value decides"),
]


@pytest.mark.parametrize(("test", "why"), STUBS, ids=[why for _, why in STUBS])
def test_what_is_not_understood_is_a_stub(test: str, why: str) -> None:
    body = function("key == 'b'") + function(test).split("\n", 1)[1]
    (check,) = offers.offered(task(body))
    assert not check.whole, why


NOT_OFFERED = {
    "a function that reads something out of the value": function(
        "sum(map(ord, key)) > 5"
    ) + "    return key.split(',')\n",
    "a check that a tag says": function("len(key) > 5"),
    "no check": "def _validate_tag_key(key):\n    return None\n",
}  # fmt: skip


@pytest.mark.parametrize("body", NOT_OFFERED.values(), ids=NOT_OFFERED)
def test_what_is_not_offered(body: str) -> None:
    assert asked(task(body)) is None


def test_a_checkout_that_registers_nothing_gets_no_offer() -> None:
    assert asked(task(function("key == 'a'"), "package validation\n")) is None


def test_a_key_with_a_validator_of_its_own_gets_no_offer() -> None:
    go = STATEMENTS.replace('"notEmpty", notEmpty', '"odd", notEmpty')
    rules = 'package g\n\nvar rules = map[string]string{\n\t"SetTag_Key": "odd",\n}\n'
    made = task(function("key == 'a'"), go, **{"magefiles/generate/validations.go": rules})
    assert asked(made) is None


def test_nobody_who_was_not_asked_gets_code_to_finish() -> None:
    made = task(function("sum(map(ord, key)) > 5"))
    question = asked(made)
    assert question is not None
    assert question.default == "no"
    assert "    if sum(map(ord, key)) > 5:" in question.notes
    taken = Defaults().ask(validate.plan(made).questions)
    plan = validate.plan(small.answered(made, {key: a.value for key, a in taken.items()}))
    assert [change.path for change in plan.changes] == ["magefiles/generate/validations.go"]
    assert any(note.code == "P311" for note in plan.notes)


def test_a_note_shows_up_again_in_the_brief() -> None:
    made = task(function("sum(map(ord, key)) > 5"))
    (section,) = (s for s in brief(made).sections if s.title == "Rules without a tag")
    assert section.rows[0][0] == "key: no tag says this: if sum(map(ord, key)) > 5:"


@pytest.mark.parametrize("go", [STATEMENTS, TABLE], ids=["statements", "table"])
def test_yes_writes_validator_registration_rule_and_test(go: str) -> None:
    made = answered(task(function("key.lower() == 'root'"), go))
    plan = validate.plan(made)
    after = {path: text.decode() for path, text in plan.after().items()}
    assert '"SetTag_Key":       "omitempty,tagKey",' in after["magefiles/generate/validations.go"]
    assert 'return strings.ToLower(value) != "root"' in after[GO]
    assert re.search(r'"tagKey"[,:]\s+tagKeyValidation\b', after[GO])
    assert '"strings"' in after[GO]
    test = after["pkg/validation/tagkey_test.go"]
    assert '{"ROOT", true},' in test
    assert "validation.NewValidator()" in test
    assert '"example.org/garden/pkg/validation"' in test
    for path in after:
        parse_bytes(plan.after()[path])
    again = validate.plan(small.over(made, plan.after()))
    assert again.empty
    assert not again.questions
    assert not [note for note in again.notes if note.code == "P311"]


def test_rows_join_the_package_s_own_runner() -> None:
    path = "pkg/validation/validation_test.go"
    made = answered(task(function("'/' in key"), **{path: HOUSE_TEST}))
    after = validate.plan(made).after()[path].decode()
    assert 'input:         tagKeyInput{Value: "a/b"},\n\t\t\tshouldTrigger: true,' in after
    assert after.endswith("\trunscenarios(t, scenarios)\n}\n")


def test_a_second_endpoint_with_the_check_takes_the_validator_that_stands() -> None:
    made = answered(task(function("'/' in key")))
    plan = validate.plan(made)
    rules = {"magefiles/generate/validations.go": made.tree.read(made.layout.validations or "")}
    (rule,) = (
        q
        for q in validate.plan(small.over(made, plan.after() | rules)).questions
        if q.key == "validate.SetTag_Key"
    )
    assert rule.default == "omitempty,tagKey"


def test_a_stub_refuses_everything_and_is_found_until_it_is_written() -> None:
    made = answered(task(function("sum(map(ord, key)) > 5")))
    plan = validate.plan(made)
    go = plan.after()[GO].decode()
    assert "//\t    if sum(map(ord, key)) > 5:" in go
    assert "t.Skip(" in plan.after()["pkg/validation/tagkey_test.go"].decode()
    done = small.over(made, plan.after())
    (finding,) = [f for f in implement.inspect(done) if f.code == "P804"]
    line = go.splitlines().index("func tagKeyValidation(_ validator.FieldLevel) bool {") + 1
    assert (finding.file, finding.line) == (GO, line)
    written = go.replace("return false", "return true")
    assert not implement.inspect(small.over(done, {GO: written}))


@pytest.mark.go
def test_the_validator_compiles_passes_its_test_and_goes_again(backend: Backend) -> None:
    before = backend.snapshot()
    answers = backend.root.parent / "answers.yaml"
    answers.write_text("validate.SetRegisteredModelAlias_Alias.validator: yes\n")
    walk = ("start", "setRegisteredModelAlias", "--no-input", "--until", "validate")
    backend.porter(*walk, "--answers", str(answers))
    go(backend, "go", "vet", "./pkg/validation/")
    ran = go(backend, "go", "test", "-v", "-run", "TestModelAliasName", "./pkg/validation/")
    assert ran.count("--- PASS: TestModelAliasName") == 1
    assert go(backend, "gofmt", "-l", "pkg/validation", "magefiles") == ""
    for _ in ("validate", "enable"):
        backend.porter("undo", "setRegisteredModelAlias")
    assert backend.snapshot() == before


def go(backend: Backend, *command: str) -> str:
    """What a command says with the tools that porter runs; fails where it does."""
    env = {**backend.env, **open_target(backend.root).toolchain.env}
    return subprocess.run(
        command, cwd=backend.root, env=env, text=True, check=True, capture_output=True
    ).stdout
