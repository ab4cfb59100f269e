"""Wheels from the package index: fetched without installing, and unpacked."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from pathlib import Path

from porter.core.command import Command
from porter.core.report import Sink
from porter.errors import EnvironmentFault
from porter.work import commands


def download(requirement: str, work: Path, sink: Sink) -> Path:
    """Fetch one wheel with pip, or with uv where porter's Python has no pip; where it lies.

    Raises EnvironmentFault where neither is there, CommandFailed where the fetch fails.
    """
    target = work / "wheel"
    pip: tuple[str, ...] = (sys.executable, "-m", "pip")
    if commands.capture([*pip, "--version"], work).code:
        uv = shutil.which("uv")
        if uv is None:
            raise EnvironmentFault(
                "neither pip nor uv is there to fetch tools", next=f"{pip[0]} -m ensurepip"
            )
        pip = (uv, "tool", "run", "pip")
    argv = (
        *pip, "download", "--no-deps", "--only-binary", ":all:", "--dest", str(target),
        "--progress-bar", "off", "--disable-pip-version-check", requirement,
    )  # fmt: skip
    outcome = commands.run(Command(argv, limit=900), work, dict(os.environ), sink=sink)
    if not outcome.ok:
        raise commands.failed(outcome, next="look at the network, then run the same again")
    return next(target.glob("*.whl"))


def unpack(wheel: Path, work: Path) -> None:
    """Unpack a wheel with the permissions it carries, as zipfile alone would not."""
    with zipfile.ZipFile(wheel) as archive:
        for info in archive.infolist():
            made = Path(archive.extract(info, work))
            mode = info.external_attr >> 16 & 0o777
            if mode and made.is_file():
                made.chmod(mode)
    shutil.rmtree(wheel.parent)
