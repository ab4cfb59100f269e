"""The library is built by Go as the checkout has it, and what Go has made before stays made."""

from __future__ import annotations

import stat
import subprocess
import time
from pathlib import Path

import pytest
from practice import Backend

from porter.work import cgo_headers


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PORTER_CACHE", str(tmp_path / "cache"))
    return tmp_path


@pytest.mark.parametrize(
    ("own", "given"),
    [("", "{}"), ("-mod=mod -x", "-mod=mod -x {}"), ("-toolexec=/mine", None)],
)
def test_a_persons_flags_stay(home: Path, own: str, given: str | None) -> None:
    script = f"-toolexec={home}/cache/go/headers.sh"
    settings = dict(cgo_headers.remembered({"GOFLAGS": own} if own else {}))
    assert settings.get("GOFLAGS") == (given.format(script) if given else None)


def test_without_it_where_the_script_cannot_run(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTER_CACHE", str(home / "two words"))
    assert cgo_headers.remembered({}) == ()


def test_a_script_of_another_porter_is_replaced(home: Path) -> None:
    script = home / "cache/go/headers.sh"
    script.parent.mkdir(parents=True)
    script.write_text("old")
    cgo_headers.remembered({})
    assert script.read_text().startswith("#!/bin/sh")
    assert script.stat().st_mode & stat.S_IXUSR


@pytest.mark.parametrize(("code", "left"), [(0, ["here.h", "none.h"]), (3, ["here.h"])])
def test_the_tool_runs_as_it_is(home: Path, code: int, left: list[str]) -> None:
    """Its arguments, its exit code and a header of its own; one that failed leaves nothing."""
    cgo_headers.remembered({})
    tool = home / "tools/cgo"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\necho "$@"\nexit {code}\n')
    tool.chmod(0o755)
    (home / "here.h").write_text("exports")
    asked = ["-x", "a b", f"-exportheader={home}/here.h", f"-exportheader={home}/none.h"]
    done = subprocess.run(
        [home / "cache/go/headers.sh", tool, *asked], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (code, " ".join(asked) + "\n")
    assert sorted(path.name for path in home.glob("*.h")) == left
    assert (home / "here.h").read_text() == "exports"


@pytest.mark.go
def test_a_second_build_leaves_gos_own_packages(backend: Backend) -> None:
    """Go's own packages with C in them are compiled anew by a plain build, each time."""
    sql = backend.root / "pkg/tracking/store/sql/tags.go"
    logs = Path(backend.env["PORTER_CACHE"], "logs")
    for _ in range(2):
        known = set(logs.glob("*"))
        edit = f"\nfunc edit{time.time_ns()}() {{}}\n"  # no earlier run has built this
        sql.write_text(sql.read_text() + edit)
        only = ("--no-units", "--only", "::test_set_tag")
        backend.porter("test", "setTag", *only, GOFLAGS="-x")
    built = next(
        text for log in set(logs.glob("*")) - known if "WORK=" in (text := log.read_text())
    )
    assert "/compile -o" in built
    assert not [own for own in ("runtime/cgo", "net", "os/user") if f"-importpath {own} " in built]
