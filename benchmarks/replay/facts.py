"""What stands in a tree for one endpoint, read the same way from a person's commit and porter's."""

from __future__ import annotations

from dataclasses import dataclass

from porter.core.layout import Layout, Service
from porter.core.view import View
from porter.source.checkout.headers import is_generated
from porter.source.checkout.layout import discover
from porter.source.checkout.stores import interfaces
from porter.source.golang import Func, GoFile
from porter.source.golang.gofiles import gofiles
from replay.bindings import binding, canonical
from replay.methods import Reading, reading

_NO_CONTEXT = ("context.Context", "*fiber.Ctx")


@dataclass(frozen=True, slots=True)
class Facts:
    """The endpoint's code in one tree; None or empty where there is none.

    `params` leave the context out. `binding` is canonical, `bound` too with keywords sorted.
    """

    service_file: str | None = None
    method: str = ""
    reading: Reading | None = None
    store: str | None = None
    sql_file: str | None = None
    interface: str | None = None
    params: tuple[tuple[str, str], ...] = ()
    results: tuple[str, ...] = ()
    binding: str | None = None
    bound: str = ""

    @property
    def types(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Parameter and result types."""
        return tuple(kind for _, kind in self.params), self.results

    @property
    def names(self) -> tuple[str, ...]:
        """Parameter names."""
        return tuple(name for name, _ in self.params)


def facts(
    tree: View, service: str, method: str, before: frozenset[str], hint: str | None = None
) -> Facts:
    """The facts of an endpoint (`method` is its Go name) in a tree.

    `before` names the interface methods that stood at the parent: of several store calls the
    endpoint's own is the new one. `hint` is the one to prefer where none is new (at head).
    """
    layout = discover(tree)
    found = layout.service(service)
    if found is None:
        return Facts()
    shape, bound = _binding(tree, found, method)
    standing = _method(tree, found, method)
    if standing is None:
        return Facts(binding=shape, bound=bound)
    file, func = standing
    field = found.store.field if found.store else ""
    calls = reading(file, func, field).calls if field else ()
    name = _own(calls, method, before, hint)
    declared = _declared(tree, layout, found, name)
    return Facts(
        service_file=file.path,
        method=file.text(func.span),
        reading=reading(file, func, field, name),
        store=name,
        sql_file=_sql(tree, found, name),
        interface=declared[0] if declared else None,
        params=tuple(
            (p.name, p.type) for p in declared[1].params if p.type not in _NO_CONTEXT
        ) if declared else (),
        results=tuple(r.type for r in declared[1].results) if declared else (),
        binding=shape,
        bound=bound,
    )  # fmt: skip


def store_methods(tree: View, service: str) -> frozenset[str]:
    """The names of the service's store methods in a tree."""
    layout = discover(tree)
    found = layout.service(service)
    if found is None or found.store is None:
        return frozenset()
    listed = interfaces(tree, layout, found.store)
    return frozenset(method.name for _, interface in listed for method in interface.methods)


def places(tree: View, service: str) -> dict[str, str]:
    """The file of each method of the service and of its SQL store, and of each interface's."""
    layout = discover(tree)
    found = layout.service(service)
    out: dict[str, str] = {}
    if found is None or found.dir is None:
        return out
    for file in gofiles(tree).of(found.dir):
        for func in file.functions:
            if func.receiver and func.receiver.type == found.go_name:
                out[f"service {func.name}"] = file.path
    if found.store is not None:
        for file in gofiles(tree).of(found.store.sql_dir):
            for func in file.functions:
                if func.receiver and func.receiver.type == found.store.receiver.type:
                    out[f"sql {func.name}"] = file.path
        for _, interface in interfaces(tree, layout, found.store):
            for one in interface.methods:
                out[f"interface {one.name}"] = interface.name
    return out


def hand_written(tree: View, service: str) -> dict[str, dict[str, bytes]]:
    """The files that porter scaffolds for a service, by kind: what the pooled share is about."""
    layout = discover(tree)
    found = layout.service(service)
    kinds: dict[str, list[str]] = {"endpoints": [layout.endpoints]}
    kinds["validations"] = [layout.validations] if layout.validations else []
    if found is not None:
        kinds["service"] = _go(tree, found.dir)
        kinds["store"] = _go(tree, found.store.interface_dir if found.store else None)
        kinds["binding"] = [found.binding] if found.binding else []
    return {kind: {p: tree.read(p) or b"" for p in paths} for kind, paths in kinds.items()}


def _go(tree: View, folder: str | None) -> list[str]:
    paths = tree.files(folder, ".go") if folder is not None else ()
    return [
        p for p in paths if not p.endswith("_test.go") and not is_generated(tree.read(p) or b"")
    ]


def _method(tree: View, service: Service, method: str) -> tuple[GoFile, Func] | None:
    for file in gofiles(tree).of(service.dir) if service.dir is not None else ():
        found = file.function(method, service.go_name)
        if found is not None:
            return file, found
    return None


def _own(
    calls: tuple[str, ...], method: str, before: frozenset[str], hint: str | None
) -> str | None:
    for wanted in (method, hint):
        if wanted in calls:
            return wanted
    new = [name for name in calls if name not in before] or list(calls)
    return new[-1] if new else None


def _declared(
    tree: View, layout: Layout, service: Service, name: str | None
) -> tuple[str, Func] | None:
    if service.store is None or name is None:
        return None
    for _, interface in interfaces(tree, layout, service.store):
        found = interface.method(name)
        if found is not None:
            return interface.name, found
    return None


def _sql(tree: View, service: Service, name: str | None) -> str | None:
    if service.store is None or name is None:
        return None
    for file in gofiles(tree).of(service.store.sql_dir):
        if file.function(name, service.store.receiver.type):
            return file.path
    return None


def _binding(tree: View, service: Service, method: str) -> tuple[str | None, str]:
    source = tree.read(service.binding) if service.binding else None
    found = binding(source, service, method) if source else None
    if found is None:
        return None, ""
    return canonical(found), canonical(found, ordered=False)
