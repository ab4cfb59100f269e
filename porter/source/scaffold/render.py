"""Templates filled in: they look like what they become; Python decides before."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from porter.shipped import shared

if TYPE_CHECKING:
    from jinja2 import Environment


def render(template: str, **values: object) -> str:
    """A template of the folder `templates`, filled in. An unknown name in it is an error."""
    return _environment().get_template(f"{template}.j2").render(**values)


@functools.lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(shared("templates")),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
