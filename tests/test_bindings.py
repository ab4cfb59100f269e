"""Bindings out of MLflow's two stores, their imports, and the file they go into."""

from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import rpc
import small

from porter.core.command import Command, Outcome
from porter.core.edits import apply
from porter.core.task import Task
from porter.core.view import Memory, Overlay
from porter.errors import SourceError
from porter.source.scaffold.annotations import annotated
from porter.source.scaffold.bindings import binding
from porter.source.scaffold.pyimports import add_imports, from_import
from porter.steps.binding import STEP

STORE = "_get_tracking_store()"
BINDING = "garden_go/store/tracking.py"
SETTINGS = {"pyproject.toml": "[tool.ruff]\nline-length = 100\n"}


@dataclass(frozen=True)
class Row:
    what: str
    store: str
    rest: str
    wanted: str
    asks: dict[str, str] = field(default_factory=lambda: {"name": "string", "version": "string"})
    answers: dict[str, str] = field(default_factory=dict)
    handler: str = "m.name, m.version"
    path: str = "/x"


def sent(arguments: str, tail: str = "", before: str = "") -> str:
    answer = "response_proto = " if tail else ""
    rows = [
        "def find_plant(self, name, version, a_long_one=None, another=None):",
        '    """Find a plant."""',
        *textwrap.indent(textwrap.dedent(before).strip(), "    ").splitlines(),
        f"    req_body = message_to_json(FindPlant({arguments}))",
        f"    {answer}self._call_endpoint(FindPlant, req_body)",
        *textwrap.indent(tail, "    ").splitlines(),
    ]
    return "\n".join(rows)


PLAIN = "def find_plant(self, name, version): pass"
CALL = "self.service.call_endpoint(get_lib().TrackingServiceFindPlant, request)"
ROWS = [
    Row("str round a version", PLAIN, sent("name=name, version=version"), f"""
def find_plant(self, name, version):
    request = FindPlant(name=name, version=str(version))
    {CALL}
"""),
    Row("no str where it is annotated", "def find_plant(self, name: str, version: str): pass",
        sent("name=str(name), version=version"), f"""
def find_plant(self, name: str, version: str):
    request = FindPlant(name=name, version=version)
    {CALL}
"""),
    Row("the fallback is left out", PLAIN, sent("name=name, old=name, version=str(version)"), f"""
def find_plant(self, name, version):
    request = FindPlant(name=name, version=str(version))
    {CALL}
""", asks={"name": "string", "old": "string", "version": "string"},
        handler="m.name or m.old, m.version"),
    Row("a field in the path", PLAIN, sent("version=str(version)"), f"""
def find_plant(self, name, version):
    request = FindPlant(name=name, version=str(version))
    {CALL}
""", path="/plants/{name}/find"),
    Row("an entity comes back", PLAIN,
        sent("name=name", "return Plant.from_proto(response_proto.plant)"), f"""
def find_plant(self, name, version):
    request = FindPlant(name=name)
    response = {CALL}
    return Plant.from_proto(response.plant)
"""),
    Row("locals of the request are written out", PLAIN,
        sent("name=name, tags=protos", before="protos = [tag.to_proto() for tag in version or []]"),
        f"""
def find_plant(self, name, version):
    request = FindPlant(name=name, tags=[tag.to_proto() for tag in version] if version else [])
    {CALL}
"""),
    Row("a list made in a loop", PLAIN, sent("name=name, tags=tags", before="""
        tags = []
        for key, value in version.items():
            tag = PlantTag()
            tag.key = key
            tag.value = str(value)
            tags.append(tag)
        """), f"""
def find_plant(self, name, version):
    request = FindPlant(
        name=name,
        tags=[PlantTag(key=key, value=value) for key, value in version.items()]
        if version
        else [],
    )
    {CALL}
"""),
    Row("a token that the handler never fills is None", PLAIN,
        sent("name=name", "plants = [Plant.from_proto(p) for p in response_proto.plants]\n"
             "return PagedList(plants, response_proto.token or None)"), f"""
def find_plant(self, name, version):
    request = FindPlant(name=name)
    response = {CALL}
    return PagedList([Plant.from_proto(p) for p in response.plants], None)
""", answers={"plants": "*Plant", "token": "string"}),
    Row("a token that is set under a condition", PLAIN,
        sent("name=name", "token = None\nif response_proto.token:\n"
             "    token = response_proto.token\nreturn response_proto.names, token"), f"""
def find_plant(self, name, version):
    request = FindPlant(name=name)
    response = {CALL}
    return response.names, response.token or None
""", answers={"token": "string", "names": "*string"},
        handler=f"m = _get_request_message(FindPlant())\np = {STORE}.find_plant(m.name)\n"
        "r = FindPlant.Response()\nif p.token:\n    r.token = p.token"),
    Row("a local that a branch changes stays", PLAIN,
        sent("name=name", "size = None\nif response_proto.dry:\n    size = 1\nreturn size"), f"""
def find_plant(self, name, version):
    request = FindPlant(name=name)
    response = {CALL}
    size = None
    if response.dry:
        size = 1
    return size
"""),
    Row("too long for a line", "def find_plant(self, name, version, a_long_one, another): pass",
        sent("name=name, version=version, a_rather_long_field=a_long_one, other=another"), f"""
def find_plant(self, name, version, a_long_one, another):
    request = FindPlant(
        name=name, version=str(version), a_rather_long_field=a_long_one, other=another
    )
    {CALL}
"""),
    Row("without a REST method: from the handler", PLAIN, "def other(self): pass", f"""
def find_plant(self, name, version):
    request = FindPlant(name=name, version=str(version))
    {CALL}
"""),
    Row("a REST method that sends it in a branch: from the handler", PLAIN,
        "def find_plant(self, name, version):\n    if name:\n"
        "        req_body = message_to_json(FindPlant(name=batch))\n"
        "        self._call_endpoint(FindPlant, req_body)", f"""
def find_plant(self, name, version):
    request = FindPlant(name=name, version=str(version))
    {CALL}
"""),
]  # fmt: skip


def made(row: Row, **more: str) -> Task:
    asking = f"m = _get_request_message(FindPlant())\n{STORE}.find_plant({row.handler})"
    handler = row.handler if STORE in row.handler else asking
    return rpc.task(
        "findPlant", row.asks, row.answers, handler,
        store=row.store, rest=row.rest, path=row.path, tree=SETTINGS | more,
    )  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.what)
def test_binding(row: Row, tmp_path: Path) -> None:
    task = made(row)
    found = binding(task)
    assert found is not None
    assert textwrap.dedent(found.text) == row.wanted.strip()
    plan = STEP.plan(task)
    after = plan.changes[0].after.decode()
    assert after.endswith(f"\n\n{found.text}\n")
    assert STEP.inspect(task.over(plan)) == ()
    assert STEP.plan(task.over(plan)).empty
    _ = tmp_path


def test_what_go_always_sets_and_python_cannot_is_told() -> None:
    tail = "return Plant.from_proto(response_proto.plant)"
    calls = f"p = {STORE}.find_plant()\nr = FindPlant.Response(plant=p.to_proto())"
    row = Row("", PLAIN, sent("name=name", tail), "", answers={"plant": "Plant"}, handler=calls)
    go = "package entities\n\ntype Plant struct {\n\tName string\n}\n\n"
    go += "func (p Plant) ToProto() *protos.Plant {\n\treturn &protos.Plant{\n"
    python = {
        "mlflow/entities/__init__.py": "class Plant:\n    @property\n    def name(self): pass\n"
        "    def from_proto(cls, proto):\n"
        '        return cls(proto.name if proto.HasField("name") else None)\n'
    }
    task = made(row, **{"pkg/entities/plant.go": go + "\t\tName: &p.Name,\n\t}\n}\n"})
    truth = small.view(python, base=text_of(task))
    found = binding(replace(task, mlflow=truth))
    assert found is not None
    assert [note[:10] for note in found.notes] == ["plant.name"]
    pointer = made(row, **{"pkg/entities/plant.go": go + "\t\tName: p.Name,\n\t}\n}\n"})
    plain = binding(replace(pointer, mlflow=truth))
    assert plain is not None and plain.notes == ()


def text_of(task: Task) -> dict[str, str]:
    assert isinstance(task.mlflow, Memory)
    return {path: content.decode() for path, content in task.mlflow.contents.items()}


def test_all_of_them_are_formatted(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(SETTINGS["pyproject.toml"])
    for at, row in enumerate(ROWS):
        found = binding(made(row))
        assert found is not None
        (tmp_path / f"b{at}.py").write_text(f"class C:\n{found.text}\n")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--no-cache", "--diff", "."],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_a_binding_that_calls_the_wrong_export_is_found() -> None:
    wrong = (
        small.TREE[BINDING] + "\n    def find_plant(self, name, version):\n"
        "        self.service.call_endpoint(get_lib().TrackingServiceGetPlant, FindPlant())\n"
    )
    task = made(ROWS[0], **{BINDING: wrong})
    assert [f.code for f in STEP.inspect(task)] == ["P521"]
    right = wrong.replace("GetPlant", "FindPlant")
    assert STEP.inspect(made(ROWS[0], **{BINDING: right})) == ()
    other = right.replace("FindPlant())", "Other())")
    codes = [f.code for f in STEP.inspect(made(ROWS[0], **{BINDING: other}))]
    assert codes == ["P522"]


def test_a_method_behind_the_public_one_may_be_bound() -> None:
    inner = (
        small.TREE[BINDING] + "\n    def _find(self, name):\n"
        "        self.service.call_endpoint(get_lib().TrackingServiceFindPlant, FindPlant())\n"
    )
    row = Row("", "def find_plant(self, name, version):\n    return self._find(name)", "", "")
    assert STEP.inspect(made(row, **{BINDING: inner})) == ()


def test_waived() -> None:
    lost = rpc.task("findPlant", {}, {}, "pass")
    assert "no SqlAlchemyStore method" in (STEP.waived(lost) or "")
    unbound = made(ROWS[0], **{BINDING: "x = 1\n"})
    assert "no binding" in (STEP.waived(unbound) or "")


def test_ruff_is_read() -> None:
    proofs = STEP.prove(made(ROWS[0]))
    assert [proof.name for proof in proofs] == ["ruff check", "ruff format"]
    for proof in proofs:
        assert proof.read(Outcome(Command(("ruff",)), 0, "", 0.1)).ok
        bad = proof.read(Outcome(Command(("ruff",)), 1, "E501 too long", 0.1))
        assert not bad.ok and bad.details == ("E501 too long",)


IMPORTS = [
    ("a new line in a broken list", "from m import (\n    A,\n    C,\n)\n", [("m", "B")],
     "from m import (\n    A,\n    B,\n    C,\n)\n"),
    ("last in a broken list", "from m import (\n    A,\n)\n", [("m", "B")],
     "from m import (\n    A,\n    B,\n)\n"),
    ("one line stays one line", "from m import A, c\n", [("m", "B")], "from m import A, B, c\n"),
    ("one line that gets too long", "from m import " + "A" * 40 + "\n", [("m", "B" * 45)],
     "from m import (\n    " + "A" * 40 + ",\n    " + "B" * 45 + ",\n)\n"),
    ("constants, classes, the rest", "from m import MAX, Tag, call\n", [("m", "Able"), ("m", "b")],
     "from m import MAX, Able, Tag, b, call\n"),
    ("what is bound stays", "from n import A\n", [("m", "A")], "from n import A\n"),
    ("a new statement in its section", "import json\n\nfrom b import B\nfrom d import D\n",
     [("c", "C"), ("a", "A")], "import json\n\nfrom a import A\nfrom b import B\nfrom c import C\n"
     "from d import D\n"),
    ("the standard library has its own", "import json\n\nfrom b import B\n",
     [("typing", "Optional")], "import json\nfrom typing import Optional\n\nfrom b import B\n"),
    ("a section that is new", "import json\n\nx = 1\n", [("b", "B")],
     "import json\n\nfrom b import B\n\nx = 1\n"),
    ("CRLF is kept", "from m import (\r\n    A,\r\n)\r\n", [("m", "B")],
     "from m import (\r\n    A,\r\n    B,\r\n)\r\n"),
]  # fmt: skip


@pytest.mark.parametrize("what,before,wanted,after", IMPORTS, ids=[row[0] for row in IMPORTS])
def test_imports(what: str, before: str, wanted: list[tuple[str, str]], after: str) -> None:
    source = before.encode()
    assert apply(source, add_imports(source, wanted, 88)).decode() == after, what


def test_from_import_breaks_where_it_must() -> None:
    assert from_import("m", ["b", "A"], 88) == "from m import A, b"
    assert from_import("m", ["b"], 88, broken=True) == "from m import (\n    b,\n)"


def test_a_binding_that_does_not_parse() -> None:
    task = made(ROWS[0])
    broken = small.TREE[BINDING] + "\n    def (\n"
    lost = replace(task, tree=Overlay(task.tree, {BINDING: broken.encode()}))
    with pytest.raises(SourceError, match="does not parse"):
        STEP.plan(lost)


OLD = """
def find_plant(self, a: Optional[List[str]], b: Union[int, Dict[str, int]] = 0) -> List[int]: pass
"""
STYLES = [
    ("ruff asks for nothing", 'select = ["E"]', "py312",
     "def find_plant(self, a: Optional[List[str]], b: Union[int, Dict[str, int]]=0) -> List[int]:"),
    ("built-in generics", 'select = ["UP006"]', "py39",
     "def find_plant(self, a: Optional[list[str]], b: Union[int, dict[str, int]]=0) -> list[int]:"),
    ("unions need 3.10", 'select = [\n  "E",\n  "UP",  # pyupgrade\n]', "py39",
     "def find_plant(self, a: Optional[list[str]], b: Union[int, dict[str, int]]=0) -> list[int]:"),
    ("both", 'select = ["UP"]', "py310",
     "def find_plant(self, a: list[str] | None, b: int | dict[str, int]=0) -> list[int]:"),
]  # fmt: skip


@pytest.mark.parametrize("what,select,version,head", STYLES, ids=[row[0] for row in STYLES])
def test_annotations_are_those_that_ruff_wants(
    what: str, select: str, version: str, head: str
) -> None:
    text = f'[tool.ruff]\ntarget-version = "{version}"\n\n[tool.ruff.lint]\n{select}\n'
    old = ast.parse(OLD).body[0]
    assert isinstance(old, ast.FunctionDef)
    made = annotated(small.view({"pyproject.toml": text}), old)
    assert ast.unparse(made).splitlines()[0] == head, what
    assert "Optional" in ast.unparse(old), "MLflow's own stays as it is"


@pytest.mark.parametrize("filled", [True, False])
def test_a_fallback_is_filled_where_the_binding_of_the_neighbour_fills_it(filled: bool) -> None:
    row = Row("", PLAIN, sent("old=name, name=name"), "", {"name": "string", "old": "string"},
              handler="m.name or m.old")  # fmt: skip
    task = made(row)
    beside = rpc.endpoint("growPlant", {"name": "string", "old": "string"}, {})
    grow = "def _grow():\n    m = _get_request_message(GrowPlant())\n"
    grow += f"    {STORE}.grow_plant(m.name or m.old)\n"
    python = text_of(task)
    place = "mlflow/server/handlers.py"
    python[place] = grow + python[place].replace("HANDLERS = {", "HANDLERS = {GrowPlant: _grow, ")
    plants = "pkg/tracking/service/plants.go"
    go = small.TREE[plants] + "\nfunc (ts TrackingService) GrowPlant() error {\n\treturn nil\n}\n"
    bound = small.TREE[BINDING] + "    def grow(self, name):\n        GrowPlant("
    bound += "old=name, name=name)\n" if filled else "name=name)\n"
    tree = small.view({plants: go, BINDING: bound}, SETTINGS)
    catalog = replace(task.catalog, endpoints=(*task.catalog.endpoints, beside))
    truth = small.view({}, base=python)
    found = binding(replace(task, tree=tree, mlflow=truth, catalog=catalog))
    assert found is not None
    assert ("FindPlant(old=name, name=name)" if filled else "FindPlant(name=name)") in found.text
