"""Endpoints out of `*_pb2.py`: the serialized descriptors, read without running the target.

A `*_pb2.py` holds its descriptor twice (for older and newer protobuf); the bytes are the same,
the first is taken. The routes stand in an extension of the method options whose numbers are those
of `databricks.proto`: option 51310 (`rpc`), in it endpoints = 1 with method = 1, path = 2 and
since = 3 (major = 1, minor = 2).
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from typing import cast

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    MethodDescriptorProto,
)

from porter.core.endpoint import Catalog, Endpoint, Enum, Field, Kind, Label, Message, Route
from porter.core.view import View
from porter.errors import SourceError

RPC_OPTION = 51310
REQUIRED_OPTION = 51311
"""The field option `validate_required` of databricks.proto."""
_FACTORY = "AddSerializedFile"
_LITERAL = re.compile(
    rb"\b" + _FACTORY.encode() + rb"""\((b'(?:[^'\\\n]|\\.)*'|b"(?:[^"\\\n]|\\.)*")\)"""
)
_LABELS: dict[int, Label] = {1: "optional", 2: "required", 3: "repeated"}


@functools.lru_cache(maxsize=8)
def catalog(mlflow: View) -> Catalog:
    """All endpoints, messages and enums of the `mlflow/protos` of an MLflow tree.

    Raises SourceError where the tree holds no descriptor that can be read.
    """
    files = [
        (path, descriptor)
        for path in mlflow.files("mlflow/protos", "_pb2.py", deep=True)
        if (descriptor := descriptor_of(mlflow.read(path) or b"")) is not None
    ]
    if not files:
        raise SourceError(
            f"no descriptors in {mlflow.where('mlflow/protos')}",
            next="point .mlflow.repo at a checkout of MLflow: mage repo:init",
        )
    messages: dict[str, Message] = {}
    enums: dict[str, Enum] = {}
    for path, file in files:
        module = path.removesuffix(".py").replace("/", ".")
        for name, found in _messages(file):
            messages[name] = _message(name, found, file.package, module)
        for name, values in _enums(file):
            pairs = tuple((value.name, value.number) for value in values.value)
            enums[name] = Enum(name, file.package, pairs)
    endpoints = tuple(
        endpoint
        for _, file in files
        for service in file.service
        for method in service.method
        if (endpoint := _endpoint(service.name, method, messages)) is not None
    )
    return Catalog(endpoints, messages, enums)


def descriptor_of(source: bytes) -> FileDescriptorProto | None:
    """The file descriptor in the text of a `*_pb2.py`, or None where there is none to read."""
    if _FACTORY.encode() not in source:
        return None
    literal = _LITERAL.search(source)
    if literal is not None:  # as protoc writes it: ten times faster than the whole file's tree
        return FileDescriptorProto.FromString(ast.literal_eval(literal[1].decode("latin-1")))
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == _FACTORY
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, bytes)
        ):
            return FileDescriptorProto.FromString(node.args[0].value)
    return None


def _messages(file: FileDescriptorProto) -> Iterator[tuple[str, DescriptorProto]]:
    def inside(prefix: str, found: DescriptorProto) -> Iterator[tuple[str, DescriptorProto]]:
        name = f"{prefix}.{found.name}" if prefix else found.name
        yield name, found
        for nested in found.nested_type:
            yield from inside(name, nested)

    for message in file.message_type:
        yield from inside(file.package, message)


def _enums(file: FileDescriptorProto) -> Iterator[tuple[str, EnumDescriptorProto]]:
    for enum in file.enum_type:
        yield (f"{file.package}.{enum.name}" if file.package else enum.name), enum
    for name, message in _messages(file):
        for enum in message.enum_type:
            yield f"{name}.{enum.name}", enum


def _message(name: str, found: DescriptorProto, package: str, module: str) -> Message:
    maps = {n.name for n in found.nested_type if n.options.map_entry}
    fields = tuple(_field(field, maps, found) for field in found.field)
    return Message(name, package, fields, module)


def _field(found: FieldDescriptorProto, maps: set[str], message: DescriptorProto) -> Field:
    kind = FieldDescriptorProto.Type.Name(found.type).removeprefix("TYPE_").lower()
    type_name = found.type_name.removeprefix(".") or None
    if type_name and type_name.rsplit(".", 1)[-1] in maps:
        kind = "map"
    return Field(
        found.name,
        found.number,
        cast("Kind", "message" if kind == "group" else kind),
        _LABELS[found.label],
        type_name,
        found.default_value if found.HasField("default_value") else None,
        message.oneof_decl[found.oneof_index].name if found.HasField("oneof_index") else None,
        found.HasField("options")
        and bool(dict(_wire(found.options.SerializeToString())).get(REQUIRED_OPTION)),
    )


def _endpoint(
    service: str, method: MethodDescriptorProto, messages: dict[str, Message]
) -> Endpoint | None:
    request = messages.get(method.input_type.removeprefix("."))
    routes = _routes(method)
    if request is None or not routes:
        return None
    response = messages.get(method.output_type.removeprefix("."))
    empty = Message(f"{request.full_name}.Response", request.package, (), request.module)
    return Endpoint(service, method.name, routes, request, response or empty)


def _routes(method: MethodDescriptorProto) -> tuple[Route, ...]:
    """The routes of a method, older spellings of one path (`/preview/…`) left out by `since`."""
    options = dict(_wire(method.options.SerializeToString()))
    rpc = options.get(RPC_OPTION)
    if not isinstance(rpc, bytes):
        return ()
    routes = []
    for number, value in _wire(rpc):
        if number == 1 and isinstance(value, bytes):
            parts = dict(_wire(value))
            since = dict(_wire(cast("bytes", parts.get(3, b""))))
            routes.append(
                Route(
                    cast("bytes", parts.get(1, b"")).decode(),
                    cast("bytes", parts.get(2, b"")).decode(),
                    (cast("int", since.get(1, 2)), cast("int", since.get(2, 0))),
                )
            )
    return tuple(routes)


def _wire(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of an encoded message: numbers with varints or bytes, as the wire has them."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    while at < len(data):
        key = varint()
        number, wire = key >> 3, key & 7
        if wire == 0:
            yield number, varint()
            continue
        size = varint() if wire == 2 else {1: 8, 5: 4}[wire]
        yield number, data[at : at + size]
        at += size


_SPELLING = re.compile(r"[^a-z0-9]")


def spelled(name: str) -> str:
    """A name without case, underscores and dashes, so that every spelling compares equal."""
    return _SPELLING.sub("", name.lower())
