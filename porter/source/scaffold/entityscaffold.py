"""Entities and conversions that a service method needs and the checkout lacks."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from porter.core.edits import apply
from porter.core.endpoint import Message
from porter.core.finding import Note
from porter.core.plan import Change, Plan
from porter.core.task import Task
from porter.core.view import Overlay
from porter.source.checkout.entities import Entities, entities
from porter.source.checkout.layout import import_path
from porter.source.checkout.pointers import helper_package
from porter.source.golang import goedit, parse
from porter.source.golang.goimports import Wanted, add_imports
from porter.source.mlflow import index
from porter.source.mlflow.pyentities import unset_fields
from porter.source.scaffold.entityfields import (
    EntityField,
    fields_of,
    from_proto,
    matched,
    to_proto,
)
from porter.source.scaffold.initialisms import local, snake, words_of
from porter.source.scaffold.render import render
from porter.source.scaffold.signatures import Mirror


@dataclass
class _Work:
    """The task over what is scaffolded so far, and what is left for a person."""

    task: Task
    notes: list[str] = field(default_factory=list)
    made: set[str] = field(default_factory=set)

    @property
    def known(self) -> Entities:
        return entities(self.task.tree, self.task.layout.entities_dir)

    def write(self, path: str, content: bytes) -> None:
        tree = self.task.tree
        changed = {**tree.changed, path: content} if isinstance(tree, Overlay) else {path: content}
        base = tree.base if isinstance(tree, Overlay) else tree
        self.task = replace(self.task, tree=Overlay(base, changed))


def missing(task: Task, found: Mirror) -> Plan:
    """The files with the structs, `ToProto` and `…FromProto` that the mirrored call needs."""
    if found.entities.dir is None:
        return Plan()
    start = task.tree
    work = _Work(replace(task, tree=Overlay(start, {})))
    for argument in found.arguments:
        if argument.how in ("entity", "entities"):
            many = argument.how == "entities"
            if not (many and work.known.conversion(argument.entity, many=True)):
                _from(work, _message(task, argument.entity))
        elif argument.how == "made" and argument.entity not in work.known.structs:
            _struct(work, _message(task, argument.entity))
    for result in found.results or ():
        if result.message:
            _to(work, _message(task, result.message))
    tree = work.task.tree
    assert isinstance(tree, Overlay)
    changes = tuple(Change(path, start.read(path), text) for path, text in tree.changed.items())
    return Plan(changes, notes=tuple(Note(text, "P513") for text in work.notes))


def _message(task: Task, go_name: str) -> Message | None:
    """The message of a Go name in the endpoint's own package: others have namesakes."""
    package = task.endpoint.request.package
    found = (m for m in task.catalog.messages.values() if m.go_name == go_name)
    return next((m for m in found if m.package == package), None)


def _to(work: _Work, message: Message | None) -> None:
    """The entity with its `ToProto`; a standing entity that lacks it gets the method."""
    if message is None:
        return
    name = work.known.of(message.go_name)
    if name not in work.known.structs:
        _struct(work, message)
    elif name not in work.known.to_proto and name not in work.made:
        path, struct = work.known.structs[name]
        fields, left = matched(work.task.catalog, message, struct)
        work.made.add(name)
        _nested(work, fields)
        _append(work, path, _to_text(work, name, message, fields))
        _left(work, name, left)


def _struct(work: _Work, message: Message | None) -> None:
    if message is None or message.go_name in work.made:
        return
    name = message.go_name
    work.made.add(name)
    unset = unset_fields(index(work.task.mlflow), message.name)
    fields, left = fields_of(work.task.catalog, message, unset)
    _nested(work, fields)
    text = render(
        "entity.go",
        package=posixpath.basename(work.task.layout.entities_dir or ""),
        imports=_imports(work, fields),
        struct=render(
            "entity_struct.go",
            name=name,
            fields=[(item.name, item.type) for item in fields],
            width=max((len(item.name) for item in fields), default=0),
        ),
        to_proto=_to_text(work, name, message, fields),
    )
    path = posixpath.join(work.task.layout.entities_dir or "", f"{snake(name)}.go")
    work.write(path, text.encode() + b"\n")
    parse(work.task.tree, path)
    _left(work, name, left)


def _nested(work: _Work, fields: Iterable[EntityField]) -> None:
    for item in fields:
        if item.form in ("one", "many"):
            _to(work, _message(work.task, item.message))


def _from(work: _Work, message: Message | None) -> None:
    """The function that makes the entity of its message, with those of the messages in it."""
    if message is None or work.known.conversion(message.go_name):
        return
    name = work.known.of(message.go_name)
    if name not in work.known.structs:
        _struct(work, message)
    mark = f"from {name}"
    if mark in work.made or name not in work.known.structs:
        return
    work.made.add(mark)
    path, struct = work.known.structs[name]
    fields, left = matched(work.task.catalog, message, struct)
    for item in fields:
        if item.form in ("one", "many"):
            _from(work, _message(work.task, item.message))
    names = {c.source: c.name for c in work.known.conversions if not c.many}
    names[message.go_name] = _function(work, name)
    usable = [f for f in fields if f.form not in ("one", "many") or f.message in names]
    rows, before = from_proto(usable, names)
    text = render(
        "entity_from_proto.go",
        function=_function(work, name), protos=_protos(work), message=message.go_name, name=name,
        paragraphs=before, rows=rows, width=max((len(n) for n, _ in rows), default=0),
    )  # fmt: skip
    _append(work, path, text)
    _left(work, name, left)


def _function(work: _Work, name: str) -> str:
    """`NewXFromProto` or `XFromProto`, as most of the package's functions are called."""
    named = [c for c in work.known.conversions if c.name.endswith(f"{c.entity}FromProto")]
    fresh = [c for c in named if c.name.startswith("New")]
    forms = [f"New{name}FromProto", f"{name}FromProto", f"New{name}FromMessage"]
    if 2 * len(fresh) < len(named):
        forms = [forms[1], forms[0], forms[2]]
    taken = {c.name for c in work.known.conversions}
    return next((form for form in forms if form not in taken), forms[-1])


def _to_text(work: _Work, name: str, message: Message, fields: list[EntityField]) -> str:
    receiver = "".join(word[0] for word in words_of(name))
    variable = local(name)
    helpers = helper_package(work.task.tree) is not None
    rows, after = to_proto(fields, receiver, variable, _protos(work), helpers)
    return render(
        "entity_to_proto.go",
        receiver=receiver, name=name, protos=_protos(work), message=message.go_name,
        variable=variable, rows=rows, paragraphs=after,
        width=max((len(n) for n, _ in rows), default=0),
    )  # fmt: skip


def _append(work: _Work, path: str, text: str) -> None:
    file = parse(work.task.tree, path)
    wanted = [Wanted(import_path(work.task.layout, work.task.layout.protos_dir))]
    helpers = helper_package(work.task.tree)
    if "utils.PtrTo(" in text and helpers:
        wanted.append(Wanted(import_path(work.task.layout, helpers)))
    added = add_imports(file, wanted, work.task.layout.module)
    edits = goedit.merged(file, added, goedit.append(file, text))
    work.write(path, apply(file.source, edits))


def _imports(work: _Work, fields: list[EntityField]) -> list[str]:
    paths = [import_path(work.task.layout, work.task.layout.protos_dir)]
    helpers = helper_package(work.task.tree)
    if helpers and any(item.form == "value" for item in fields):
        paths.append(import_path(work.task.layout, helpers))
    return sorted(paths)


def _protos(work: _Work) -> str:
    return posixpath.basename(work.task.layout.protos_dir)


def _left(work: _Work, name: str, left: list[str]) -> None:
    text = f"entities.{name} leaves out {', '.join(left)}"
    if left and text not in work.notes:
        work.notes.append(text)
