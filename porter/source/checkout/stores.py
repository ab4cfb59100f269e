"""The Go store of a service: its interface, the type that implements it, its mock and models."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator

from porter.core.layout import Layout, Receiver, Store
from porter.core.view import View
from porter.source.checkout.headers import is_generated
from porter.source.checkout.mockery import mock_of
from porter.source.golang import GoFile, Interface, parse
from porter.source.golang.gofiles import GoFiles


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
        mock = mock_of(files.tree, go_root, folder, _path(module, go_root, folder), name)
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
