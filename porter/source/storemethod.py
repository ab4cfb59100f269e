"""An endpoint's store method: where it stands in interface and SQL store, and whether as a stub.

A stub answers with a contract error that says "not implemented", so that no test passes by it and
it can be found again by its one statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from porter.core.endpoint import Catalog, Endpoint
from porter.core.layout import Layout, Receiver, Store
from porter.core.task import Task
from porter.core.view import View
from porter.source.golang import Func, GoFile, GoParam, parse
from porter.source.gosignature import CONTEXT, Style, declaration
from porter.source.remember import once_a_task
from porter.source.service import existing, store_calls
from porter.source.signatures import Signature, signature
from porter.source.stores import interfaces, sql_files

_STUB = re.compile(
    r"\{\s*return\s+(?:[^;{}]*,\s*)?(?:\w+\.)?NewError(?:With)?\(\s*"
    r"(?:\w+\.)?\w+,\s*\"[^\"]*not implemented[^\"]*\",?\s*(?:err)?\)\s*\}"
)
_MARK = b"not implemented"
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
_NUMBERS = re.compile(r"u?int(?:8|16|32|64)?|float(?:32|64)|byte|rune")


@dataclass(frozen=True, slots=True)
class Standing:
    """A method where it stands."""

    path: str
    line: int
    func: Func


@once_a_task
def standing_signature(task: Task) -> Signature | None:
    """The signature the store method has by the rules, under the name the service calls it by.

    A port that a person made may call it something else; its name is the last store method that
    the service method calls and the interface has. None where the endpoint needs no store.
    """
    wanted = signature(task)
    store = task.service.store
    found = existing(task)
    if wanted is None or store is None or found is None:
        return wanted
    calls = store_calls(task, *found)
    if not calls or wanted.name in calls:
        return wanted
    declared = {m.name for _, i in interfaces(task.tree, task.layout, store) for m in i.methods}
    named = [name for name in calls if name in declared]
    if not named:
        return wanted
    return Signature(named[-1], wanted.params, wanted.results, wanted.imports, wanted.context)


def in_interface(tree: View, layout: Layout, store: Store, name: str) -> Standing | None:
    """The method in the store's interface or one that it embeds, or None."""
    for file, found in interfaces(tree, layout, store):
        method = found.method(name)
        if method is not None:
            return Standing(file.path, method.line, method)
    return None


def in_sql(tree: View, store: Store, name: str) -> Standing | None:
    """The method of the SQL store's type, pointer or not, or None."""
    for path in sql_files(tree, store):
        found = parse(tree, path).function(name, store.receiver.type)
        if found is not None:
            return Standing(path, found.line, found)
    return None


def stub_of(tree: View, layout: Layout, endpoint: Endpoint) -> Standing | None:
    """The endpoint's SQL method where it is still a stub, else None.

    Where there is no store the service method is looked at instead.
    """
    service = layout.service(endpoint.service)
    if service is None:
        return None
    paths = sql_files(tree, service.store) if service.store else ()
    folder = tree.files(service.dir, ".go") if service.dir else ()
    for path in (*paths, *folder):
        if _MARK not in (tree.read(path) or b""):
            continue
        file = parse(tree, path)
        for found in file.functions:
            if found.receiver and is_stub(file, found) and _means(file, found, endpoint):
                return Standing(path, found.line, found)
    return None


def is_stub(file: GoFile, found: Func) -> bool:
    """Whether all that a function does is to answer that it is not implemented."""
    if found.body is None:
        return False
    code = _COMMENT.sub("", file.text(found.body))
    return _STUB.fullmatch(code) is not None


def declared(wanted: Signature) -> list[GoParam]:
    """The parameters of a signature, the context first where the checkout has one."""
    params = [GoParam(param.name, param.type) for param in wanted.params]
    return [CONTEXT, *params] if wanted.context else params


def stub(wanted: Signature, receiver: Receiver, endpoint: Endpoint, code: str, style: Style) -> str:
    """The SQL method that answers "not implemented"; `code` is the ErrorCode's Go name."""
    head = declaration(
        f"func ({receiver}) {wanted.name}", declared(wanted), wanted.results,
        style=style, opening="{",
    )  # fmt: skip
    zeros = [zero(kind) for kind in wanted.results[:-1]]
    error = f'contract.NewError({code}, "{endpoint.name} is not implemented")'
    line = f"\treturn {', '.join([*zeros, error])}"
    lines = [line, "}"]
    if len(line) > _WIDE:
        lead = f"\treturn {', '.join([*zeros, 'contract.NewError('])}"
        lines = [lead, f"\t\t{code},", f'\t\t"{endpoint.name} is not implemented",', "\t)", "}"]
    return "\n".join([head, *lines])


_WIDE = 100


def not_implemented(catalog: Catalog) -> str:
    """The name of the error code for a stub, INTERNAL_ERROR where the protos have none."""
    for name, enum in catalog.enums.items():
        if name.rsplit(".", 1)[-1] == "ErrorCode":
            values = {value for value, _ in enum.values}
            return "NOT_IMPLEMENTED" if "NOT_IMPLEMENTED" in values else "INTERNAL_ERROR"
    return "INTERNAL_ERROR"


def zero(kind: str) -> str:
    """The zero value of a Go type as people write it."""
    if kind.startswith(("*", "[]", "map[", "func", "chan ")) or kind in ("error", "any"):
        return "nil"
    if kind == "string":
        return '""'
    if kind == "bool":
        return "false"
    if _NUMBERS.fullmatch(kind) or kind.startswith("protos."):
        return "0"
    return f"{kind}{{}}"


def _means(file: GoFile, found: Func, endpoint: Endpoint) -> bool:
    if found.name.lower() == endpoint.name.lower():
        return True
    assert found.body is not None
    return re.search(rf'"{re.escape(endpoint.name)}\b', file.text(found.body)) is not None
