"""One made-up rpc, `ask`, whose Python a test writes: a handler, a store, validators, entities.

`View` of an MLflow tree in memory; the names of files and of the request reader are MLflow's, the
code is our own.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    EnumValueDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)

from porter.core.constraint import Inference
from porter.core.endpoint import Catalog, Endpoint
from porter.core.view import Memory
from porter.source.constraints import infer_constraints
from porter.source.mlflow import index
from porter.source.protos import catalog

FIELDS = (
    "string name", "string other", "string text default=plain", "int64 count",
    "int64 size default=10",
    "double ratio", "bool flag", "Mode mode", "repeated string ids", "repeated Note notes",
    "Note one", "map labels", "Either either", "google.protobuf.Value any",
)  # fmt: skip
HANDLERS = """
from mlflow.entities import Note
from mlflow.protos.service_pb2 import Ask
from mlflow.exceptions import MlflowException
from mlflow.utils.validation import *
from mlflow.utils.validation import {checks}
import json, os, posixpath, re, urllib.parse

def _assert_string(x): assert isinstance(x, str)
def _assert_intlike(x): assert isinstance(x, int)
def _assert_bool(x): assert isinstance(x, bool)
def _assert_floatlike(x): assert isinstance(x, float)
def _assert_array(x): assert isinstance(x, list)
def _assert_item_type_string(x): assert all(isinstance(i, str) for i in x)
def _assert_map_key_present(x): pass
def _assert_required(x, path=None): assert x is not None
def _assert_less_than_or_equal(x, max_value, message=None):
    if x > max_value:
        raise AssertionError(message) if message else AssertionError()
def _assert_intlike_within_range(x, min_value, max_value, message=None):
    if not min_value <= x <= max_value:
        raise AssertionError(message) if message else AssertionError()
def _get_request_json(): pass
def _get_request_message(message, flask_request=None, schema=None):
    if schema:
        for key in schema:
            if key == "name" and value is None and "other" in request_json:
                value = request_json.get("other")
    return message
def _get_tracking_store(): pass
def _get_model_registry_store(): pass

{body}

HANDLERS = {{Ask: _ask}}
"""
ENTITIES = """
class Note:
    def __init__(self, key, value):
        self._key = key
        self._value = value

    @property
    def key(self):
        return self._key

    @property
    def value(self):
        return self._value

    @classmethod
    def from_proto(cls, proto):
        return cls(proto.key, proto.value)
"""
ENVIRONMENT = """
class _BooleanEnvironmentVariable:
    def __init__(self, name, default): pass
LOUD = _BooleanEnvironmentVariable("MLFLOW_LOUD", True)
QUIET = _BooleanEnvironmentVariable("MLFLOW_QUIET", False)
"""
_TYPES = {
    "string": FieldDescriptorProto.TYPE_STRING,
    "int64": FieldDescriptorProto.TYPE_INT64,
    "double": FieldDescriptorProto.TYPE_DOUBLE,
    "bool": FieldDescriptorProto.TYPE_BOOL,
}


def tree(
    body: str,
    store: str = "",
    checks: str = "",
    files: Mapping[str, str] | None = None,
    route: str = "/garden/ask",
) -> Memory:
    """A tree whose only rpc has this handler (`def _ask(): …`), store class body and validators."""
    names = [line.split("(")[0][4:] for line in checks.splitlines() if line.startswith("def ")]
    handlers = HANDLERS.format(body=textwrap.dedent(body), checks=", ".join(names) or "nothing")
    contents = {
        "mlflow/server/handlers.py": handlers,
        "mlflow/entities/__init__.py": ENTITIES,
        "mlflow/environment_variables.py": ENVIRONMENT,
        "mlflow/utils/validation.py": "import json, os, posixpath, re\n"
        "from mlflow.exceptions import MlflowException\n"
        "from mlflow.environment_variables import LOUD, QUIET\nnothing = None\n"
        + textwrap.dedent(checks),
        "mlflow/exceptions.py": "class MlflowException(Exception): pass\n",
        "mlflow/store/tracking/sqlalchemy_store.py": "from mlflow.utils.validation import *\n"
        f"from mlflow.utils.validation import {', '.join(names) or 'nothing'}\n"
        "from mlflow.exceptions import MlflowException\nfrom mlflow.entities import Note\n"
        f"class SqlAlchemyStore:\n{textwrap.indent(textwrap.dedent(store) or 'pass', '    ')}\n",
        "mlflow/protos/service_pb2.py": _descriptor("POST", route),
        **(files or {}),
    }
    return Memory({path: text.encode() for path, text in contents.items()})


def asked(view: Memory) -> tuple[Inference, Endpoint, Catalog]:
    """What porter says of the rpc of such a tree."""
    known = catalog(view)
    endpoint = known.endpoints[0]
    return infer_constraints(index(view), known, endpoint), endpoint, known


def lines(found: Inference) -> list[str]:
    """Each constraint as `field kind value`, `?` where conditional, `~` where not certain."""
    out = []
    for one in found.constraints:
        value = " ".join(one.value) if isinstance(one.value, tuple) else one.value
        marks = ("?" if one.conditional else "") + ("" if one.certain else "~")
        out.append(
            " ".join(str(p) for p in (one.field, one.kind, value, marks) if p not in (None, ""))
        )
    return sorted(out)


def _descriptor(method: str, route: str) -> str:
    file = FileDescriptorProto(name="service.proto", package="mlflow", syntax="proto2")
    values = [
        EnumValueDescriptorProto(name=n, number=i) for i, n in enumerate(("NONE", "ON", "OFF"))
    ]
    file.enum_type.append(EnumDescriptorProto(name="Mode", value=values))
    note = file.message_type.add(name="Note")
    for number, name in enumerate(("key", "value"), 1):
        _add(note, number, f"string {name}")
    either = file.message_type.add(name="Either")
    either.oneof_decl.add(name="kind")
    for number, field in enumerate(("Note note", "Span span"), 1):
        _add(either, number, field)
        either.field[-1].oneof_index = 0
    span = file.message_type.add(name="Span")
    for number, name in enumerate(("low", "high"), 1):
        _add(span, number, f"int64 {name}")
    ask = file.message_type.add(name="Ask")
    ask.nested_type.add(name="Response")
    entry = ask.nested_type.add(name="LabelsEntry")
    entry.options.map_entry = True
    for number, name in enumerate(("key", "value"), 1):
        _add(entry, number, f"string {name}")
    for number, field in enumerate(FIELDS, 1):
        _add(ask, number, field)
    rpc = file.service.add(name="MlflowService").method.add(
        name="ask", input_type=".mlflow.Ask", output_type=".mlflow.Ask.Response"
    )
    way = _bytes(1, method.encode()) + _bytes(2, route.encode())
    rpc.options.MergeFromString(_bytes(51310, _bytes(1, way)))
    return f"DESCRIPTOR = pool.AddSerializedFile({file.SerializeToString()!r})\n"


def _add(message: DescriptorProto, number: int, text: str) -> None:
    words = text.split()
    field = message.field.add(number=number, label=FieldDescriptorProto.LABEL_OPTIONAL)
    if words[0] == "repeated":
        field.label = FieldDescriptorProto.LABEL_REPEATED
        words = words[1:]
    kind, field.name = words[0], words[1]
    if kind == "map":
        field.label = FieldDescriptorProto.LABEL_REPEATED
        field.type, field.type_name = FieldDescriptorProto.TYPE_MESSAGE, ".mlflow.Ask.LabelsEntry"
    elif kind in _TYPES:
        field.type = _TYPES[kind]
    else:
        field.type_name = f".{kind}" if "." in kind else f".mlflow.{kind}"
        enum = kind == "Mode"
        field.type = FieldDescriptorProto.TYPE_ENUM if enum else FieldDescriptorProto.TYPE_MESSAGE
    if len(words) > 2:
        field.default_value = words[2].removeprefix("default=")


def _bytes(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])
