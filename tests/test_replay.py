"""The replay's pure parts: what it takes for a port, and what it takes for the same."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

from replay.bars import Result
from replay.bindings import canonical
from replay.branches import Branch, mirrored, named, told
from replay.compare import Comparison, Verdict
from replay.facts import Facts
from replay.generated import Cause, differing
from replay.history import Port, enabled, ports
from replay.lines import added
from replay.methods import Reading, reading
from replay.objects import Repository

from porter.source.golang import parse_bytes

LIST = """package generate

var ServiceInfoMap = map[string]ServiceInfo{
	"Shelf": {
		FileNameWithoutExtension: "shelf",
		ServiceName:              "ShelfService",
		ImplementedEndpoints: []string{
%s
		},
	},
}
"""


def listing(*names: str) -> bytes:
    return (LIST % "\n".join(f'\t\t\t"{name}",' for name in names)).encode()


def test_a_list_gives_its_services_and_names() -> None:
    assert enabled(listing("getBook", "putBook")) == {("Shelf", "getBook"), ("Shelf", "putBook")}
    assert enabled(b"package generate\n") == frozenset()


@pytest.fixture
def history(tmp_path: Path) -> Repository:
    """The list comes in, gains a name, moves, and gains two."""

    def git(*args: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@b")
        subprocess.run(["git", *who, *args], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    for at, (path, names) in enumerate(
        [
            ("gen/endpoints.go", ("getBook",)),
            ("gen/endpoints.go", ("getBook", "putBook")),
            ("tool/list.go", ("getBook", "putBook")),
            ("tool/list.go", ("getBook", "putBook", "dropBook", "findBook")),
        ]
    ):
        for old in tmp_path.rglob("*.go"):
            old.unlink()
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(listing(*names))
        (tmp_path / "README").write_text(str(at))
        git("add", "-A")
        git("commit", "-q", "-m", str(at))
    return Repository(tmp_path)


def test_ports_are_what_a_commit_enables(history: Repository) -> None:
    """Neither the commit that brings the list in nor the one that moves it is a port."""
    found = ports(history)
    assert [port.endpoint for port in found] == ["putBook", "dropBook", "findBook"]
    assert found[1].commit == found[2].commit != found[0].commit
    tree = history.tree(found[0].parent)
    assert tree.files("gen", ".go") == ("gen/endpoints.go",)
    assert tree.files("", ".go", deep=True) == ("gen/endpoints.go",)
    assert tree.read("gen/endpoints.go") == listing("getBook")
    assert tree.read("gen/other.go") is None
    history.close()


def method(body: str) -> Reading:
    source = f"package service\n\nfunc (s Shelf) PutBook() (*R, *E) {{\n{body}\n}}\n".encode()
    file = parse_bytes(source)
    found = file.function("PutBook", "Shelf")
    assert found is not None
    return reading(file, found, "Store")


PLAIN = """
	book, err := s.Store.PutBook(ctx, input.GetName(), input.GetShelf())
	if err != nil {
		return nil, err
	}
	return &R{Book: book.ToProto()}, nil
"""


NAMED = PLAIN.replace("ctx, input.GetName()", "ctx, name")
MADE = PLAIN.replace("return &R{Book: book.ToProto()}", "r := R{Book: book.ToProto()}\n\treturn &r")
CHECKED = '\tif input.GetName() == "" {\n\t\treturn nil, no\n\t}\n\tbook, err :='


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(PLAIN.replace("book", "volume"), id="another name"),
        pytest.param(PLAIN.replace("(ctx, ", "(\n\t\tctx,\n\t\t"), id="another line"),
        pytest.param("\tname := input.GetName() // once\n" + NAMED, id="a local"),
        pytest.param(MADE, id="a response of its own"),
        pytest.param(PLAIN.replace("nil, err", 'nil, told("no", err)'), id="an error told anew"),
    ],
)
def test_the_same_method_reads_the_same(other: str) -> None:
    assert method(other) == method(PLAIN)
    assert method(other).thin


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("input.GetShelf()", "input.GetRow()"), "args"),
        (("Store.PutBook", "Store.AddBook"), "calls"),
        (("book.ToProto()", "book"), "response"),
        (("\tbook, err :=", CHECKED), "branches"),
    ],
)
def test_another_method_reads_otherwise(change: tuple[str, str], field: str) -> None:
    other = method(PLAIN.replace(*change))
    assert other != method(PLAIN)
    assert getattr(other, field) != getattr(method(PLAIN), field)


def test_a_check_of_its_own_is_no_error_of_the_store() -> None:
    checked = method("\tif _, err := strconv.Atoi(input.GetName()); err != nil {\n"
                     "\t\treturn nil, err\n\t}\n" + PLAIN)  # fmt: skip
    assert not checked.thin
    assert checked.branches[0].fields == {"Name"}


def function(source: str) -> ast.FunctionDef:
    found = ast.parse(source).body[0]
    assert isinstance(found, ast.FunctionDef)
    return found


def test_bindings_are_equal_up_to_names() -> None:
    one = "def put(self, name: str):\n    'Put.'\n    r = Put(name=name, to=1)\n    return call(r)"
    two = "def put(self, title):\n    request = Put(name=title, to=1)\n    return call(request)"
    turned = two.replace("name=title, to=1", "to=1, name=title")
    assert canonical(function(one)) == canonical(function(two))
    assert canonical(function(one)) != canonical(function(turned))
    assert canonical(function(one), ordered=False) == canonical(function(turned), ordered=False)
    assert canonical(function(two)) != canonical(function(two.replace("Put(", "Drop(")))


def test_lines_that_moved_or_were_aligned_are_not_new() -> None:
    before = {"service": {"a.go": b"package s\n\nvar a = 1\n\nvar bee = 2\n"}}
    after = {
        "service": {"a.go": b"package s\n\nvar a   = 1\n", "b.go": b"var bee = 2\n\nvar c = 3\n"}
    }
    assert added(before, after, b"") == {"service": {"var c = 3": 1}}


def test_generated_lines_of_the_endpoint_are_explained() -> None:
    before = b"package p\n\ntype A interface {\n\tGetBook()\n}\n"
    more = b"\tPutBook()\n\tDropBook()\n}\n\nfunc (m M) PutBook() {\n\tcalled(m)\n}\n"
    after = before.replace(b"}\n", more)
    why = Cause(frozenset({"PutBook"}))
    assert differing(before, after, [], why) == ["+ DropBook()"]
    assert differing(before, after, ["+ DropBook()"], why) == []
    assert differing(after, before, [], why) == ["- DropBook()"]


def test_a_tag_is_explained_by_its_key() -> None:
    before = b'package p\n\ntype Book struct {\n\tName *string `protobuf:"1"`\n}\n'
    after = before.replace(b'"1"', b'"1" validate:"required"')
    assert differing(before, after, [], Cause(frozenset(), frozenset({"Book_Name"}))) == []
    assert len(differing(before, after, [], Cause(frozenset(), frozenset({"Shelf_Name"})))) == 2


LIMIT = Branch("n > 9", ("at most %d books fit on shelf '%s'",), frozenset({"Count"}))
EARLY = Branch("len(x) == 0", (), frozenset({"BookNames"}))


def test_a_branch_is_mirrored_by_its_text_or_its_field() -> None:
    assert mirrored(LIMIT, [Branch("count > 9", ("At most %v books fit on shelf %s.",))])
    assert not mirrored(LIMIT, [Branch("count > 9", ("the shelf is gone",), frozenset({"Count"}))])
    assert mirrored(EARLY, [Branch("names == nil", (), frozenset({"BookNames"}))])
    assert not mirrored(EARLY, [Branch("other", (), frozenset({"Shelf"}))])


def test_a_branch_is_named_by_its_text_or_a_condition_on_its_field() -> None:
    assert named(LIMIT, "- raises\n- f\"At most {n} books fit\n on shelf '{name}'\"\n")
    assert not named(LIMIT, "- books on a shelf\n")
    assert named(EARLY, "- `if not book_names: return`\n")
    assert not named(EARLY, "- book_names: list\n- if shelf\n")
    found = Branch("shelfRow == nil")
    assert named(found, "| shelf_first_row is None | shelf.rows.append(row) |\n")
    assert not named(found, "| shelf_name is None | shelf.rows.append(row) |\n")
    assert not told("%s", "anything")


def case(name: str, *, met: bool, commit: str = "c") -> Comparison:
    found = Comparison(Port(commit, "p", "2024-10-08", "Shelf", name), Facts(), Facts())
    found.verdicts = {"service file": Verdict(met, "" if met else "elsewhere")}
    return found


def test_a_bar_counts_and_names_what_missed_it() -> None:
    result = Result("scaffold", [case("a", met=True), case("b", met=False)])
    row = next(row for row in result.rows() if row.measure == "service file")
    assert (row.reached, row.met, row.missed) == ("1 of 2", True, (("b", "elsewhere"),))
    none = Result("scaffold", [case("a", met=False), case("b", met=False)])
    assert not next(row for row in none.rows() if row.measure == "service file").met


def test_a_wrong_place_that_nothing_excuses_misses_the_bar() -> None:
    cases = [case(str(at), met=True) for at in range(37)]
    for why, good in (("a, not b (asked)", True), ("a, not b (not asked)", False)):
        last = case("last", met=False)
        last.verdicts = {"service file": Verdict(False, why)}
        rows = Result("scaffold", [*cases, last]).rows()
        assert next(row for row in rows if row.measure == "service file").met is good


def test_a_commit_with_two_endpoints_pools_its_lines_once() -> None:
    from collections import Counter

    one, two = case("a", met=True), case("b", met=True)
    for comparison, line in ((one, "x"), (two, "y")):
        comparison.human_lines = {"service": Counter({"x": 1, "y": 1, "z": 1})}
        comparison.porter_lines = {"service": Counter({line: 1})}
    assert Result("scaffold", [one, two]).pooled() == (2, 3, 2)
