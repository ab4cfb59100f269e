"""The Go store of a service: its interface, the type that implements it, its mock and models."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from porter.core.layout import Layout, Receiver, Store
from porter.core.view import View
from porter.errors import SourceError
from porter.source.gofiles import GoFiles
from porter.source.golang import GoFile, Interface, parse
from porter.source.headers import is_generated


def store_of(files: GoFiles, home: GoFile, go_name: str, module: str, go_root: str) -> Store | None:
    """The store that the struct `go_name` of `home` holds, or None where it holds none."""
    struct = home.struct(go_name)
    for field in struct.fields if struct else ():
        package, _, name = field.type.rpartition(".")
        folder = _folder(home, package, module, go_root)
        if folder is None or field.type.startswith(("*", "[", "func", "map")):
            continue
        methods = _all_methods(files, folder, name)
        if methods is None:
            continue
        found = _implementation(files, folder, name, methods)
        if found is None:
            continue
        sql_dir, receiver = found
        models = _models_dir(files, sql_dir)
        mock = _mock(files.tree, go_root, folder, _path(module, go_root, folder), name)
        return Store(name, folder, sql_dir, models, receiver, field.name, mock)
    return None


def interfaces(tree: View, layout: Layout, store: Store) -> Iterator[tuple[GoFile, Interface]]:
    """The store's interface and those it embeds from its own package, each with its file."""
    wanted, seen = [store.interface], set()
    files = [
        parse(tree, path)
        for path in tree.files(store.interface_dir, ".go")
        if not path.endswith("_test.go") and not is_generated(tree.read(path) or b"")
    ]
    while wanted:
        name = wanted.pop(0)
        if name in seen:
            continue
        seen.add(name)
        for file in files:
            found = file.interface(name)
            if found is not None:
                yield file, found
                wanted += [embed for embed in found.embeds if "." not in embed]


def sql_files(tree: View, store: Store) -> tuple[str, ...]:
    """The hand-written Go files of the SQL store."""
    return tuple(p for p in tree.files(store.sql_dir, ".go") if not p.endswith("_test.go"))


def _all_methods(files: GoFiles, folder: str, name: str) -> frozenset[str] | None:
    """The names of an interface's methods with those it embeds, or None where there is none."""
    for file in files.of(folder):
        found = file.interface(name)
        if found is not None:
            methods = {method.name for method in found.methods}
            for embed in found.embeds:
                if "." not in embed and embed != name:
                    methods |= _all_methods(files, folder, embed) or frozenset()
            return frozenset(methods)
    return None


def _implementation(
    files: GoFiles, folder: str, interface: str, methods: frozenset[str]
) -> tuple[str, Receiver] | None:
    """The type beneath the interface's folder that has most of its methods, with its receiver.

    An interface without a method yet is implemented by the struct whose name shares its words.
    """
    found: Counter[tuple[str, str]] = Counter()
    forms: dict[tuple[str, str], Counter[Receiver]] = {}
    structs: list[tuple[str, str]] = []
    for path in files.paths:
        inside = posixpath.dirname(path)
        if not inside.startswith(folder) or is_generated(files.content(path)):
            continue
        file = parse(files.tree, path)
        structs += [(inside, struct.name) for struct in file.structs]
        for f in file.functions:
            if f.receiver is not None:
                key = (inside, f.receiver.type)
                forms.setdefault(key, Counter())[f.receiver] += 1
                found[key] += f.name in methods
    if not found or not found.most_common(1)[0][1]:
        stem = interface.removesuffix("Store")
        named = [key for key in structs if key[1].startswith(stem) and key[1].endswith("Store")]
        found = Counter(named)
    if not found:
        return None
    best = max(found, key=lambda key: (found[key], key))
    named_forms = [r for r, _ in forms.get(best, Counter()).most_common() if r.name]
    initial = Receiver(best[1][:1].lower(), best[1], pointer=True)
    return best[0], named_forms[0] if named_forms else initial


def _models_dir(files: GoFiles, sql_dir: str) -> str | None:
    """The folder at or beneath the SQL store with most structs that have Gorm tags."""
    counts = Counter(
        posixpath.dirname(path)
        for path in files.having(b'gorm:"')
        if posixpath.dirname(path).startswith(sql_dir)
    )
    return counts.most_common(1)[0][0] if counts else None


def _folder(home: GoFile, package: str, module: str, go_root: str) -> str | None:
    if not package:
        return posixpath.dirname(home.path)
    path = next((found.path for found in home.imports if found.name == package), None)
    if path is None or not path.startswith(module + "/"):
        return None
    return posixpath.join(go_root, path[len(module) + 1 :])


def _path(module: str, go_root: str, folder: str) -> str:
    return f"{module}/{posixpath.relpath(folder, go_root or '.')}"


def _mock(tree: View, go_root: str, folder: str, path: str, interface: str) -> str | None:
    """The file that mockery writes for an interface, from the nearest `.mockery.yaml`."""
    for place in (".mockery.yaml", posixpath.join(go_root, ".mockery.yaml")):
        content = tree.read(place)
        if content is not None:
            return _mock_by(_config(tree, place, content), folder, path, interface)
    return None


def _config(tree: View, place: str, content: bytes) -> dict[str, Any]:
    import yaml

    try:
        config = yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        where = tree.where(place)
        said = str(error).splitlines()[0]
        raise SourceError(f"{where} does not parse: {said}", next=f"mend {where}") from error
    return config if isinstance(config, dict) else {}


def _mock_by(config: dict[str, Any], folder: str, path: str, interface: str) -> str | None:
    package = (config.get("packages") or {}).get(path)
    if package is None:
        return None
    settings = {**config, **((package or {}).get("config") or {})}
    listed = (package or {}).get("interfaces") or {}
    if interface not in listed and not settings.get("all"):
        return None
    settings.update(((listed.get(interface) or {}).get("config")) or {})
    where = _rendered(str(settings.get("dir", "{{.InterfaceDir}}")), folder, interface)
    name = _rendered(str(settings.get("filename", "mock_{{.InterfaceName}}.go")), folder, interface)
    return posixpath.normpath(posixpath.join(where, name))


def _rendered(template: str, folder: str, interface: str) -> str:
    words = {
        "InterfaceDir": folder,
        "InterfaceDirRelative": folder,
        "InterfaceName": interface,
        "InterfaceNameSnake": re.sub(r"(?<!^)(?=[A-Z])", "_", interface).lower(),
        "InterfaceNameLower": interface.lower(),
        "PackageName": posixpath.basename(folder),
    }
    return re.sub(r"\{\{\s*\.(\w+)\s*\}\}", lambda m: words.get(m[1], ""), template)
