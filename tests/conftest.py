"""Fixtures that several modules share: one practice backend for the whole run."""

from __future__ import annotations

pytest_plugins = ["practice"]
