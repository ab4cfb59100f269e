"""The serialized descriptors that protoc-gen-go embeds, to tell which protos made a Go file.

Those of a `.pb.go` and of a `*_pb2.py` are equal where both came from the same proto, once what
differs by language and by command line is cleared: file name, imports and json_name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)

from porter.core.endpoint import go_camel
from porter.core.view import View
from porter.source.protos import descriptor_of

_LINE = re.compile(rb"//(.*)")
_BLOCK = re.compile(rb"/\*(.*?)\*/", re.DOTALL)
_TYPE = re.compile(rb"^type (\w+) ", re.MULTILINE)
_SOURCE = re.compile(rb"^// source: (\S+\.proto)", re.MULTILINE)
_BYTES = re.compile(rb"_rawDesc = \[\]byte\{([^}]*)\}")
_TEXT = re.compile(rb'_rawDesc = ""((?:\s*\+\s*"(?:[^"\\]|\\.)*")+)')
_LITERAL = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(rb"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|[0-7]{3}|.)")
_SINGLE = {
    b"n": b"\n",
    b"t": b"\t",
    b"r": b"\r",
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"v": b"\v",
}


@dataclass(frozen=True, slots=True)
class Made:
    """What a `.pb.go` was made from: the proto's path in MLflow, bare descriptor and comments."""

    proto: str
    descriptor: bytes
    comments: frozenset[bytes]


def embedded(tree: View, protos_dir: str) -> Mapping[str, Made]:
    """What each `.pb.go` of a tree was made from, by the path of MLflow's own `_pb2.py`.

    Files whose descriptor cannot be found are left out.
    """
    found: dict[str, Made] = {}
    for path in tree.files(protos_dir, ".pb.go", deep=True):
        source = tree.read(path) or b""
        named, raw = _SOURCE.search(source[:1000]), raw_descriptor(source)
        if named and raw:
            proto = named[1].decode()
            descriptor = bare(FileDescriptorProto.FromString(raw))
            made = Made(proto_path(proto), descriptor, comments(source))
            found[made.proto.removesuffix(".proto") + "_pb2.py"] = made
    return found


def edited(tree: View, protos_dir: str) -> Mapping[str, tuple[str, ...]]:
    """The `.pb.go` files that a person edited: types of their descriptors that their Go lacks.

    Regenerating brings these back, and may not compile where they stand in another file too.
    """
    found: dict[str, tuple[str, ...]] = {}
    for path in tree.files(protos_dir, ".pb.go", deep=True):
        source = tree.read(path) or b""
        if raw := raw_descriptor(source):
            there = {name.decode() for name in _TYPE.findall(source)}
            named = _type_names(FileDescriptorProto.FromString(raw))
            if lacking := tuple(name for name in named if name not in there):
                found[path] = lacking
    return found


def proto_path(source: str) -> str:
    """Where MLflow keeps a proto that a header names (`service.proto`, or with its folder)."""
    return f"mlflow/protos/{source.removeprefix('mlflow/protos/')}"


def comments(source: bytes) -> frozenset[bytes]:
    """The comment lines of a proto or Go file, without marks and blanks."""
    block = [line for text in _BLOCK.findall(source) for line in text.splitlines()]
    lines = [line.strip(b" \t\r*/") for line in (*_LINE.findall(source), *block)]
    return frozenset(line for line in lines if line)


def bare_python(source: bytes) -> bytes | None:
    """The bare descriptor in a `*_pb2.py`, or None where there is none to read."""
    file = descriptor_of(source)
    return None if file is None else bare(file)


def raw_descriptor(source: bytes) -> bytes | None:
    """The descriptor in a `.pb.go`: a byte slice, or since protoc-gen-go 1.36 a string."""
    if match := _BYTES.search(source):
        return bytes.fromhex(re.sub(rb"0x|[,\s]", b"", match[1]).decode())
    if match := _TEXT.search(source):
        return b"".join(_ESCAPE.sub(_unescaped, text) for text in _LITERAL.findall(match[1]))
    return None


def bare(file: FileDescriptorProto) -> bytes:
    """A descriptor without what depends on language and command line, as bytes to compare."""
    copy = FileDescriptorProto()
    copy.CopyFrom(file)
    for cleared in (
        "name",
        "dependency",
        "public_dependency",
        "weak_dependency",
        "source_code_info",
    ):
        copy.ClearField(cleared)
    for field in _fields(copy):
        field.ClearField("json_name")
    return copy.SerializeToString(deterministic=True)


def _fields(file: FileDescriptorProto) -> Iterator[FieldDescriptorProto]:
    def inside(message: DescriptorProto) -> Iterator[FieldDescriptorProto]:
        yield from message.field
        yield from message.extension
        for nested in message.nested_type:
            yield from inside(nested)

    yield from file.extension
    for message in file.message_type:
        yield from inside(message)


def _type_names(file: FileDescriptorProto) -> Iterator[str]:
    """The Go names of a file's messages and enums, nested ones joined by underscores."""

    def inside(prefix: str, message: DescriptorProto) -> Iterator[str]:
        name = prefix + go_camel(message.name)
        if not message.options.map_entry:
            yield name
        yield from (f"{name}_{go_camel(enum.name)}" for enum in message.enum_type)
        for nested in message.nested_type:
            yield from inside(f"{name}_", nested)

    yield from (go_camel(enum.name) for enum in file.enum_type)
    for message in file.message_type:
        yield from inside("", message)


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if code[:1] == b"x":
        return bytes.fromhex(code[1:].decode())
    if code[:1] in (b"u", b"U"):
        return chr(int(code[1:], 16)).encode()
    if len(code) == 3:
        return bytes([int(code, 8)])
    return _SINGLE.get(code, code)
