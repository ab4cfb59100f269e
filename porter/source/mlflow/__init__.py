"""An index of an MLflow tree: modules, names through imports, classes with their bases.

Whole files are indexed with `ast`, which is thirty times faster than libcst on handlers.py;
`slice_of` hands the few functions that are read closely to libcst. Nothing is executed, and a
module that is not there is None, so a partial tree can be read as far as it goes.
"""

from __future__ import annotations

import ast
import functools
import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from porter.core.question import Evidence
from porter.core.view import View
from porter.errors import SourceError

if TYPE_CHECKING:
    import libcst

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef | ast.Assign | ast.AnnAssign

HANDLERS = "mlflow.server.handlers"
TRACKING_STORE = "mlflow.store.tracking.sqlalchemy_store"
REGISTRY_STORE = "mlflow.store.model_registry.sqlalchemy_store"
STORES = {"tracking": TRACKING_STORE, "model_registry": REGISTRY_STORE}
STORE_CLASS = "SqlAlchemyStore"


@dataclass(frozen=True, eq=False)
class Module:
    """One Python file: its top-level definitions and what it imports.

    `imports` maps a local name to the module it comes from and the name there (None where the
    local name is the module itself).
    """

    name: str
    path: str
    source: str
    tree: ast.Module
    defined: dict[str, Definition] = field(default_factory=dict)
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)

    def text(self, node: ast.AST) -> str:
        """The source of a node as it stands, or "" where it has no place."""
        first, last = getattr(node, "lineno", None), getattr(node, "end_lineno", None)
        if first is None or last is None:
            return ""
        lines = self._kept[first - 1 : last]
        start, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
        lines[-1] = lines[-1][:end]
        lines[0] = lines[0][start:]
        return b"".join(lines).decode("utf-8")

    def line(self, number: int) -> str:
        """The text of a line (from 1) without surrounding blanks."""
        return self._lines[number - 1].strip()

    def evidence(self, node: ast.AST) -> Evidence:
        """The place of a node with its first line."""
        number = getattr(node, "lineno", 1)
        return Evidence(self.path, number, self.line(number))

    @functools.cached_property
    def _kept(self) -> list[bytes]:
        # Offsets of `ast` count bytes; `ast.get_source_segment` splits the file anew each time.
        return self.source.encode("utf-8").splitlines(keepends=True)

    @functools.cached_property
    def _lines(self) -> list[str]:
        return self.source.splitlines()


@dataclass(frozen=True, eq=False)
class Found:
    """A definition and the module it stands in; `owner` is the class of a method."""

    module: Module
    node: Definition
    owner: ast.ClassDef | None = None

    @property
    def evidence(self) -> Evidence:
        """Where it stands."""
        return self.module.evidence(self.node)


class Index:
    """Modules of one MLflow tree, parsed at most once each. Make it by `index(view)`."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._modules: dict[str, Module | None] = {}
        self._classes: dict[ast.ClassDef, dict[str, Definition]] = {}

    def module(self, name: str) -> Module | None:
        """The module of that dotted name, or None where the tree has none.

        Raises SourceError where the file does not parse.
        """
        if name not in self._modules:
            self._modules[name] = self._load(name)
        return self._modules[name]

    def resolve(self, module: Module, name: str, *, depth: int = 8) -> Found | Module | None:
        """What a (dotted) name means in a module, followed through imports and re-exports."""
        head, _, rest = name.partition(".")
        found = self._resolve_head(module, head, depth)
        for part in rest.split(".") if rest else []:
            if isinstance(found, Module):
                inner = self.resolve(found, part, depth=depth - 1) if depth else None
                found = inner if inner is not None else self.module(f"{found.name}.{part}")
            elif found is not None and isinstance(found.node, ast.ClassDef):
                found = self.member(found, part)
            else:
                return None
        return found

    def bases(self, cls: Found) -> Iterator[Found]:
        """A class and its bases, nearest first, depth first (MLflow's stores have no diamonds)."""
        yield cls
        assert isinstance(cls.node, ast.ClassDef)
        for base in cls.node.bases:
            found = self.resolve(cls.module, ast.unparse(base))
            if isinstance(found, Found) and isinstance(found.node, ast.ClassDef):
                yield from self.bases(found)

    def member(self, cls: Found, name: str, *, beyond: ast.ClassDef | None = None) -> Found | None:
        """A method or class attribute of a class, looked up along its bases.

        `beyond` starts after that class, as `super()` does.
        """
        seen = beyond is None
        for owner in self.bases(cls):
            assert isinstance(owner.node, ast.ClassDef)
            if seen and (node := self._members(owner.node).get(name)) is not None:
                return Found(owner.module, node, owner.node)
            seen = seen or owner.node is beyond
        return None

    def _members(self, cls: ast.ClassDef) -> dict[str, Definition]:
        """The methods and attributes in a class's body, the first of each name."""
        if cls not in self._classes:
            members: dict[str, Definition] = {}
            for node in cls.body:
                for name in defined_by(node):
                    members.setdefault(name, _definition(node))
            self._classes[cls] = members
        return self._classes[cls]

    def _resolve_head(self, module: Module, name: str, depth: int) -> Found | Module | None:
        if name in module.defined:
            return Found(module, module.defined[name])
        if name not in module.imports or depth <= 0:
            return None
        source, attribute = module.imports[name]
        if attribute is None:
            return self.module(source)
        origin = self.module(source)
        inner = self.resolve(origin, attribute, depth=depth - 1) if origin is not None else None
        return inner if inner is not None else self.module(f"{source}.{attribute}")

    def _load(self, name: str) -> Module | None:
        stem = name.replace(".", "/")
        for path in (f"{stem}.py", f"{stem}/__init__.py"):
            content = self.view.read(path)
            if content is not None:
                return _parse(name, path, content, self.view)
        return None


@functools.lru_cache(maxsize=8)
def index(view: View) -> Index:
    """The index of an MLflow tree, one per view."""
    return Index(view)


def store_class(index: Index, store: str) -> Found | None:
    """MLflow's SQL store (`store` is a key of STORES), or None where this tree has none."""
    module = index.module(STORES.get(store, ""))
    cls = index.resolve(module, STORE_CLASS) if module else None
    return cls if isinstance(cls, Found) and isinstance(cls.node, ast.ClassDef) else None


def store_method(index: Index, store: str, name: str) -> Found | None:
    """A method of MLflow's SQL store, its bases included."""
    cls = store_class(index, store)
    return index.member(cls, name) if cls else None


def slice_of(found: Found) -> libcst.BaseStatement:
    """A definition read by libcst on its own, for close reading."""
    import textwrap

    import libcst

    lines = found.module.source.splitlines(keepends=True)
    assert isinstance(found.node, ast.stmt)
    decorators = getattr(found.node, "decorator_list", [])
    first = min([found.node.lineno, *(d.lineno for d in decorators)])
    text = textwrap.dedent("".join(lines[first - 1 : found.node.end_lineno]))
    statement = libcst.parse_module(text).body[0]
    assert isinstance(statement, libcst.BaseStatement)
    return statement


def defined_by(node: ast.stmt) -> tuple[str, ...]:
    """The names a statement defines, nothing for statements that define none."""
    if isinstance(node, Function | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.Assign):
        return tuple(t.id for t in node.targets if isinstance(t, ast.Name))
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return (node.target.id,)
    return ()


def _definition(node: ast.stmt) -> Definition:
    assert isinstance(node, Function | ast.ClassDef | ast.Assign | ast.AnnAssign)
    return node


def _parse(name: str, path: str, content: bytes, view: View) -> Module:
    collects = gc.isenabled()
    gc.disable()  # a tree is nothing but new objects that stay: looking through them costs as much
    try:
        source = content.decode("utf-8")
        tree = ast.parse(source)
    except (SyntaxError, UnicodeDecodeError, ValueError) as error:
        raise SourceError(
            f"{view.where(path)} does not parse: {error}",
            next=f"mend {view.where(path)}, or check out the MLflow that .mlflow.ref names",
        ) from error
    finally:
        if collects:
            gc.freeze()
            gc.enable()
    module = Module(name, path, source, tree)
    for node in _top_level(tree.body):
        for defined in defined_by(node):
            module.defined[defined] = _definition(node)
        if isinstance(node, ast.Import | ast.ImportFrom):
            module.imports.update(imported(node, name, path))
    return module


def imported(
    node: ast.Import | ast.ImportFrom, module: str, path: str
) -> dict[str, tuple[str, str | None]]:
    """What an import statement of `module` (at `path`) binds."""
    if isinstance(node, ast.Import):
        return {
            alias.asname or alias.name.split(".")[0]: (
                alias.name if alias.asname else alias.name.split(".")[0],
                None,
            )
            for alias in node.names
        }
    parent = node.module or ""
    if node.level:
        up = node.level - (1 if path.endswith("__init__.py") else 0)
        parts = module.split(".")
        base = parts[: len(parts) - up] if up else parts
        parent = ".".join([*base, *([node.module] if node.module else [])])
    return {alias.asname or alias.name: (parent, alias.name) for alias in node.names}


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run at import, those under `if` and `try` included."""
    for node in body:
        yield node
        if isinstance(node, ast.If):
            yield from _top_level([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            yield from _top_level([*node.body, *(s for h in node.handlers for s in h.body)])
