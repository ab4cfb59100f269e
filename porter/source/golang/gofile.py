"""Whole declarations: a new Go file, and a new interface embedded in the store's."""

from __future__ import annotations

from collections.abc import Iterable

from porter.core.edits import Edit, apply
from porter.source.golang import GoFile, Interface, goedit, parse_bytes
from porter.source.golang.goimports import Wanted, add_imports


def new_file(package: str, imports: Iterable[Wanted], body: str, module: str) -> bytes:
    """A Go file of that package with its imports in groups. Asserts that it parses."""
    text = f"package {package}\n\n{body.strip()}\n"
    bare = parse_bytes(text.encode())
    content = apply(bare.source, add_imports(bare, imports, module))
    parse_bytes(content)
    return content


def embed(file: GoFile, interface: Interface, name: str) -> list[Edit]:
    """Edits that embed `name` in an interface, behind what it embeds already."""
    source = file.source
    if b"\n" not in source[interface.span.start : interface.span.end]:
        inner = source[source.index(b"{", interface.span.start) + 1 : interface.span.end - 1]
        pieces = [p.strip() for p in inner.decode().split(";") if p.strip()]
        lines = "".join(f"\t{piece}\n" for piece in [name, *pieces])
        return [Edit(*interface.span, f"interface {{\n{lines}}}".encode())]
    last = max((span.end for span in interface.embed_spans), default=None)
    anchor = last if last is not None else source.index(b"{", interface.span.start)
    at = source.index(b"\n", anchor) + 1
    start = source.rfind(b"\n", 0, interface.span.end) + 1
    closing = source[start : interface.span.end].decode()
    lead = closing[: len(closing) - len(closing.lstrip())]
    return [Edit(at, at, f"{lead}\t{name}\n".encode())]


def declare_behind(file: GoFile, sibling: Interface, name: str, method: str) -> list[Edit]:
    """Edits that declare an interface with one method behind another one.

    Beside a sibling in a `type ( … )` group the new one joins the group. `method` is the line or
    lines of the method without indentation of the interface.
    """
    source = file.source
    end = source.find(b"\n", sibling.span.end)
    at = len(source) if end < 0 else end + 1
    start = source.rfind(b"\n", 0, sibling.span.start) + 1
    head = source[start : sibling.span.start].decode()
    if head.startswith("type "):
        body = "\n".join(f"\t{line}" for line in method.splitlines())
        text = f"\ntype {name} interface {{\n{body}\n}}\n"
    else:
        body = "\n".join(f"\t\t{line}" for line in method.splitlines())
        text = f"\t{name} interface {{\n{body}\n\t}}\n"
    lead = "" if end >= 0 else "\n"
    return goedit.checked(file, [Edit(at, at, f"{lead}{text}".encode())])
