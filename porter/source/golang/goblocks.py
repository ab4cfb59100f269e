"""The import declarations of a Go file and the groups that blank lines make of them."""

from __future__ import annotations

from dataclasses import dataclass

from porter.source.golang import GoFile, Import


@dataclass(frozen=True, slots=True)
class Block:
    """One import declaration; `grouped` where it has parentheses."""

    imports: tuple[Import, ...]
    start: int
    grouped: bool


def blocks(file: GoFile) -> list[Block]:
    """Import declarations, less `import "C"`, whose comment belongs to cgo."""
    found = []
    for node in file.root.named_children:
        if node.type == "import_declaration":
            inside = tuple(
                i for i in file.imports if node.start_byte <= i.span.start < node.end_byte
            )
            if inside and not any(i.path == "C" for i in inside):
                grouped = (node.text or b"").rstrip().endswith(b")")
                found.append(Block(inside, node.start_byte, grouped))
    return found


def groups_of(file: GoFile, block: Block) -> list[list[Import]]:
    """The imports of a block by the blank lines between them."""
    groups: list[list[Import]] = []
    end = block.start
    for found in block.imports:
        gap = file.source[end : found.span.start].replace(b"\r", b"")
        if not groups or any(not line.strip() for line in gap.split(b"\n")[1:-1]):
            groups.append([])
        groups[-1].append(found)
        end = found.span.end
    return groups
