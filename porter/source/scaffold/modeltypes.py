"""What the Gorm models say of an argument's Go type."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from porter.core.layout import Store
from porter.core.view import View
from porter.source.golang import Struct
from porter.source.golang.gofiles import gofiles
from porter.source.scaffold.arguments import Argument
from porter.source.scaffold.initialisms import exported

_NUMBERS = ("int32", "int64", "float32", "float64", "bool")


def typed(tree: View, store: Store, method: str, given: Iterable[Argument]) -> tuple[Argument, ...]:
    """The arguments with the types that the model of the endpoint's noun has for them.

    A string that the model holds as a named type (`Stage` of ModelVersion as ModelVersionStage) is
    handed on as such; a number that may be unset and is a pointer in the model is a pointer.
    `method` is the endpoint's Go name.
    """
    if store.models_dir is None:
        return tuple(given)
    structs = [s for file in gofiles(tree).of(store.models_dir) for s in file.structs]
    about = [struct for struct in structs if struct.name in method]
    return tuple(_typed(argument, about) for argument in given)


def _typed(argument: Argument, structs: list[Struct]) -> Argument:
    if argument.field is None or argument.how != "plain":
        return argument
    name = exported(argument.field.name)
    for struct in structs:
        types = {field.name: field.type for field in struct.fields}
        if argument.type == "string" and f"{struct.name}{name}" in types.values():
            return replace(argument, type=f"models.{struct.name}{name}", how="named")
        pointer = types.get(name) == f"*{argument.type}"
        if argument.nullable and argument.type in _NUMBERS and pointer:
            return replace(argument, type=f"*{argument.type}", how="pointer")
    return argument
