"""Rules in Go: a field's type, and the struct tags that the generated files carry."""

from __future__ import annotations

import re
from collections.abc import Iterator

from porter.core.endpoint import Field
from porter.core.task import Task
from porter.core.view import View
from porter.source.rules.standing import Standing


def go_type(task: Task, field: Field) -> str:
    """The Go type of a field's struct field, as protoc-gen-go makes it for proto2."""
    names = {"double": "float64", "float": "float32", "bytes": "[]byte", "sint32": "int32",
             "sint64": "int64", "fixed32": "uint32", "fixed64": "uint64", "sfixed32": "int32",
             "sfixed64": "int64"}  # fmt: skip
    if field.kind in ("message", "map", "enum"):
        message = task.catalog.messages.get(field.type_name or "")
        name = message.go_name if message else (field.type_name or "").rsplit(".", 1)[-1]
        if field.kind == "map":
            return "map"
        return f"[]*{name}" if field.repeated and field.kind == "message" else f"*{name}"
    name = names.get(field.kind, field.kind)
    return f"[]{name}" if field.repeated else name if name == "[]byte" else f"*{name}"


def untagged(task: Task, found: Standing) -> Iterator[tuple[str, str, str, int]]:
    """The standing rules of the request's own fields that the .pb.go does not carry.

    Gives the field (`DeleteTag.RunId`), the rule, the file and the line.
    """
    prefix = f"{task.endpoint.request.go_name}_"
    rules = {k: r for k, r in found.rules.items() if k.startswith(prefix)}
    names = {f.go_name for f in task.endpoint.request.fields}
    rules = {k: r for k, r in rules.items() if k[len(prefix) :] in names}
    if not rules:
        return
    struct = _struct(task.tree, task.layout.protos_dir, task.endpoint.request.go_name)
    if struct is None:
        return
    path, line, fields = struct
    for key, rule in rules.items():
        name = key[len(prefix) :]
        have = re.search(r'validate:"((?:[^"\\]|\\.)*)"', fields.get(name, ""))
        if have is None or have[1] != rule:
            yield f"{task.endpoint.request.go_name}.{name}", rule, path, line


def _struct(tree: View, folder: str, name: str) -> tuple[str, int, dict[str, str]] | None:
    """A generated struct's fields with their tags. Read by lines: a .pb.go is long and regular."""
    start = re.compile(rf"^type {re.escape(name)} struct \{{$", re.MULTILINE)
    for path in tree.files(folder, ".pb.go", deep=True):
        source = (tree.read(path) or b"").decode("utf-8", "replace")
        found = start.search(source)
        if found is not None:
            body = source[found.end() : source.index("\n}", found.end())]
            rows = re.findall(r"^\t(\w+)\s+\S+\s+`(.*)`", body, re.MULTILINE)
            return path, source.count("\n", 0, found.start()) + 1, dict(rows)
    return None
