"""The Go entities of a checkout: their structs and conversions, found by type and not by name."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from porter.core.view import View
from porter.source.golang import Func, Struct, parse


@dataclass(frozen=True, slots=True)
class Conversion:
    """A function of the entities package that makes entities of a message.

    `source` is the Go name of the message, `many` says that it takes and gives slices.
    """

    name: str
    source: str
    entity: str
    many: bool = False


@dataclass(frozen=True)
class Entities:
    """What `pkg/entities` holds. `dir` None: the checkout has none and passes messages on."""

    dir: str | None
    structs: Mapping[str, tuple[str, Struct]] = field(default_factory=dict)
    """By name, with the file each stands in."""
    to_proto: Mapping[str, str] = field(default_factory=dict)
    """The Go name of the message that an entity's `ToProto` gives, by entity."""
    conversions: tuple[Conversion, ...] = ()

    def of(self, message: str) -> str:
        """The entity of a message (by Go name): the one that converts to it, else of its name."""
        if message in self.to_proto and self.to_proto[message] == message:
            return message
        for entity, source in self.to_proto.items():
            if source == message:
                return entity
        return next((c.entity for c in self.conversions if c.source == message), message)

    def conversion(self, message: str, *, many: bool = False) -> Conversion | None:
        """The function that makes an entity (or a slice) of a message, or None."""
        return next((c for c in self.conversions if c.source == message and c.many == many), None)


@functools.lru_cache(maxsize=32)
def entities(tree: View, folder: str | None) -> Entities:
    """The entities in a folder of the checkout; empty where there is no such folder.

    Raises SourceError where one of its files does not parse.
    """
    if folder is None:
        return Entities(None)
    structs: dict[str, tuple[str, Struct]] = {}
    to_proto: dict[str, str] = {}
    conversions: list[Conversion] = []
    for path in tree.files(folder, ".go"):
        if path.endswith("_test.go"):
            continue
        file = parse(tree, path)
        structs.update({struct.name: (path, struct) for struct in file.structs})
        for function in file.functions:
            _sort_in(function, to_proto, conversions)
    return Entities(folder, structs, to_proto, tuple(conversions))


def _sort_in(function: Func, to_proto: dict[str, str], conversions: list[Conversion]) -> None:
    if len(function.results) != 1:
        return
    given = function.results[0].type
    if function.receiver is not None:
        if function.name == "ToProto" and not function.params:
            to_proto[function.receiver.type] = given.rsplit(".", 1)[-1].lstrip("*")
        return
    if len(function.params) != 1:
        return
    taken = function.params[0].type
    many = taken.startswith("[]")
    if "." in taken and "." not in given and many == given.startswith("[]"):
        conversions.append(
            Conversion(function.name, taken.rsplit(".", 1)[-1], given.lstrip("[]*"), many)
        )
