"""Which file mockery writes for an interface, as `.mockery.yaml` says (vektra.github.io)."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from porter.core.layout import Store
from porter.core.view import View
from porter.errors import SourceError


def mock_of(tree: View, go_root: str, folder: str, path: str, interface: str) -> str | None:
    """The file that mockery writes for an interface, from the nearest `.mockery.yaml`, or None.

    `path` is the import path of the interface's folder. Raises SourceError where the file does not
    parse.
    """
    settings = _settings(tree, go_root, path, interface)
    if settings is None:
        return None
    where = _rendered(str(settings.get("dir", "{{.InterfaceDir}}")), folder, interface)
    name = _rendered(str(settings.get("filename", "mock_{{.InterfaceName}}.go")), folder, interface)
    return posixpath.normpath(posixpath.join(where, name))


def constructor(tree: View, go_root: str, path: str, store: Store) -> str | None:
    """The function that makes the mock of a store, or None where there is none that expects calls.

    `path` is the import path of the interface's folder, where the mock has to stand too. Mockery
    writes `New` before the mock's name, and `EXPECT()` only with `with-expecter`.
    """
    settings = _settings(tree, go_root, path, store.interface)
    if settings is None or store.mock is None or not settings.get("with-expecter"):
        return None
    if posixpath.dirname(store.mock) != store.interface_dir:
        return None
    name = str(settings.get("mockname", "Mock{{.InterfaceName}}"))
    return f"New{_rendered(name, store.interface_dir, store.interface)}"


def _settings(tree: View, go_root: str, path: str, interface: str) -> dict[str, Any] | None:
    """What mockery is told about an interface, or None where it is not to write a mock of it."""
    for place in (".mockery.yaml", posixpath.join(go_root, ".mockery.yaml")):
        content = tree.read(place)
        if content is not None:
            return _of(_config(tree, place, content), path, interface)
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


def _of(config: dict[str, Any], path: str, interface: str) -> dict[str, Any] | None:
    package = (config.get("packages") or {}).get(path)
    if package is None:
        return None
    settings = {**config, **((package or {}).get("config") or {})}
    listed = (package or {}).get("interfaces") or {}
    if interface not in listed and not settings.get("all"):
        return None
    settings.update(((listed.get(interface) or {}).get("config")) or {})
    return settings


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
