"""The generated Go of a checkout: what writes it, and where an endpoint stands in it.

Plans never read these files; inspections do.
"""

from __future__ import annotations

import posixpath
import re

from porter.core.command import Command
from porter.core.endpoint import Endpoint
from porter.core.layout import Layout, Service
from porter.core.task import Task
from porter.core.view import View
from porter.source.golang import GoFile, parse


def generate_command(tree: View, layout: Layout) -> Command | None:
    """What writes the generated files: mage's target, or in older layouts the generator itself."""
    why = "route, interface and FFI export are generated"
    if tree.files("magefiles", ".go"):
        return Command(("mage", "generate"), why=why)
    main = any(
        parse(tree, path).package == "main" and parse(tree, path).function("main")
        for path in tree.files(layout.generator_dir, ".go")
        if not path.endswith("_test.go")
    )
    if not main:
        return None
    target = posixpath.dirname(layout.protos_dir) or "."
    return Command(("go", "run", f"./{layout.generator_dir}", f"./{target}"), why=why)


def interface_of(tree: View, layout: Layout, service: Service) -> tuple[GoFile, bytes] | None:
    """The generated file that declares the service's interface, with its content."""
    pattern = re.compile(rf"\btype\s+{re.escape(service.go_name)}\s+interface\b".encode())
    for path in tree.files(layout.contract_dir, ".go", deep=True):
        content = tree.read(path) or b""
        if pattern.search(content):
            return parse(tree, path), content
    return None


def missing(task: Task) -> tuple[tuple[str, str | None], ...]:
    """What the generated files lack of the endpoint: each thing in words, and its file."""
    layout, service, endpoint = task.layout, task.service, task.endpoint
    found = interface_of(task.tree, layout, service)
    declared = found[0].interface(service.go_name) if found else None
    lacking: list[tuple[str, str | None]] = []
    if declared is None or declared.method(endpoint.method) is None:
        text = f"the interface {service.go_name} has no method {endpoint.method}"
        lacking.append((text, found[0].path if found else None))
    route = _lacks(task, layout.routes_dir, _route(endpoint))
    if route is not None:
        lacking.append((f"there is no route {endpoint.routes[0]} for {endpoint.method}", route))
    export = f"{service.go_name}{endpoint.method}"
    place = _lacks(task, layout.lib_dir, re.compile(rf"\nfunc {export}\(".encode()))
    if place is not None:
        lacking.append((f"there is no FFI export {export}", place))
    return tuple(lacking)


def _route(endpoint: Endpoint) -> re.Pattern[bytes]:
    """A call of the service's method, as every generated route makes it."""
    return re.compile(rf"\bservice\.{re.escape(endpoint.method)}\(".encode())


def _lacks(task: Task, folder: str, pattern: re.Pattern[bytes]) -> str | None:
    """The generated file of a folder that should have it and has not; None where all is well.

    A layout without that folder generates nothing of the kind. The oldest ones have one file for
    all services, under a name of its own.
    """
    if not folder:
        return None
    own = posixpath.join(folder, f"{task.service.stem}.g.go")
    paths = [own] if task.tree.read(own) is not None else task.tree.files(folder, ".g.go")
    for path in paths:
        if pattern.search((task.tree.read(path) or b"").replace(b"\r\n", b"\n")):
            return None
    return own
