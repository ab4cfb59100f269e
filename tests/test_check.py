"""`porter check` as the README writes it, in the garden: what it finds, in which form, its end."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import garden
import pytest
from growing import Plot, Said

CONTRACT = "pkg/contract/service/tracking.g.go"
BINDING = "garden_go/store/tracking.py"
RULES = "magefiles/generate/validations.go"
HANDS = "pkg/tracking/service/plants.go"


@pytest.fixture(autouse=True)
def ruffs_own_business(plot: Plot) -> None:
    """The garden's binding would not pass ruff, and that is not the matter here."""
    (plot.root / "ruff.toml").write_text(f'extend-exclude = ["{BINDING}"]\nforce-exclude = true\n')
    garden.commit(plot.root)


def codes(said: Said) -> list[str]:
    return sorted(set(re.findall(r"^  (P\d+) ", said.out, re.MULTILINE)))


def test_without_a_name_it_takes_all_that_are_enabled_and_writes_nothing(plot: Plot) -> None:
    before = garden.contents(plot.root)
    said = plot.porter("check", code=1)
    assert re.findall(r"^MlflowService/(\w+)$", said.out, re.MULTILINE) == [
        "createPlant",
        "getPlant",
    ]
    assert codes(said) == ["P101", "P214", "P520"]
    assert re.search(r"^ok +generated files +fresh", said.out, re.MULTILINE)
    assert re.search(r"^ok +unit tests +1 ran", said.out, re.MULTILINE)
    assert "next: porter start getPlant" in said.out
    after = garden.contents(plot.root)
    assert {p: c for p, c in after.items() if not p.startswith(".git/porter/")} == before


def test_a_stale_generated_file_is_seen_in_a_copy(
    plot: Plot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAGE_NOISE", "1")
    said = plot.porter("check", code=1)
    assert f"P603 {CONTRACT}:5 is not what generating writes" in said.out
    assert "P603" not in plot.porter("check", "--fast", code=1).out
    assert "Weeds" not in (plot.root / CONTRACT).read_text()


def test_tests_are_run_without_a_name_only_where_asked(plot: Plot) -> None:
    (plot.root / "magefiles/tests.go").write_text(
        'package main\n\nvar files = []string{".mlflow.repo/tests/test_plants.py"}\n'
    )
    assert "P901" in plot.porter("check", code=1).out, "looking at the tests is for nothing"
    (plot.root / ".mlflow.repo/tests").mkdir()
    (plot.root / ".mlflow.repo/tests/test_plants.py").write_text(
        "def test_plant(store):\n    store.create_plant('rose')\n"
    )
    plain, asked = (plot.porter("check", *args, code=1) for args in ((), ("--tests",)))
    assert "Python tests" not in plain.out
    assert re.search(r"^red +Python tests +the FFI library does not build", asked.out, re.MULTILINE)
    assert "Python tests" in plot.porter("check", "createPlant", code=1).out


@pytest.mark.parametrize(
    ("path", "old", "new", "found"),
    [
        (HANDS, "ts.Store.CreatePlant", "ts.Store.Plant", ["createPlant"]),
        (RULES, '"GetPlant_PlantId"', '"GetPlant_Id"', ["getPlant"]),
        (RULES, '\t"CreatePlant_Name": "required,max=250",\n', "", ["createPlant"]),
        (BINDING, "self, name", "self, plant", ["createPlant"]),
        ("README.md", "", "about plants\n", []),
    ],
)
def test_since_speaks_of_what_a_branch_touched(
    plot: Plot, path: str, old: str, new: str, found: list[str]
) -> None:
    file = plot.root / path
    text = file.read_text() if file.exists() else ""
    assert old in text
    file.write_text(text.replace(old, new) if old else text + new)
    document = json.loads(
        plot.porter("check", "--since", "main", "--fast", "--json", code=None).out
    )
    assert [name.rpartition("/")[2] for name in document["endpoints"]] == found


def test_since_speaks_of_junk_that_the_branch_brought(plot: Plot) -> None:
    (plot.root / "results.txt").write_text("12 passed\n")
    garden.commit(plot.root)
    assert "P601 results.txt" in plot.porter("check", "--since", "HEAD~1", "--fast", code=1).out
    assert plot.porter("check", "--since", "HEAD", "--fast").out.startswith("clean")


def test_as_json(plot: Plot) -> None:
    said = plot.porter("check", "--fast", "--format", "json", code=1)
    assert said.out == plot.porter("check", "--fast", "--json", code=1).out
    document = json.loads(said.out)
    assert document["exit"] == 1
    assert document["endpoints"]["MlflowService/getPlant"]["binding"] == "todo"
    assert {"code", "severity", "text", "file", "line", "next"} <= set(document["findings"][0])


def test_as_github_annotations(plot: Plot) -> None:
    """A workflow command a line, with its file and line (docs.github.com, workflow commands)."""
    lines = plot.porter("check", "--fast", "--format", "github", code=1).out.splitlines()
    form = r"::(error|warning) (?:file=([^,:]+),)?(?:line=\d+,)?title=porter (?:P\d+|[\w ]+)::.+"
    places = [re.fullmatch(form, line) for line in lines]
    assert all(places), lines
    assert {place[2] for place in places if place} == {BINDING, RULES}


def test_as_junit(plot: Plot) -> None:
    """testsuite, testcase, failure and skipped as the JUnit schema has them, and sums that hold."""
    suite = ElementTree.fromstring(plot.porter("check", "--format", "junit", code=1).out)
    assert suite.tag == "testsuite"
    assert {case.tag for case in suite} == {"testcase"}
    assert {part.tag for case in suite for part in case} <= {"failure", "skipped"}
    assert all(case.get("name") and case.get("classname") for case in suite)
    assert all(failure.get("message") for failure in suite.iter("failure"))
    assert int(suite.get("tests", 0)) == len(suite)
    failed = [case for case in suite if case.find("failure") is not None]
    assert int(suite.get("failures", 0)) == len(failed)
    assert [f"{c.get('classname')} {c.get('name')}" for c in failed] == [
        "MlflowService/getPlant binding"
    ]
