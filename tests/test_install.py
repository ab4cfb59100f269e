"""Porter finds its guide and its templates both beside it (editable) and inside a wheel."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from porter.shipped import shared

ROOT = Path(__file__).parent.parent
SHIPPED = {
    "guide": "porter/_share/guide",
    "templates": "porter/_share/templates",
    "porter": "porter",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this very tree."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment that has the wheel; dependencies are lent from this one."""
    place = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(place, with_pip=False)
    (site,) = place.glob("lib/python*/site-packages")
    zipfile.ZipFile(wheel).extractall(site)
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return place / "bin" / "python"


@pytest.mark.go
@pytest.mark.parametrize("folder", SHIPPED)
def test_every_file_is_in_the_wheel(wheel: Path, folder: str) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    files = [p for p in (ROOT / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert len(files) > 5
    inside = [f"{SHIPPED[folder]}/{path.relative_to(ROOT / folder).as_posix()}" for path in files]
    assert not sorted(set(inside) - names)
    assert not [name for name in names if "__pycache__" in name]


@pytest.mark.go
@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("guide",), "Implement the SQL"),
        (("guide", "enable"), '+\t\t\t"deleteTag",'),
        (("demo", "--help"), "--solve"),
        (("--version",), "porter "),
    ],
)
def test_installed_from_the_wheel(installed: Path, args: tuple[str, ...], said: str) -> None:
    assert said in run(installed, "-m", "porter", *args)


@pytest.mark.go
def test_shares_of_the_wheel(installed: Path) -> None:
    code = (
        "from porter.shipped import shared as s; import porter\n"
        "tree = s('templates') / 'backend' / 'tree'\n"
        "names = ('.gitignore', '.tool-versions', '.mockery.yaml', 'go.mod', 'go.sum')\n"
        "assert all((tree / name).is_file() for name in names)\n"
        "print(porter.__file__)"
    )
    assert str(installed.parent.parent) in run(installed, "-c", code)


def test_editable_shares_stand_beside_the_package() -> None:
    assert (shared("guide"), shared("templates")) == (ROOT / "guide", ROOT / "templates")


def run(python: Path, *args: str) -> str:
    """What a command of that Python prints; it starts in a folder that holds no porter."""
    done = subprocess.run(
        [str(python), *args], cwd=python.parent, check=True, capture_output=True, text=True
    )
    return done.stdout
