"""SQL stubs: methods that only answer "not implemented", written, and found again by that.

No test passes by a stub, and its one statement is what it is known by.
"""

from __future__ import annotations

import re

from porter.core.endpoint import Catalog, Endpoint
from porter.core.layout import Layout, Receiver
from porter.core.view import View
from porter.source.checkout.storemethod import Standing, declared
from porter.source.checkout.stores import sql_files
from porter.source.checkout.stubtext import MARK, is_stub
from porter.source.golang import Func, GoFile, parse
from porter.source.golang.gosignature import Style, declaration
from porter.source.scaffold.signatures import Signature

_WIDE = 100
_NUMBERS = re.compile(r"u?int(?:8|16|32|64)?|float(?:32|64)|byte|rune")


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
        if MARK not in (tree.read(path) or b""):
            continue
        file = parse(tree, path)
        for found in file.functions:
            if found.receiver and is_stub(file, found) and _means(file, found, endpoint):
                return Standing(path, found.line, found)
    return None


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
    if _NUMBERS.fullmatch(kind) or kind.startswith("protos."):
        return "0"
    return {"string": '""', "bool": "false"}.get(kind, f"{kind}{{}}")


def _means(file: GoFile, found: Func, endpoint: Endpoint) -> bool:
    if found.name.lower() == endpoint.name.lower():
        return True
    assert found.body is not None
    return re.search(rf'"{re.escape(endpoint.name)}\b', file.text(found.body)) is not None
