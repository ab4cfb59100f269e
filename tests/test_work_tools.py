"""The toolchain: found versions, the environment of commands, MLflow's pin, installing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from porter.core.toolchain import Wanted, fits
from porter.errors import EnvironmentFault
from porter.work import install, tools
from porter.work.mlflow_checkout import Differs, Matches, mlflow_state, require_mlflow
from porter.work.tools import Toolchain, checkout_python, environment, own_bin, toolchain
from porter.work.toolversions import find

WANTED = (
    Wanted("go", "1.22", "go.mod"),
    Wanted("protoc", "26.0", "a.pb.go"),
    Wanted("mage", "1.15.0", "go.mod"),
)


@pytest.fixture(autouse=True)
def _clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOTOOLCHAIN", "GOCACHE", "GOPATH", "GOMODCACHE", "VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORTER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")


def script(folder: Path, name: str, text: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("tool", "wanted", "version", "serves"),
    [
        ("go", "1.22", "1.22.10", True),
        ("go", "1.22", "1.23.9", True),
        ("go", "1.23", "1.22.10", False),
        ("go", "1.22", "1.26.8", False),
        ("go", "1.23.1", "1.23.9", True),
        ("protoc", "26.0", "26.0", True),
        ("protoc", "26.0", "26.1", False),
        ("mockery", "2.43.2", None, False),
    ],
)
def test_fits(tool: str, wanted: str, version: str | None, serves: bool) -> None:
    assert fits(Wanted(tool, wanted, ""), version) is serves  # type: ignore[arg-type]


def test_versions_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    script(folder, "protoc", "echo libprotoc 26.0")
    script(folder, "mockery", "echo v2.43.2")
    script(folder, "protoc-gen-go", "echo protoc-gen-go v1.33.0")
    built = script(folder, "mage", "echo 'Mage Build Tool <not set>'")
    built.write_bytes(built.read_bytes() + b"\n# \0mod\tgithub.com/magefile/mage\tv1.15.0\th1:x=\n")
    script(tmp_path / "go/bin", "go")
    (tmp_path / "go/VERSION").write_text("go1.22.10\ntime x\n")
    (folder / "go").symlink_to(tmp_path / "go/bin/go")
    env = dict(os.environ)
    versions = {
        tool: found.version
        for tool in ("go", "protoc", "protoc-gen-go", "mage", "mockery")
        if (found := find(tool, env))
    }
    assert versions == {
        "go": "1.22.10", "protoc": "26.0", "protoc-gen-go": "1.33.0", "mage": "1.15.0",
        "mockery": "2.43.2",
    }  # fmt: skip
    script(folder, "protoc", "echo libprotoc 27.1 # another file, the same place")
    found = find("protoc", env)
    assert found is not None
    assert found.version == "27.1"


def test_the_caches_tools_come_first(tmp_path: Path) -> None:
    script(tmp_path / "bin", "protoc", "echo libprotoc 3.1")
    right = script(own_bin("protoc", "26.0"), "protoc", "echo libprotoc 26.0")
    for version in ("1.23.9", "1.22.9", "1.22.10", "1.26.8"):
        script(own_bin("go", version), "go")
        (own_bin("go", version).parent / "VERSION").write_text(f"go{version}\n")
    chain = toolchain(tmp_path, WANTED)
    assert chain.found("protoc") is not None
    assert chain.versions() == ("go 1.22.10", "protoc 26.0", "mage missing")
    assert str(right.parent) in chain.env["PATH"].split(":")
    assert [w.tool for w in install.missing(WANTED)] == ["mage"]


def test_nothing_lands_in_the_home_of_the_user(tmp_path: Path) -> None:
    env = environment(WANTED)
    ours = ("GOPATH", "GOCACHE", "MAGEFILE_CACHE", "PYTHONPYCACHEPREFIX")
    assert all(env[name].startswith(str(tmp_path / "cache")) for name in ours)
    assert (env["GOTOOLCHAIN"], env["GOENV"], env["GIT_OPTIONAL_LOCKS"]) == ("local", "off", "0")
    assert "GOFLAGS" not in env or env["GOFLAGS"] == os.environ["GOFLAGS"]


def check_env(monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str]) -> dict[str, str]:
    for key, value in given.items():
        monkeypatch.setenv(key, value)
    return environment(WANTED)


def test_what_a_person_set_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config/go"
    config.mkdir(parents=True)
    (config / "env").write_text("GOPROXY=https://proxy.example\nGOFLAGS=-x\n")
    env = check_env(monkeypatch, {"GOCACHE": "/mine", "GOTOOLCHAIN": "go1.22.3"})
    assert (env["GOCACHE"], env["GOTOOLCHAIN"]) == ("/mine", "go1.22.3")
    assert env["GOPROXY"] == "https://proxy.example"
    assert check_env(monkeypatch, {"GOTOOLCHAIN": "go1.26.1"})["GOTOOLCHAIN"] == "local"
    assert check_env(monkeypatch, {"GOTOOLCHAIN": "auto"})["GOTOOLCHAIN"] == "local"


def test_bytecode_is_kept_in_the_cache_whoever_wants_none_in_the_tree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "PYTHONDONTWRITEBYTECODE" not in check_env(monkeypatch, {"PYTHONDONTWRITEBYTECODE": "1"})


def test_a_git_hooks_repository_is_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "GIT_DIR" not in check_env(monkeypatch, {"GIT_DIR": "/x"})


def test_whose_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = dict(os.environ)
    script(tmp_path / "bin", "python3")
    assert checkout_python(tmp_path, env) == (str(tmp_path / "bin/python3"),)
    script(tmp_path / ".venv/bin", "python")
    assert checkout_python(tmp_path, env) == (str(tmp_path / ".venv/bin/python"),)
    script(tmp_path / "active/bin", "python")
    env["VIRTUAL_ENV"] = str(tmp_path / "active")
    assert checkout_python(tmp_path, env) == (str(tmp_path / "active/bin/python"),)
    (tmp_path / "uv.lock").touch()
    assert checkout_python(tmp_path, env) == ("uv", "run", "python")
    assert toolchain(tmp_path, ()).env["UV_FROZEN"] == "1"
    assert checkout_python(tmp_path, env, "/chosen") == ("/chosen",)


def test_porters_own_environment_is_not_the_checkouts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    monkeypatch.setenv("PATH", f"{sys.prefix}/bin:/usr/bin:/bin")
    chain = toolchain(tmp_path, ())
    assert "VIRTUAL_ENV" not in chain.env
    assert f"{sys.prefix}/bin" not in chain.env["PATH"].split(":")
    assert not chain.python[0].startswith(sys.prefix)


def test_require(tmp_path: Path) -> None:
    chain = Toolchain(tmp_path, WANTED, dict(os.environ), ("python3",))
    with pytest.raises(EnvironmentFault, match=r"mage 1\.15\.0 is not installed") as error:
        chain.require("mage")
    assert error.value.next == "porter doctor --fix"
    script(tmp_path / "bin", "protoc", "echo libprotoc 3.1")
    with pytest.raises(EnvironmentFault, match=r"protoc is 3\.1 at .*a\.pb\.go asks for 26\.0"):
        chain.require("protoc")


def test_install_checks_what_it_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool that says another version than was asked for is not kept."""
    made = "#!/bin/sh\\necho v9.9.9"
    script(
        tmp_path / "bin", "go",
        f"mkdir -p $GOBIN && printf '{made}' > $GOBIN/mage && chmod +x $GOBIN/mage",
    )  # fmt: skip
    said: list[str] = []
    with pytest.raises(EnvironmentFault, match=r"what was installed is 9\.9\.9") as error:
        install.install(WANTED[2], WANTED, said.append)
    assert "yourself" in error.value.next
    assert not list((tmp_path / "cache/tools").iterdir())


def test_install_where_the_cache_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PORTER_CACHE", str(tmp_path / "file"))
    with pytest.raises(EnvironmentFault, match="cannot be written") as error:
        install.install(WANTED[2], WANTED, lambda _: None)
    assert "PORTER_CACHE" in error.value.next


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    """A checkout with an MLflow of one commit, on branch `main`, tag `v1`."""
    root, repo = tmp_path / "checkout", tmp_path / "checkout/.mlflow.repo"
    repo.mkdir(parents=True)
    (root / "magefiles").mkdir()
    for args in (
        ["init", "-q", "-b", "main"], ["remote", "add", "origin", "https://here/m.git"],
        ["-c", "user.name=a", "-c", "user.email=b", "commit", "-q", "--allow-empty", "-m", "x"],
        ["tag", "v1"],
    ):  # fmt: skip
        subprocess.run(["git", "-C", str(repo), *args], check=True)
    return root


def state(root: Path, ref: str) -> object:
    (root / ".mlflow.ref").write_text(ref)
    return mlflow_state(root)


def test_mlflow_matches_by_mages_own_test(pinned: Path) -> None:
    repo = ["git", "-C", str(pinned / ".mlflow.repo"), "rev-parse", "HEAD"]
    commit = subprocess.run(repo, check=True, capture_output=True, text=True).stdout.strip()
    for reference in ("main", "v1", commit):
        assert state(pinned, f"https://here/m.git#{reference}\n") == Matches(reference)
    require_mlflow(pinned)
    differing = state(pinned, "https://here/m.git#other")
    assert isinstance(differing, Differs)
    assert differing.found == commit[:12]
    assert "check out other" in differing.would
    assert state(pinned, f"https://here/m.git#{commit[:12]}") != Matches(commit[:12])
    with pytest.raises(EnvironmentFault, match=r"mage generate would fetch https://here"):
        require_mlflow(pinned)
    moved = state(pinned, "https://there/m.git#main")
    assert isinstance(moved, Differs)
    assert moved.found == "https://here/m.git"


@pytest.mark.parametrize("ref", ["", "no separator", "#main", "a#b#c"])
def test_a_ref_that_mage_cannot_read(pinned: Path, ref: str) -> None:
    found = state(pinned, ref)
    assert isinstance(found, Differs)
    assert found.would.startswith("fail")


def test_mlflow_missing(pinned: Path) -> None:
    (pinned / ".mlflow.repo").rename(pinned / "elsewhere")
    found = state(pinned, "https://here/m.git#main")
    assert isinstance(found, Differs)
    assert found.would == "clone https://here/m.git and check out main"
    assert tools.own_bin("go", "1").is_relative_to(os.environ["PORTER_CACHE"])
