"""Go signatures as text: parameters of one type grouped, over several lines where too long.

120 columns is the limit that golangci-lint's `lll` has in the target, a tab counting as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from porter.source.golang import GoFile, GoParam, Interface

LIMIT = 120
Style = Literal["packed", "each"]
"""How parameters stand once they are broken: all on one line, or each on its own."""

CONTEXT = GoParam("ctx", "context.Context")


def declaration(
    name: str,
    params: Sequence[GoParam],
    results: Sequence[str],
    *,
    indent: str = "",
    style: Style = "packed",
    opening: str = "",
) -> str:
    """A method of an interface, or with `opening` (`{`) the head of a function.

    `name` may hold the receiver: `func (s S) Name`. The text begins with `indent`.
    """
    tail = returned(results) + (f" {opening}" if opening else "")
    groups = grouped(params)
    line = f"{indent}{name}({', '.join(groups)}){tail}"
    if len(line) <= LIMIT:
        return line
    packed = f"{indent}\t{', '.join(groups)},"
    if style == "packed" and len(packed) <= LIMIT:
        rows = [packed]
    else:
        rows = [f"{indent}\t{param.name} {param.type}," for param in params]
    return "\n".join([f"{indent}{name}(", *rows, f"{indent}){tail}"])


def grouped(params: Iterable[GoParam]) -> list[str]:
    """Parameters as text, neighbours of one type together: `name, version string`."""
    groups: list[tuple[list[str], str]] = []
    for param in params:
        if groups and groups[-1][1] == param.type:
            groups[-1][0].append(param.name)
        else:
            groups.append(([param.name], param.type))
    return [f"{', '.join(names)} {kind}" for names, kind in groups]


def returned(results: Sequence[str]) -> str:
    """The result part of a signature with its leading blank, "" for none."""
    if len(results) > 1:
        return f" ({', '.join(results)})"
    return f" {results[0]}" if results else ""


def multiline_style(file: GoFile, interface: Interface | None = None) -> Style:
    """How a file (or one of its interfaces) breaks long parameter lists most of the time."""
    methods = interface.methods if interface is not None else file.functions
    packed = each = 0
    for method in methods:
        head = file.source[
            method.span.start : method.body.start if method.body else method.span.end
        ]
        opened = head.split(b"(\n", 1) if b"(\n" in head else head.split(b"(\r\n", 1)
        if len(opened) == 2 and len(method.params) > 1:
            rows = opened[1].decode("utf-8", "replace").split(")")[0].strip().splitlines()
            packed += len(rows) == 1
            each += len(rows) > 1
    return "each" if each > packed else "packed"
