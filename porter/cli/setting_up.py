"""Commands around the checkout: doctor and demo."""

from __future__ import annotations

from collections.abc import Callable

COMMANDS: tuple[Callable[..., int], ...] = ()
