"""What the README promises of ./dev/demo: it ends green, with Go called."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from porter.work import cache

SHOW = Path(__file__).parent.parent / "dev" / "show.py"


@pytest.mark.go
def test_the_demo_ends_green_with_go_called(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(SHOW), str(tmp_path / "backend")],
        env={**os.environ, "PORTER_CACHE": str(cache.home())},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "reached Go" in done.stdout
