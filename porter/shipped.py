"""Where the files that porter ships are: the guide and the templates."""

from __future__ import annotations

from pathlib import Path


def shared(name: str) -> Path:
    """The folder `guide` or `templates`: in the package (wheel), else beside it (editable)."""
    here = Path(__file__).parent
    inside = here / "_share" / name
    return inside if inside.is_dir() else here.parent / name
