"""Each code of lint: a tree that has the fault, what is said of it, and what mends it."""

from __future__ import annotations

from dataclasses import replace

import asking
import pytest

from porter.core.layout import Layout, Service
from porter.core.view import Memory, Overlay
from porter.lint import Checkout, fixes, lint
from porter.source.protos import catalog

VALIDATORS = """package validation

func New(v *Validate) {
	v.RegisterValidation("notEmpty", notEmpty)
	v.RegisterValidation("truncate", truncate)
	v.RegisterValidation("whole", whole)
}

func whole(fl FieldLevel) bool {
	_, err := strconv.Atoi(fl.Field().String())
	return err == nil
}
"""
BODY = """
def _ask():
    request = _get_request_message(Ask(), schema={"other": [_assert_required]})
    if len(request.other) > 5:
        raise MlflowException("long")
    for note in request.notes:
        if not note.key:
            raise MlflowException("key")
"""


def checkout(rules: dict[str, str], body: str = BODY, *, enabled: bool = False) -> Checkout:
    rows = "".join(f'\t"{key}": "{rule}",\n' for key, rule in rules.items())
    source = f"package generate\n\nvar rules = map[string]string{{\n{rows}}}\n"
    tree = Memory({"rules.go": source.encode(), "tags.go": VALIDATORS.encode()})
    names = frozenset({"ask"} if enabled else ())
    service = Service(
        "MlflowService", "AskService", "ask", "protos", None, None, None, None, None, names
    )
    layout = Layout(
        "standalone", "example.org/ask", "", None, "endpoints.go", "rules.go", "tags.go",
        "", "", "", "", "", None, (service,), "",
    )  # fmt: skip
    mlflow = asking.tree(body)
    return Checkout(tree, layout, mlflow, catalog(mlflow))


def test_an_expression_is_no_rule_to_judge() -> None:
    here = checkout({"Ask_Other": "nope"}, enabled=True)
    source = (here.tree.read("rules.go") or b"").replace(b'"nope"', b'fmt.Sprintf("lte=%d", most)')
    tree = Overlay(here.tree, {"rules.go": source})
    found = lint(Checkout(tree, here.layout, here.mlflow, here.catalog))
    (finding,) = (f for f in found if "Ask_Other" in f.text)
    assert (finding.code, finding.severity, finding.line) == ("P217", "warning", 4)
    assert 'fmt.Sprintf("lte=%d", most) is no string' in finding.text


FAULTS = [
    ("P210", {"Ask_Nothing": "max=3"}, "names no field", ""),
    ("P210", {"Ask_Key": "max=3"}, "the field is Note_Key", '"Note_Key": "max=3"'),
    ("P211", {"Ask_Other": "required,whole,nope"}, "nobody registers nope", None),
    ("P212", {"Ask_Name": "max:5"}, "max:5 is no tag", '"Ask_Name": "max=5"'),
    ("P213", {"Ask_Notes": "max=9", "Note_Key": "required,whole"}, "no dive", '"max=9,dive"'),
    ("P214", {"Ask_Other": "required,max=5"}, 'takes ""', '"notEmpty,required,max=5"'),
    ("P215", {"Ask_Other": "notEmpty,required,max=7"}, "Python's limit is 5", "y,required,max=5"),
]  # fmt: skip


def test_the_empty_text_is_refused_without_a_tag_of_the_house() -> None:
    here = checkout({"Ask_Other": "required,max=5"})
    bare = VALIDATORS.replace('"notEmpty"', '"other"').encode()
    here = replace(here, tree=Overlay(here.tree, {"tags.go": bare}))
    assert b'"Ask_Other": "required,min=1,max=5"' in fixes(here).after()["rules.go"]


def test_a_rule_that_refuses_what_python_takes_without_the_field() -> None:
    body = """
def _ask():
    request = _get_request_message(Ask(), schema={})
    if request.count > 9:
        raise MlflowException("many")
    if request.size > 9 or request.size < 1:
        raise MlflowException("much")
    if len(request.name) > 5:
        raise MlflowException("long")
    int(request.other)
"""
    rules = {"Ask_Count": "max=9", "Ask_Size": "omitempty,max=9", "Ask_Name": "max:5"}
    here = checkout(rules, body)
    assert sorted(f.code for f in lint(here)) == ["P212", "P218"]
    after = fixes(here).changes[0].after.decode()
    assert '"Ask_Count": "omitempty,max=9"' in after
    assert '"Ask_Name": "omitempty,max=5"' in after
    positive = body.replace("request.count > 9", "request.count < 1")
    assert not lint(checkout({"Ask_Count": "min=1"}, positive)), "0 is what Python refuses"


def test_a_limit_that_truncates_is_no_limit_that_refuses() -> None:
    body = """
def _ask():
    request = _get_request_message(Ask(), schema={})
    value = request.name
    if len(value) > 8 and truncates():
        value = value[:8]
"""
    here = checkout({"Ask_Name": "omitempty,max=5"}, body)
    assert [f.code for f in lint(here)] == ["P215"]
    assert '"omitempty,truncate=8"' in fixes(here).changes[0].after.decode()


@pytest.mark.parametrize(("code", "rules", "text", "mended"), FAULTS)
def test_fault(code: str, rules: dict[str, str], text: str, mended: str | None) -> None:
    here = checkout(rules)
    (finding,) = [f for f in lint(here) if f.code == code]
    assert text in finding.text
    assert (finding.file, finding.line) == ("rules.go", 4)
    assert [f.code for f in lint(here)] == [code]
    plan = fixes(here)
    if mended is None:
        assert plan.empty
        return
    after = plan.changes[0].after.decode()
    assert mended in after
    again = Checkout(Overlay(here.tree, plan.after()), here.layout, here.mlflow, here.catalog)
    assert not lint(again)


def test_a_check_without_a_rule_is_a_warning_for_what_is_enabled() -> None:
    here = checkout({"Ask_Name": "max=3"}, enabled=True)
    found = [f for f in lint(here) if f.code == "P216"]
    assert [f.text.split()[0] for f in found] == ["Ask_Other", "Ask_Notes", "Note_Key"]
    assert {f.severity for f in found} == {"warning"}
    assert found[0].evidence
    assert not [f for f in lint(here, frozenset({"Ask_Other"})) if "Ask_Other" in f.text]
    assert fixes(here).empty


def test_a_rule_that_lacks_a_check_is_said() -> None:
    here = checkout({"Ask_Other": "notEmpty,required"}, enabled=True)
    (found,) = [f for f in lint(here) if f.text.startswith("Ask_Other")]
    assert (found.code, found.line) == ("P216", 4)
    assert "lacks max=5" in found.text


@pytest.mark.parametrize(
    "rule", ["notEmpty,required,max=5", "required,whole,max=5", "required,min=1,max=5"]
)
def test_a_rule_that_refuses_the_empty_string_is_left_alone(rule: str) -> None:
    assert not lint(checkout({"Ask_Other": rule}))


def test_several_faults_of_one_rule_are_mended_together() -> None:
    here = checkout({"Ask_Other": "required,max=7", "Ask_Nothing": "max=3"})
    after = fixes(here).changes[0].after.decode()
    assert '"Ask_Other": "notEmpty,required,max=5"' in after
    assert "Ask_Nothing" not in after


def test_no_rules_no_findings() -> None:
    here = checkout({})
    bare = Layout(
        **{**{f: getattr(here.layout, f) for f in here.layout.__slots__}, "validations": None}
    )
    assert not lint(Checkout(here.tree, bare, here.mlflow, here.catalog))
    assert fixes(Checkout(here.tree, bare, here.mlflow, here.catalog)).empty
