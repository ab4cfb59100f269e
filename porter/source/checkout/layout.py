"""Where things are in a checkout, found by what stands in the files and not by where they are.

The endpoints' list gives the services; from a service's struct the way leads through its store
field to the interface, from there to the type that implements it, and to the mock and the models.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections import Counter
from collections.abc import Iterable

from porter.core.layout import Layout, Receiver, Service
from porter.core.view import View
from porter.errors import UsageError
from porter.source.checkout import endpoints
from porter.source.checkout.endpoints import Listed
from porter.source.checkout.pybinding import binding_of
from porter.source.checkout.stores import store_of
from porter.source.golang.gofiles import GoFiles, gofiles

_RULE_KEY = re.compile(r"[A-Z]\w*_[A-Z]\w*")
_MLFLOW = "mlflow/server/handlers.py"


@functools.lru_cache(maxsize=8)
def discover(tree: View) -> Layout:
    """The layout of a checkout, one per view.

    Raises UsageError where the tree is not a checkout of mlflow-go, and SourceError where a file
    that has to be read does not parse.
    """
    files = gofiles(tree)
    place = endpoints.find(tree, files.paths)
    if place is None:
        raise UsageError(
            "this is not a checkout of mlflow-go: no Go file lists ImplementedEndpoints",
            next="cd into a checkout, or name it: porter -C DIR …",
        )
    embedded = tree.read(_MLFLOW) is not None
    protos = _protos_dir(files)
    go_root = _go_root(protos, place)
    module = _module(tree, go_root)
    listed = endpoints.registry(tree, place)
    services = tuple(_service(files, module, go_root, protos, entry) for entry in listed)
    generator = posixpath.dirname(place)
    return Layout(
        kind="embedded" if embedded else "standalone",
        module=module,
        go_root=go_root,
        package=_package(services),
        endpoints=place,
        validations=_validations(files, generator),
        validation_tags=_first(files.having(b".RegisterValidation(")),
        generator_dir=generator,
        protos_dir=protos,
        contract_dir=posixpath.dirname(_first(files.having(b"\nfunc NewError(")) or ""),
        routes_dir=_generated_dir(files, b"Routes(", re.compile(rb"\nfunc Register\w*Routes\(")),
        lib_dir=_generated_dir(files, b"//export ", re.compile(rb"\n//export \w")),
        entities_dir=_package_dir(files, "entities"),
        services=services,
        mlflow_repo="" if embedded else ".mlflow.repo",
    )


def import_path(layout: Layout, folder: str) -> str:
    """The Go import path of a folder of the checkout."""
    inside = posixpath.relpath(folder, layout.go_root or ".")
    return layout.module if inside == "." else f"{layout.module}/{inside}"


def folder_of(layout: Layout, path: str) -> str | None:
    """The folder of the checkout that an import path means, or None for other modules."""
    if path != layout.module and not path.startswith(layout.module + "/"):
        return None
    inside = path[len(layout.module) + 1 :]
    return posixpath.join(layout.go_root, inside) if layout.go_root else inside


def _service(files: GoFiles, module: str, go_root: str, protos: str, entry: Listed) -> Service:
    home = files.struct(entry.go_name)
    folder = posixpath.dirname(home.path) if home else None
    binding, binding_class = binding_of(files.tree, entry.go_name)
    return Service(
        name=entry.service,
        go_name=entry.go_name,
        stem=entry.stem,
        protos_package=_protos_package(files, protos, entry.stem),
        dir=folder,
        receiver=_receiver(files, folder, entry.go_name) if folder else None,
        store=store_of(files, home, entry.go_name, module, go_root) if home else None,
        binding=binding,
        binding_class=binding_class,
        enabled=frozenset(entry.names),
    )


def _receiver(files: GoFiles, folder: str, go_name: str) -> Receiver:
    """The receiver most methods have; a service without a method gets its initials."""
    found = Counter(
        f.receiver
        for file in files.of(folder)
        for f in file.functions
        if f.receiver is not None and f.receiver.type == go_name and f.receiver.name
    )
    if found:
        return found.most_common(1)[0][0]
    return Receiver("".join(c for c in go_name if c.isupper()).lower(), go_name)


def _protos_dir(files: GoFiles) -> str:
    """The nearest folder with protoc-gen-go's files."""
    folders = {posixpath.dirname(path) for path in files.every if path.endswith(".pb.go")}
    return min(folders, key=lambda folder: (folder.count("/"), folder), default="pkg/protos")


def _protos_package(files: GoFiles, protos: str, stem: str) -> str:
    """A service whose proto file has its own folder under the protos has its own package."""
    for path in files.every:
        folder, name = posixpath.split(path)
        if name.endswith(".pb.go") and folder != protos and stem in name.removesuffix(".pb.go"):
            return posixpath.basename(folder)
    return posixpath.basename(protos)


def _go_root(protos: str, place: str) -> str:
    parent = posixpath.dirname(protos)
    root = posixpath.dirname(parent) if posixpath.basename(parent) == "pkg" else parent
    return root if root in ("", place.partition("/")[0]) or place.startswith(root) else ""


def _module(tree: View, go_root: str) -> str:
    """The module path of the nearest go.mod, with the folders between it and the Go code."""
    folder = go_root
    while True:
        content = tree.read(posixpath.join(folder, "go.mod"))
        if content is not None:
            found = re.search(rb"^module\s+\"?([^\s\"]+)", content, re.MULTILINE)
            name = found[1].decode() if found else ""
            between = posixpath.relpath(go_root or ".", folder or ".")
            return name if between == "." else f"{name}/{between}"
        if not folder:
            raise UsageError(
                "this is not a checkout of mlflow-go: there is no go.mod",
                next="cd into a checkout, or name it: porter -C DIR …",
            )
        folder = posixpath.dirname(folder)


def _package(services: Iterable[Service]) -> str | None:
    """The Python package: the first folder of the bindings."""
    found = [service.binding.partition("/")[0] for service in services if service.binding]
    return found[0] if found else None


def _validations(files: GoFiles, generator: str) -> str | None:
    """The file beside the endpoints with a map from `Message_Field` to rules."""
    for file in files.of(generator):
        for value in file.values:
            entries = value.literal.entries if value.literal else ()
            if entries and all(e.key and _RULE_KEY.fullmatch(e.key) for e in entries):
                return file.path
    return None


def _generated_dir(files: GoFiles, text: bytes, pattern: re.Pattern[bytes]) -> str:
    """The folder of the first generated file (`*.g.go`, else any) with that pattern."""
    found = [path for path in files.having(text) if pattern.search(files.content(path))]
    return posixpath.dirname(min(found, key=lambda p: (not p.endswith(".g.go"), p), default=""))


def _package_dir(files: GoFiles, name: str) -> str | None:
    folders = {posixpath.dirname(path) for path in files.paths}
    return _first(sorted(f for f in folders if posixpath.basename(f) == name))


def _first(paths: Iterable[str]) -> str | None:
    return next(iter(paths), None)
