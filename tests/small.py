"""A small checkout and a small MLflow, made up for the tests: a garden with plants and their tags.

`TREE` and `MLFLOW` map paths to contents; a test changes what it needs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from small_mlflow import MLFLOW
from small_tree import TREE

from porter.core.question import Answer, Answers
from porter.core.task import Task
from porter.core.view import Memory
from porter.source.checkout.layout import discover
from porter.source.protos import RPC_OPTION, catalog
from porter.source.resolve import resolve

_KINDS = {
    "string": FieldDescriptorProto.TYPE_STRING,
    "int64": FieldDescriptorProto.TYPE_INT64,
    "bool": FieldDescriptorProto.TYPE_BOOL,
}
_MESSAGES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "CreatePlant": ({"name": "string"}, {"plant_id": "string"}),
    "GetPlant": ({"plant_id": "string"}, {"plant": "Plant"}),
    "WaterPlant": ({"plant_id": "string", "litres": "int64"}, {}),
    "SetTag": ({"plant_id": "string", "key": "string", "value": "string"}, {}),
    "PruneHedge": ({"hedge_id": "string"}, {}),
    "ListArtifacts": ({"path": "string"}, {}),
}
SERVICES = {
    "MlflowService": (
        ("createPlant", "POST", "/garden/plants/create"),
        ("getPlant", "GET", "/garden/plants/get"),
        ("setTag", "POST", "/garden/plants/set-tag"),
        ("waterPlant", "POST", "/garden/plants/{plant_id}/water"),
        ("pruneHedge", "POST", "/garden/hedges/prune"),
        ("listArtifacts", "GET", "/garden/artifacts/list"),
    ),
    "MlflowArtifactsService": (("listArtifacts", "GET", "/garden-artifacts/artifacts"),),
    "ShedService": (("openShed", "POST", "/garden/shed"),),
}
_CODES = ("INTERNAL_ERROR", "NOT_IMPLEMENTED", "INVALID_STATE", "RESOURCE_DOES_NOT_EXIST")


def view(*changes: Mapping[str, str | bytes | None], base: Mapping[str, str] = TREE) -> Memory:
    """The small checkout with files put in, changed or (None) taken out."""
    files: dict[str, bytes] = {path: text.encode() for path, text in base.items()}
    for change in changes:
        for path, text in change.items():
            if text is None:
                files.pop(path, None)
            else:
                files[path] = text.encode() if isinstance(text, str) else text
    return Memory(files)


def mlflow(*changes: Mapping[str, str | bytes | None]) -> Memory:
    """The small MLflow with its descriptors."""
    return view(_descriptors(), *changes, base=MLFLOW)


def task(
    endpoint: str,
    *changes: Mapping[str, str | bytes | None],
    answers: Mapping[str, str] | None = None,
    python: Mapping[str, str | bytes | None] | None = None,
) -> Task:
    """A task on the small checkout."""
    tree, truth = view(*changes), mlflow(python or {})
    every, layout = catalog(truth), discover(tree)
    given = Answers({key: Answer(value) for key, value in (answers or {}).items()})
    return Task(resolve(endpoint, every, layout), layout, tree, truth, every, given)


def answered(made: Task, answers: Mapping[str, str]) -> Task:
    """The task with these answers."""
    given = Answers({key: Answer(value) for key, value in answers.items()})
    return dataclasses.replace(made, answers=given)


def over(made: Task, *changes: Mapping[str, str | bytes | None]) -> Task:
    """The task on its tree with files changed, and the layout discovered anew."""
    assert isinstance(made.tree, Memory)
    files = {path: content.decode() for path, content in made.tree.contents.items()}
    tree = view(*changes, base=files)
    return dataclasses.replace(made, tree=tree, layout=discover(tree))


def _descriptors() -> dict[str, str]:
    file = FileDescriptorProto(name="service.proto", package="mlflow", syntax="proto2")
    _message(file, "Plant", {"plant_id": "string", "name": "string"})
    _message(file, "PlantTag", {"key": "string", "value": "string"})
    for name, (fields, answer) in _MESSAGES.items():
        _message(file, name, fields)
        _message(file.message_type[-1], "Response", answer)
    _message(file, "OpenShed", {})
    for service, methods in SERVICES.items():
        made = file.service.add(name=service)
        for name, verb, path in methods:
            message = name[0].upper() + name[1:]
            method = made.method.add(name=name, input_type=f".mlflow.{message}")
            method.output_type = f".mlflow.{message}.Response"
            method.options.MergeFromString(_rpc(verb, path))
    codes = FileDescriptorProto(name="databricks.proto", package="mlflow", syntax="proto2")
    enum = codes.enum_type.add(name="ErrorCode")
    for number, name in enumerate(_CODES, start=1):
        enum.value.add(name=name, number=number)
    names = "\n".join(f"{name} = {at}" for at, name in enumerate(_CODES, start=1))
    return {
        "mlflow/protos/service_pb2.py": _pb2(file),
        "mlflow/protos/databricks_pb2.py": _pb2(codes) + names + "\nINVALID_PARAMETER_VALUE = 5\n",
    }


def _message(
    owner: FileDescriptorProto | DescriptorProto, name: str, fields: Mapping[str, str]
) -> None:
    made = (
        owner.message_type if isinstance(owner, FileDescriptorProto) else owner.nested_type
    ).add(name=name)
    for number, (field, kind) in enumerate(fields.items(), start=1):
        label = FieldDescriptorProto.LABEL_OPTIONAL
        if kind in _KINDS:
            made.field.add(name=field, number=number, type=_KINDS[kind], label=label)
        else:
            message = FieldDescriptorProto.TYPE_MESSAGE
            made.field.add(
                name=field, number=number, type=message, label=label, type_name=f".mlflow.{kind}"
            )


def _pb2(file: FileDescriptorProto) -> str:
    return f"DESCRIPTOR = pool.AddSerializedFile({file.SerializeToString()!r})\n"


def _rpc(verb: str, path: str) -> bytes:
    route = _bytes(1, verb.encode()) + _bytes(2, path.encode())
    return _bytes(RPC_OPTION, _bytes(1, route))


def _bytes(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])
