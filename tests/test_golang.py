"""Go read and edited: what stands is found by syntax, and an edit moves no other byte."""

from __future__ import annotations

import shutil
import string
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from porter.core.edits import Edit, apply
from porter.errors import SourceError
from porter.source.golang import GoFile, GoParam, goedit, parse, parse_bytes, parses
from porter.source.golang.gofile import new_file
from porter.source.golang.goimports import Wanted, add_imports
from porter.source.golang.gosignature import CONTEXT, declaration, multiline_style

from small import view  # isort: skip

GROUPED = b"""package store

import "context"

type (
	One interface {
		pkg.Base
		Two
		A(ctx context.Context, name, version string) (*pkg.Thing, error)
	}
	Two interface{ B() }
	Thing struct {
		*pkg.Base
		ID, Key string `gorm:"column:id;primaryKey"`
	}
)

const Limit, Name = 40, "a\\"b"

var table = map[string]Info{
	"a": {Names: []string{
		"x", // y
	}},
}

func (s *Thing[T]) A(xs ...string) func(int) error { return helper(s.b.C(xs, 1)) }
"""


def test_what_stands_is_read() -> None:
    file = parse_bytes(GROUPED)
    one, two = file.interfaces
    assert (one.name, one.embeds, two.name) == ("One", ("pkg.Base", "Two"), "Two")
    (method,) = one.methods
    assert [(p.name, p.type) for p in method.params] == [
        ("ctx", "context.Context"), ("name", "string"), ("version", "string"),
    ]  # fmt: skip
    assert [r.type for r in method.results] == ["*pkg.Thing", "error"]
    (thing,) = file.structs
    assert [(f.name, f.type, f.embedded) for f in thing.fields] == [
        ("Base", "*pkg.Base", True), ("ID", "string", False), ("Key", "string", False),
    ]  # fmt: skip
    assert thing.fields[1].tag == 'gorm:"column:id;primaryKey"'
    assert [(v.name, v.text) for v in file.values[:0:-1]] == [("Name", 'a"b'), ("Limit", "40")]
    (function,) = file.functions
    assert function.receiver is not None
    assert (function.receiver.type, function.receiver.pointer) == ("Thing", True)
    assert [p.type for p in function.params] == ["...string"]
    assert function.body is not None
    assert [call.callee for call in file.calls(function.body)] == ["helper", "s.b.C"]


def test_nested_literals_hold_their_entries_and_comments() -> None:
    table = parse_bytes(GROUPED).value("table")
    assert table is not None and table.literal is not None
    entry = table.literal.entry("a")
    assert entry is not None and entry.literal is not None
    names = entry.literal.entry("Names")
    assert names is not None and names.literal is not None
    assert [e.value for e in names.literal.entries] == ["x"]
    assert [c.text for c in names.literal.comments] == ["y"]


@pytest.mark.parametrize(
    ("source", "line"),
    [(b"package x\n\nfunc (\n", 3), (b"package x\nvar a = map[string]string{\n", 2), (b"}\n", 1)],
)
def test_a_file_that_does_not_parse_is_refused_with_its_line(source: bytes, line: int) -> None:
    with pytest.raises(SourceError) as caught:
        parse(view({"a.go": source}), "a.go")
    assert caught.value.message == f"a.go:{line} does not parse"
    assert f"mend a.go:{line}" in caught.value.next


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(SourceError, match=r"there is no gone\.go"):
        parse(view(), "gone.go")


def test_no_final_newline_is_no_error() -> None:
    assert parses(b"package x\n\ntype I interface {\n\tA() // b\n}")


def edited(source: str, edits: list[Edit]) -> str:
    return apply(source.encode(), edits).decode()


METHOD_PLACES = [
    ("type I interface{}\n", "type I interface {\n\tNew(ctx context.Context) error\n}\n"),
    ("type I interface{ A(); B() }\n",
     "type I interface {\n\tA()\n\tB()\n\tNew(ctx context.Context) error\n}\n"),
    ("type I interface {\n\tA() // first\n\t// last\n}",
     "type I interface {\n\tA() // first\n\tNew(ctx context.Context) error\n\t// last\n}"),
    ("type I interface {\n\tpkg.J\n}\n",
     "type I interface {\n\tpkg.J\n\tNew(ctx context.Context) error\n}\n"),
    ("type (\n\tI interface {\n\t\tA()\n\t}\n)\n",
     "type (\n\tI interface {\n\t\tA()\n\t\tNew(ctx context.Context) error\n\t}\n)\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), METHOD_PLACES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_method_goes_behind_the_last_one(before: str, after: str, newline: str) -> None:
    source = f"package x\n\n{before}".replace("\n", newline)
    file = parse_bytes(source.encode())
    made = edited(source, goedit.add_method(file, "I", "New", [CONTEXT], ["error"]))
    assert made == f"package x\n\n{after}".replace("\n", newline)


def test_an_interface_that_is_gone_is_named_with_what_to_do() -> None:
    with pytest.raises(SourceError, match="no interface Gone") as caught:
        goedit.add_method(parse_bytes(b"package x\n"), "Gone", "New", [], [])
    assert "by hand" in caught.value.next


def test_a_long_signature_is_broken_as_its_file_breaks_them() -> None:
    params = [CONTEXT, *(GoParam(f"{letter * 7}", "string") for letter in "abc")]
    params += [GoParam(f"{letter * 7}", "int64") for letter in "defgh"]
    packed = declaration("Long", params, ["*Thing", "error"], indent="\t")
    assert packed.splitlines()[1].startswith("\t\tctx context.Context, aaaaaaa, ")
    assert packed.splitlines()[2] == "\t) (*Thing, error)"
    each = declaration("Long", params, ["*Thing", "error"], style="each", indent="\t")
    assert len(each.splitlines()) == len(params) + 2
    file = parse_bytes(b"package x\n\ntype I interface {\n\tA(\n\t\ta int,\n\t\tb int,\n\t)\n}\n")
    assert multiline_style(file) == "packed"
    assert multiline_style(file, file.interfaces[0]) == "each"


IMPORTS = [
    ("package x\n", "package x\n\nimport (\n\t\"time\"\n\n\t\"gorm.io/gorm\"\n\n\tb \"m/a\"\n)\n"),
    ("package x // c\n\nimport \"fmt\"\n",
     "package x // c\n\nimport (\n\t\"fmt\"\n\t\"time\"\n\n\t\"gorm.io/gorm\"\n\n\tb \"m/a\"\n)\n"),
    ("package x\n\nimport (\n\t\"os\"\n\n\t\"m/b\" // why\n)\n",
     "package x\n\nimport (\n\t\"os\"\n\t\"time\"\n\n\t\"gorm.io/gorm\"\n\n\tb \"m/a\"\n"
     "\t\"m/b\" // why\n)\n"),
    ("package x\n\n// #include <a.h>\nimport \"C\"\n\nimport (\n\t\"time\"\n)\n",
     "package x\n\n// #include <a.h>\nimport \"C\"\n\nimport (\n\t\"time\"\n\n\t\"gorm.io/gorm\"\n"
     "\n\tb \"m/a\"\n)\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), IMPORTS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_imports_go_into_their_group(before: str, after: str, newline: str) -> None:
    source = before.replace("\n", newline)
    wanted = [Wanted("time"), Wanted("gorm.io/gorm"), Wanted("m/a", "b")]
    file = parse_bytes(source.encode())
    assert edited(source, add_imports(file, wanted, "m")) == after.replace("\n", newline)
    again = parse_bytes(after.encode())
    assert add_imports(again, wanted, "m") == []


@pytest.mark.parametrize("ending", ["", "\n", "\n\n\n", "\r\n"])
def test_a_declaration_is_appended_behind_one_blank_line(ending: str) -> None:
    source = f"package x\n\nfunc a() {{}}{ending}"
    made = edited(source, goedit.append(parse_bytes(source.encode()), "func b() {}"))
    assert made.replace("\r", "") == "package x\n\nfunc a() {}\n\nfunc b() {}\n"


def test_a_new_file_has_its_imports_in_groups() -> None:
    made = new_file("x", [Wanted("m/a"), Wanted("context")], "func f() {}", "m")
    assert made == b'package x\n\nimport (\n\t"context"\n\n\t"m/a"\n)\n\nfunc f() {}\n'


def test_the_last_entry_leaves_no_empty_lines() -> None:
    source = 'package x\n\nvar v = map[string]string{\n\t"a": "b",\n}\n'
    file = parse_bytes(source.encode())
    literal = file.values[0].literal
    assert literal is not None
    made = edited(source, goedit.remove_entry(file, literal, literal.entries[0]))
    assert made == "package x\n\nvar v = map[string]string{}\n"


KEY = st.text(string.ascii_letters, min_size=1, max_size=70)
ROW = st.one_of(
    KEY.map(lambda k: f'\t"{k}": "x",'),
    KEY.map(lambda k: f'\t"{k}":    "odd", // note'),
    KEY.map(lambda k: f'\t"{k}": `a\nb`,'),
    KEY.map(lambda k: f'\t"{k}": {{\n\t\t"n": 1,\n\t}},'),
    st.sampled_from(["", "\t// a comment", '\t// "commented": "x",']),
)
SOURCES = st.tuples(
    st.lists(ROW, max_size=7),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "func f() {\n\n\tg( 1,2 )\n}\n", "type I interface {\n  A()\n}\n"]),
).map(
    lambda t: (
        "package x\n\nvar v = map[string]T{\n" + "\n".join(t[0]).rstrip("\n") + f"\n}}\n{t[2]}"
    ).replace("\n", t[1])
)


def lines_kept(before: str, after: str) -> bool:
    """Whether all lines of `before` stand in `after` in order, up to blanks behind a key."""
    rest = iter(after.splitlines(keepends=True))
    return all(any(squeezed(line) == squeezed(other) for other in rest) for line in
               before.splitlines(keepends=True))  # fmt: skip


def squeezed(line: str) -> str:
    head, colon, tail = line.partition('":')
    return head + colon + tail.lstrip(" ") if colon else line


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SOURCES, KEY)
def test_every_other_byte_stays(source: str, key: str) -> None:
    file = parse_bytes(source.encode())
    literal = file.values[0].literal
    assert literal is not None
    for edits in (
        goedit.add_entry(file, literal, key, '"new"'),
        goedit.append(file, "func new() {}"),
        add_imports(file, [Wanted("time")], "m"),
    ):
        made = apply(source.encode(), edits)
        assert parses(made)
        assert lines_kept(source, made.decode())
        touched = b"".join(edit.text for edit in edits)
        assert len(made) - len(source) <= len(touched.replace(b"\n", b"\r\n"))
        if "\r\n" in source:
            assert b"\n" not in made.replace(b"\r\n", b"")


def formatted(source: bytes) -> bytes:
    return subprocess.run(["gofmt"], input=source, capture_output=True, check=True).stdout


@pytest.mark.go
@pytest.mark.skipif(shutil.which("gofmt") is None, reason="there is no gofmt")
@settings(max_examples=60, deadline=None, derandomize=True)
@given(SOURCES, KEY, st.integers(0, 6))
def test_a_clean_file_stays_clean(source: str, key: str, at: int) -> None:
    clean = formatted(source.encode())
    file = parse_bytes(clean)
    literal = file.values[0].literal
    assert literal is not None
    places = literal.entries[at % len(literal.entries) :][:1] if literal.entries else ()
    for place in (None, *places):
        made = apply(clean, goedit.add_entry(file, literal, key, '"new"', after=place))
        assert formatted(made) == made
    for place in places:
        made = apply(clean, goedit.remove_entry(file, literal, place))
        assert formatted(made) == made


def test_a_generic_file_is_a_file() -> None:
    assert isinstance(parse_bytes(b"package x\n\nfunc F[T any](v T) T { return v }\n"), GoFile)
