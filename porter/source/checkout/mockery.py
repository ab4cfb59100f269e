"""Which file mockery writes for an interface, as `.mockery.yaml` says (vektra.github.io)."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from porter.core.view import View
from porter.errors import SourceError


def mock_of(tree: View, go_root: str, folder: str, path: str, interface: str) -> str | None:
    """The file that mockery writes for an interface, from the nearest `.mockery.yaml`, or None.

    `path` is the import path of the interface's folder. Raises SourceError where the file does not
    parse.
    """
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
