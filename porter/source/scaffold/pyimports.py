"""`from … import` statements added to a Python file where ruff's isort would put them."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable

from porter.core.edits import Edit

_INDENT = "    "


def add_imports(
    source: bytes, wanted: Iterable[tuple[str, str]], width: int, own: str = ""
) -> list[Edit]:
    """Edits that import each (module, name) that the file does not bind yet; `own` is the
    checkout's own package, which has the last section.

    Statements that stand are extended in their own form; new ones go behind the last one of their
    section that sorts before them.
    """
    tree = ast.parse(source)
    bound = _bound(tree)
    missing: dict[str, set[str]] = {}
    for module, name in wanted:
        if name not in bound:
            missing.setdefault(module, set()).add(name)
    edits: list[Edit] = []
    fresh: dict[int, list[str]] = {}
    offsets = _offsets(source)
    for module, names in sorted(missing.items()):
        standing = next(
            (n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == module), None
        )
        if standing is not None:
            edits.append(_extended(source, offsets, standing, names, width))
        else:
            at, text = _fresh(tree, offsets, (module, own), names, width)
            fresh.setdefault(at, []).append(text)
    edits += [Edit(at, at, "".join(texts).encode()) for at, texts in fresh.items()]
    return edits


def order(name: str) -> tuple[int, tuple[object, ...]]:
    """isort's order of members: CONSTANTS, Classes, then the rest; case folded, numbers natural."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    natural = tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part)
        for part in re.split(r"(\d+)", name.lower())
        if part
    )
    return kind, (*natural, name)


def from_import(module: str, names: Iterable[str], width: int, *, broken: bool = False) -> str:
    """A `from` import as ruff writes it: one line where it fits and was not broken before."""
    ordered = sorted(names, key=order)
    line = f"from {module} import {', '.join(ordered)}"
    if len(line) <= width and not broken:
        return line
    rows = "".join(f"{_INDENT}{name},\n" for name in ordered)
    return f"from {module} import (\n{rows})"


def _bound(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {t.id for t in node.targets if isinstance(t, ast.Name)}
    return found


def _offsets(source: bytes) -> list[int]:
    """The byte offset of each line (from 1; the last entry is the end)."""
    offsets = [0, 0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    return offsets


def _span(offsets: list[int], node: ast.stmt | ast.alias) -> tuple[int, int]:
    assert node.end_lineno is not None and node.end_col_offset is not None
    return offsets[node.lineno] + node.col_offset, offsets[node.end_lineno] + node.end_col_offset


def _extended(
    source: bytes, offsets: list[int], node: ast.ImportFrom, names: set[str], width: int
) -> Edit:
    start, end = _span(offsets, node)
    text = source[start:end].decode()
    if "\n" in text and "#" not in text:
        return _inserted(source, offsets, node, names)
    if "#" in text:
        return _inserted(source, offsets, node, names)
    everything = {_spelled(alias) for alias in node.names} | names
    assert node.module is not None
    return Edit(start, end, from_import(node.module, everything, width).encode())


def _inserted(source: bytes, offsets: list[int], node: ast.ImportFrom, names: set[str]) -> Edit:
    """One line a name, before the first name that sorts behind it; the rest stays as it is."""
    rows: dict[int, list[str]] = {}
    for name in sorted(names, key=order):
        behind = [alias for alias in node.names if order(alias.name) > order(name)]
        at = offsets[behind[0].lineno] if behind else offsets[node.names[-1].lineno + 1]
        rows.setdefault(at, []).append(name)
    start, end = min(rows), max(rows)
    pieces, at = [], start
    for place in sorted(rows):
        pieces.append(source[at:place].decode())
        pieces += [f"{_INDENT}{name},\n" for name in rows[place]]
        at = place
    return Edit(start, end, "".join(pieces).replace("\r\n", "\n").encode())


def _spelled(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _fresh(
    tree: ast.Module, offsets: list[int], place: tuple[str, str], names: set[str], width: int
) -> tuple[int, str]:
    """Where a new statement goes and its text, with the blank line that opens a section."""
    module, own = place
    text = from_import(module, names, width) + "\n"
    imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    rank = _section(module, own)
    section = [n for n in imports if _section(_module(n), own) == rank]
    if not section:
        earlier = [n for n in imports if _section(_module(n), own) < rank]
        if earlier:
            return offsets[(earlier[-1].end_lineno or 0) + 1], f"\n{text}"
        first = imports[0] if imports else None
        return (offsets[first.lineno] if first else 0), f"{text}\n"
    before = [
        n for n in section if isinstance(n, ast.Import) or _key(n.module or "") < _key(module)
    ]
    if before:
        return offsets[(before[-1].end_lineno or 0) + 1], text
    return offsets[section[0].lineno], text


def _module(node: ast.Import | ast.ImportFrom) -> str:
    return node.names[0].name if isinstance(node, ast.Import) else node.module or ""


def _section(module: str, own: str) -> int:
    """0 future, 1 standard library, 2 third party, 3 the checkout's own package."""
    top = module.split(".", maxsplit=1)[0]
    if top == "__future__":
        return 0
    if top in sys.stdlib_module_names:
        return 1
    return 3 if top == own else 2


def _key(module: str) -> tuple[str, ...]:
    return tuple(module.lower().split("."))
