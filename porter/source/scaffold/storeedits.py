"""What the store step writes: the method in the interface and the stub in the SQL store."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from porter.core.edits import Edit, apply
from porter.core.layout import Store
from porter.core.plan import Change
from porter.core.task import Task
from porter.source.checkout.layout import import_path
from porter.source.checkout.storemethod import Standing, declared
from porter.source.checkout.stores import interfaces, sql_files
from porter.source.checkout.stubs import not_implemented, stub
from porter.source.golang import GoFile, goedit, parse
from porter.source.golang.gofile import declare_behind, embed, new_file
from porter.source.golang.goimports import Wanted, add_imports
from porter.source.golang.gosignature import CONTEXT, declaration, multiline_style
from porter.source.scaffold.placement import placement
from porter.source.scaffold.signatures import Param, Signature

_QUALIFIER = re.compile(r"\b(\w+)\.[A-Z]")


def planned_interface(
    task: Task, store: Store, wanted: Signature, written: Standing | None
) -> list[Change]:
    """The method in the interface of its place; one whose SQL stands already takes its types."""
    made = _as_it_stands(wanted, written) if written else wanted
    where = placement(task)
    found = list(interfaces(task.tree, task.layout, store))
    place = next((pair for pair in found if pair[1].name == where.place.interface), None)
    edits: dict[str, list[Edit]] = {}
    if place is not None:
        file, interface = place
        edits[file.path] = goedit.add_method(
            file, interface.name, made.name, declared(made), made.results
        )
    else:
        (main_file, main), (file, last) = found[0], found[-1]
        lines = declaration(made.name, declared(made), made.results, style=multiline_style(file))
        name = where.place.interface or made.name
        edits[file.path] = declare_behind(file, last, name, lines)
        edits.setdefault(main_file.path, []).extend(embed(main_file, main, name))
    changes = []
    for path, some in edits.items():
        before = parse(task.tree, path)
        imports = _imports(task, store, made, before, written) if path == file.path else []
        merged = goedit.merged(before, some, add_imports(before, imports, task.layout.module))
        changes.append(Change(path, before.source, apply(before.source, merged)))
    return changes


def planned_sql(
    task: Task, store: Store, wanted: Signature, standing: Standing | None
) -> list[Change]:
    """The stub at the end of its SQL file, which is made where there is none.

    A method whose interface stands already takes the types of the interface.
    """
    made = _as_it_stands(wanted, standing) if standing else wanted
    path = placement(task).place.sql or posixpath.join(store.sql_dir, "store.go")
    neighbours = [parse(task.tree, p) for p in sql_files(task.tree, store)]
    before = parse(task.tree, path) if task.tree.read(path) is not None else None
    code = f"{_protos(task)}.ErrorCode_{not_implemented(task.catalog)}"
    style = multiline_style(before or neighbours[0]) if before or neighbours else "packed"
    text = stub(made, store.receiver, task.endpoint, code, style)
    imports = _imports(task, store, made, before, standing)
    imports += _paths(task, store, ("contract", _protos(task)), before)
    module = task.layout.module
    if before is None:
        package = neighbours[0].package if neighbours else posixpath.basename(store.sql_dir)
        return [Change(path, None, new_file(package, imports, text, module))]
    edits = goedit.merged(before, goedit.append(before, text), add_imports(before, imports, module))
    return [Change(path, before.source, apply(before.source, edits))]


def _as_it_stands(wanted: Signature, standing: Standing) -> Signature:
    """The signature that the other half of the method has."""
    params = standing.func.params
    context = bool(params) and params[0].type == CONTEXT.type
    rest = params[1:] if context else params
    return Signature(
        wanted.name,
        tuple(Param(p.name, p.type) for p in rest),
        tuple(r.type for r in standing.func.results),
        wanted.imports,
        context,
    )


def _imports(
    task: Task, store: Store, made: Signature, file: GoFile | None, other: Standing | None
) -> list[Wanted]:
    """The imports for the packages that the types of a signature name."""
    types = [*(param.type for param in declared(made)), *made.results]
    names = list(dict.fromkeys(name for text in types for name in _QUALIFIER.findall(text)))
    wanted = _paths(task, store, names, file)
    if other is not None:
        known = {item.path for item in wanted}
        seen = parse(task.tree, other.path).imports
        wanted += [Wanted(i.path, i.alias) for i in seen if i.name in names and i.path not in known]
    return wanted


def _paths(task: Task, store: Store, names: Iterable[str], file: GoFile | None) -> list[Wanted]:
    """The import paths behind package names, less those that the file calls so already."""
    layout, package = task.layout, task.service.protos_package
    folders = {
        "contract": layout.contract_dir,
        "protos": layout.protos_dir,
        "entities": layout.entities_dir,
        "models": store.models_dir,
    }
    if package != "protos":
        folders[package] = posixpath.join(layout.protos_dir, package)
    there = {found.name for found in file.imports} if file else set()
    wanted = []
    for name in names:
        folder = folders.get(name)
        if name == "context":
            wanted.append(Wanted("context"))
        elif folder and name not in there:
            wanted.append(Wanted(import_path(layout, folder)))
    return wanted


def _protos(task: Task) -> str:
    """The package of the error codes."""
    return posixpath.basename(task.layout.protos_dir)
