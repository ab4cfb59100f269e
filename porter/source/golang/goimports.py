"""Imports added where goimports and gci keep them: standard, third party, then the module's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from porter.core.edits import Edit
from porter.source.golang import GoFile, Import
from porter.source.golang.goblocks import Block, blocks, groups_of
from porter.source.golang.goedit import checked


@dataclass(frozen=True, slots=True)
class Wanted:
    """An import that a file should have."""

    path: str
    alias: str | None = None

    def __str__(self) -> str:
        return f'{self.alias} "{self.path}"' if self.alias else f'"{self.path}"'


def add_imports(file: GoFile, wanted: Iterable[Wanted], module: str) -> list[Edit]:
    """Edits that add the imports a file lacks; `module` is the checkout's own module path.

    An import that stands under another name counts as standing.
    """
    there = {found.path for found in file.imports}
    missing = sorted({w for w in wanted if w.path not in there}, key=lambda w: w.path)
    if not missing:
        return []
    found = blocks(file)
    if not found:
        return checked(file, [_new_block(file, missing, module)])
    block = max(found, key=lambda b: (b.grouped, len(b.imports)))
    if not block.grouped:
        return checked(file, [_opened(file, block, missing, module)])
    return checked(file, _into_block(file, block, missing, module))


def _rank(path: str, module: str) -> int:
    """0 standard library, 1 third party, 2 the module's own."""
    if path == module or path.startswith(module + "/"):
        return 2
    return 1 if "." in path.partition("/")[0] else 0


def _new_block(file: GoFile, missing: Sequence[Wanted], module: str) -> Edit:
    clause = next(n for n in file.root.named_children if n.type == "package_clause")
    at = clause.end_byte
    body = f"import {missing[0]}" if len(missing) == 1 else _block_text(missing, module)
    return Edit(at, at, f"\n\n{body}".encode())


def _opened(file: GoFile, block: Block, missing: Sequence[Wanted], module: str) -> Edit:
    """A single `import "x"` made a block."""
    (one,) = block.imports
    everything = sorted([Wanted(one.path, one.alias), *missing], key=lambda w: w.path)
    return Edit(block.start, one.span.end, _block_text(everything, module).encode())


def _block_text(wanted: Sequence[Wanted], module: str) -> str:
    groups: dict[int, list[str]] = {}
    for item in wanted:
        groups.setdefault(_rank(item.path, module), []).append(f"\t{item}")
    body = "\n\n".join("\n".join(groups[rank]) for rank in sorted(groups))
    return f"import (\n{body}\n)"


def _into_block(file: GoFile, block: Block, missing: Sequence[Wanted], module: str) -> list[Edit]:
    inserts: dict[int, list[bytes]] = {}
    groups = groups_of(file, block)
    fresh: dict[int, list[Wanted]] = {}
    for item in missing:
        rank = _rank(item.path, module)
        home = next((g for g in reversed(groups) if _rank(g[-1].path, module) == rank), None)
        if home is None:
            fresh.setdefault(rank, []).append(item)
            continue
        behind = [found for found in home if found.path < item.path]
        at = _after(file, behind[-1]) if behind else _before(file, home[0])
        inserts.setdefault(at, []).append(f"\t{item}\n".encode())
    for rank in sorted(fresh):
        text = "".join(f"\t{item}\n" for item in fresh[rank])
        lower = [g for g in groups if _rank(g[-1].path, module) < rank]
        if lower:
            inserts.setdefault(_after(file, lower[-1][-1]), []).append(f"\n{text}".encode())
        else:
            inserts.setdefault(_before(file, groups[0][0]), []).append(f"{text}\n".encode())
    return [Edit(at, at, b"".join(texts)) for at, texts in sorted(inserts.items())]


def _after(file: GoFile, found: Import) -> int:
    return file.source.index(b"\n", found.span.end) + 1


def _before(file: GoFile, found: Import) -> int:
    return file.source.rfind(b"\n", 0, found.span.start) + 1
