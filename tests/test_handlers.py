"""A handler in, its store calls, response and leftovers out."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
import rpc

from porter.source.mlflow import index
from porter.source.mlflow.handlers import Handler, handler
from porter.source.mlflow.values import (
    Asked,
    Called,
    Each,
    Either,
    Item,
    Made,
    Maybe,
    Pairs,
    Returned,
    Unknown,
    Value,
    fields_of,
    understood,
)

ASKS = {"name": "string", "old_name": "string", "size": "int64", "tags": "*PlantTag",
        "plant": "Plant", "kind": "Kind!"}  # fmt: skip
ANSWERS = {"plant": "Plant", "plants": "*Plant", "next_page_token": "string", "count": "int64"}
READ = 'message = _get_request_message(FindPlant(), schema={"name": []})\n'
STORE = "_get_tracking_store()"


@dataclass(frozen=True)
class Row:
    what: str
    body: str
    given: dict[str, Value] = field(default_factory=dict)
    built: dict[str, Value] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    helpers: str = ""


def name(part: str) -> Asked:
    return Asked((part,))


PLAIN = f"{STORE}.find_plant(message.name)\n"
ROWS = [
    Row("by position", PLAIN, {"0": name("name")}),
    Row("by name", f"{STORE}.find_plant(name=message.name)", {"name": name("name")}),
    Row("through a local", f"n = message.name\n{STORE}.find_plant(n)", {"0": name("name")}),
    Row("the store in a local", f"s = {STORE}\ns.find_plant(message.size)", {"0": name("size")}),
    Row(
        "a fallback",
        f"{STORE}.find_plant(message.name or message.old_name)",
        {"0": Either(name("name"), name("old_name"))},
    ),
    Row("or None", f"{STORE}.find_plant(message.name or None)", {"0": Maybe(name("name"))}),
    Row(
        "HasField in an expression",
        f'n = message.size if message.HasField("size") else None\n{STORE}.find_plant(n)',
        {"0": Maybe(name("size"))},
    ),
    Row(
        "HasField in a statement",
        f'n = None\nif message.HasField("size"):\n    n = message.size\n{STORE}.find_plant(n)',
        {"0": Maybe(name("size"))},
    ),
    Row(
        "a nested function that asks HasField",
        f"""def get(field):
    if message.HasField(field):
        return getattr(message, field)
    return None
{STORE}.find_plant(get("size"))""",
        {"0": Maybe(name("size"))},
    ),
    Row(
        "an entity by its constructor's names",
        f"{STORE}.find_plant(PlantTag(message.name, message.old_name))",
        {"0": Made("PlantTag", (("key", name("name")), ("value", name("old_name"))))},
    ),
    Row(
        "a list of entities",
        f"{STORE}.find_plant([PlantTag.from_proto(t) for t in message.tags])",
        {"0": Each(name("tags"), Called("PlantTag.from_proto", Item()))},
    ),
    Row(
        "a dict of pairs",
        f"tags = {{t.key: t.value for t in message.tags}}\n{STORE}.find_plant(tags=tags)",
        {"tags": Pairs(name("tags"))},
    ),
    Row(
        "an enum",
        f"{STORE}.find_plant(Kind.from_proto(message.kind))",
        {"0": Called("Kind.from_proto", name("kind"))},
    ),
    Row(
        "a nested field",
        f"{STORE}.find_plant(message.plant.name)",
        {"0": Asked(("plant", "name"))},
    ),
    Row(
        "a helper that gets the request",
        "return _wrap_response(find_impl(message))",
        {"0": name("name")},
        {"plant": Called("to_proto", Returned(0))},
        helpers=f"""
        def find_impl(request_message):
            response_message = FindPlant.Response()
            plant = {STORE}.find_plant(request_message.name).to_proto()
            response_message.plant.MergeFrom(plant)
            return response_message
        """,
    ),
    Row(
        "one entity in the constructor",
        f"p = {STORE}.find_plant(message.name)\nr = FindPlant.Response(plant=p.to_proto())",
        {"0": name("name")},
        {"plant": Called("to_proto", Returned(0))},
    ),
    Row(
        "a list and its token",
        f"""found = {STORE}.find_plant(message.name)
r = FindPlant.Response()
r.plants.extend([p.to_proto() for p in found])
if found.token:
    r.next_page_token = found.token
return _wrap_response(r)""",
        {"0": name("name")},
        {
            "plants": Each(Returned(0), Called("to_proto", Item())),
            "next_page_token": Returned(0, ("token",)),
        },
    ),
    Row(
        "a pair that the store answers",
        f"""plants, token = {STORE}.find_plant(message.name)
r = FindPlant.Response()
r.plants.extend([p.to_proto() for p in plants])
if token:
    r.next_page_token = token""",
        {"0": name("name")},
        {
            "plants": Each(Returned(0, ("0",)), Called("to_proto", Item())),
            "next_page_token": Returned(0, ("1",)),
        },
    ),
    Row(
        "a scalar",
        f"r = FindPlant.Response()\nr.count = {STORE}.find_plant(message.name)",
        {"0": name("name")},
        {"count": Returned(0)},
    ),
    Row(
        "a refusal",
        'if message.size > 3:\n    raise MlflowException("Too big", INVALID_STATE)\n' + PLAIN,
        {"0": name("name")},
        left=("raise message.size > 3 INVALID_STATE",),
    ),
    Row(
        "a call that nobody knows",
        "_audit(message.name)\n" + PLAIN,
        {"0": name("name")},
        left=("call  ",),
    ),
    Row(
        "a loop forgets what it binds",
        f"n = message.name\nfor t in message.tags:\n    n = t.key\n{STORE}.find_plant(n)",
        {"0": Unknown("n")},
        left=("loop  ",),
    ),
    Row(
        "a refusal in an except",
        f"try:\n    {PLAIN}except KeyError:\n    raise MlflowException('gone', NOT_FOUND)",
        {"0": name("name")},
        left=("raise except KeyError NOT_FOUND",),
    ),
]


def read(row: Row) -> Handler:
    made = rpc.task("findPlant", ASKS, ANSWERS, READ + row.body, helpers=row.helpers)
    found = handler(index(made.mlflow), made.catalog, made.endpoint)
    assert found is not None
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.what)
def test_handler(row: Row) -> None:
    found = read(row)
    assert found.call is not None
    assert found.call.method == "find_plant"
    assert dict(found.call.arguments) == row.given
    assert {b.path[0]: b.value for b in found.built} == row.built
    assert tuple(f"{b.kind} {b.condition} {b.error}" for b in found.branches) == row.left


def test_a_parameter_is_the_field_in_the_path() -> None:
    made = rpc.task("findPlant", ASKS, {}, f"{STORE}.find_plant(name)", path="/garden/{name}/find")
    found = handler(index(made.mlflow), made.catalog, made.endpoint)
    assert found is not None and found.call is not None
    assert found.call.arguments == (("0", name("name")),)
    assert not found.reads_request


def test_a_call_under_a_field_is_guarded() -> None:
    found = read(Row("", f"if message.name:\n    {PLAIN}"))
    assert found.calls[0].guard == name("name")


def test_the_working_call_is_the_one_that_is_answered_with() -> None:
    body = f"p = {STORE}.find_plant(1)\n{STORE}.note(2)\nr = FindPlant.Response(plant=p.to_proto())"
    assert (found := read(Row("", body))).call is not None
    assert found.call.method == "find_plant"


@pytest.mark.parametrize("table", ["", "OTHERS = {FindPlant: _handle}"])
def test_no_handler_of_its_own(table: str) -> None:
    made = rpc.task(
        "findPlant",
        ASKS,
        {},
        "pass",
        python={"mlflow/server/handlers.py": f"def f(): pass\n{table}"},
    )
    assert handler(index(made.mlflow), made.catalog, made.endpoint) is None


def test_aliases_and_updates_of_the_table() -> None:
    text = (
        f"from {rpc.MODULE} import FindPlant as Wanted\n"
        "def _find():\n    _get_tracking_store().find_plant()\n"
        "HANDLERS = {}\nHANDLERS.update({Wanted: _find})\n"
    )
    made = rpc.task("findPlant", ASKS, {}, "pass", python={"mlflow/server/handlers.py": text})
    found = handler(index(made.mlflow), made.catalog, made.endpoint)
    assert found is not None and found.name == "_find"


def test_values_name_their_fields() -> None:
    made = Made("T", (("a", Either(name("x"), name("y"))), ("b", Each(name("z"), Item()))))
    assert fields_of(made) == ("x", "y", "z")
    assert understood(made) and not understood(Maybe(Each(name("x"), Unknown("?"))))
