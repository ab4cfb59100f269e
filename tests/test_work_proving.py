"""Proofs: remembered by content, and no false green from a library that did not build."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from porter.core.command import Command, Outcome
from porter.core.finding import Finding
from porter.core.proof import GO, Covers, Proof, Verdict
from porter.core.question import Evidence
from porter.work import cache, verdicts
from porter.work.library import PATH as LIBRARY_PATH
from porter.work.proving import Asked, Prover
from porter.work.tools import Toolchain

BUILDS = """
import pathlib, sys
pathlib.Path(sys.argv[2], "libx.so").write_text(pathlib.Path(sys.argv[1], "main.go").read_text())
print("built")
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PORTER_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "checkout"
    (root / "backend").mkdir(parents=True)
    (root / ".mlflow.repo").mkdir()
    (root / "main.go").write_text("package main\n")
    (root / "backend/lib.py").write_text(BUILDS)
    return root


def prover(root: Path) -> Prover:
    """A prover of the tree as it is now."""
    tools = Toolchain(root, (), dict(os.environ), (sys.executable,))
    return Prover(tools, root / ".mlflow.repo", "backend")


def read(outcome: Outcome) -> Verdict:
    place = Evidence("a.go", 1, "x")
    found = () if outcome.ok else (Finding("P1", "bad", evidence=(place,)),)
    return Verdict(outcome.ok, outcome.output.strip(), found, ("detail",))


def proof(script: str, covers: Covers = GO, *, library: bool = False, limit: float = 20) -> Proof:
    return Proof("test", Command(("sh", "-c", script), limit=limit), covers, read, library)


COUNTING = proof("echo >> ../runs; wc -l < ../runs")


def test_remembered_by_content(root: Path) -> None:
    assert prover(root).remembered(COUNTING) is None
    assert prover(root).prove(COUNTING).summary == "1"
    assert prover(root).prove(COUNTING).summary == "1"
    assert prover(root).remembered(COUNTING) == Verdict(True, "1", (), ("detail",))
    assert prover(root).prove(COUNTING, again=True).summary == "2"
    (root / "readme.md").write_text("not covered")
    assert prover(root).remembered(COUNTING) is not None
    (root / "new.go").write_text("package main\n")
    assert prover(root).remembered(COUNTING) is None
    (root / "new.go").unlink()
    assert prover(root).remembered(COUNTING) is not None


def test_what_a_proof_covers(root: Path) -> None:
    """A change of each covered thing forgets the verdict, and of nothing else."""
    for args in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x", "--allow-empty"]):
        identity = ["-c", "user.name=a", "-c", "user.email=b"]
        subprocess.run(["git", "-C", str(root / ".mlflow.repo"), *identity, *args], check=True)
    covers = Covers(("conftest.py",), (".py",), ("tests",), mlflow=True, extra=("test_a",))
    one = proof("true", covers)
    prover(root).prove(one)
    for path in ("conftest.py", "backend/store.py", "tests/deep/data.txt", ".mlflow.repo/x.py"):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("changed")
        assert prover(root).remembered(one) is None, path
        file.unlink()
        assert prover(root).remembered(one) is not None, path
    assert prover(root).remembered(proof("true", Covers(mlflow=True, extra=("test_b",)))) is None
    assert prover(root).remembered(proof("true # other", covers)) is None


def test_a_red_proof_is_remembered_and_runs_again(root: Path) -> None:
    red = proof("echo >> ../runs; wc -l < ../runs; false")
    verdict = prover(root).prove(red)
    assert not verdict.ok
    assert prover(root).remembered(red) == verdict
    assert verdict.findings[0].evidence[0].file == "a.go"
    assert prover(root).prove(red).summary == "2"


def test_a_hanging_proof_is_no_memory(root: Path) -> None:
    slow = proof("sleep 60", limit=0.2)
    verdict = prover(root).prove(slow)
    assert not verdict.ok
    assert "did not end within 0.2 s" in verdict.summary
    assert prover(root).remembered(slow) is None


def test_the_library_is_built_once_per_source(root: Path) -> None:
    one = proof(f"cat ${LIBRARY_PATH}/libx.so", library=True)
    said: list[str] = []
    assert prover(root).prove(one, said.append).summary == "package main"
    prover(root).prove(one, said.append, again=True)
    assert said.count("built") == 1
    (root / "main.go").write_text("package other\n")
    assert prover(root).prove(one, said.append).summary == "package other"
    assert said.count("built") == 2
    assert not list((root / "backend").glob("*.so"))


NO_LIBRARY = {
    "fails": "import sys; print('undefined: x'); sys.exit(2)",
    "ends well and leaves nothing": "print('undefined: x')",
    "leaves an empty file": "import pathlib, sys; print('undefined: x')\n"
    "pathlib.Path(sys.argv[2], 'libx.so').touch()",
}


@pytest.mark.parametrize("how", NO_LIBRARY)
def test_a_library_that_does_not_build_is_red(root: Path, how: str) -> None:
    """mage itself ends with 0 here, and no test has run."""
    (root / "backend/lib.py").write_text(NO_LIBRARY[how])
    green = proof("echo 5 passed", library=True)
    verdict = prover(root).prove(green)
    assert not verdict.ok
    assert "does not build" in verdict.summary
    assert verdict.details[-1] == "undefined: x"
    assert (verdict.findings[0].next or "").startswith("read ")
    assert prover(root).remembered(green) is None
    assert not list((root.parent / "cache/lib").iterdir())


def test_a_library_that_does_not_compile_says_where(root: Path) -> None:
    said = "# example.com/pkg\\npkg/sql/tags.go:7:2: undefined: x\\npkg/sql/tags.go:9:2: more"
    (root / "backend/lib.py").write_text(f"import sys; sys.exit('{said}')")
    finding = prover(root).prove(proof("true", library=True)).findings[0]
    assert (str(finding.place), finding.next) == ("pkg/sql/tags.go:7", "mend pkg/sql/tags.go:7")
    assert finding.text == "the FFI library does not build: undefined: x"


MEETS = """
import os, pathlib, select, sys
met = os.open("../met", os.O_RDONLY | os.O_NONBLOCK)
if not select.select([met], [], [], 20)[0]:
    sys.exit("nobody came")
{ends}
"""
"""A build that ends once the proof has begun, and fails where it has not."""


def gated(script: str) -> Proof:
    """A proof that gets ready, says so to `MEETS`, and works once the library stands."""
    command = Command(("bash", "-c", f"echo > ../met; read -r _ <&$GATE && {script}"), gate="GATE")
    return Proof("gated", command, GO, read, library=True)


def test_a_proof_gets_ready_while_the_library_builds(root: Path) -> None:
    os.mkfifo(root.parent / "met")
    (root / "backend/lib.py").write_text(MEETS.format(ends=BUILDS))
    one = gated(f"cat ${LIBRARY_PATH}/libx.so")
    assert prover(root).prove(one).summary == "package main"


def test_a_proof_that_waits_is_ended_where_the_library_does_not_build(root: Path) -> None:
    os.mkfifo(root.parent / "met")
    (root / "backend/lib.py").write_text(MEETS.format(ends="sys.exit('undefined: x')"))
    verdict = prover(root).prove(gated("touch ../began"))
    assert verdict.findings[0].code == "P501"
    assert verdict.details == ("undefined: x",)
    assert not (root.parent / "began").exists()


def test_proofs_run_beside_each_other(root: Path) -> None:
    """The first can only end where the second runs too; each keeps its verdict."""
    os.mkfifo(root.parent / "there")
    one = proof("read line < ../there; echo $line", library=True)
    other = replace(proof("echo came > ../there; echo went; false"), name="other")
    verdicts = prover(root).together([Asked(one), Asked(other)])
    assert [(each.ok, each.summary) for each in verdicts] == [(True, "came"), (False, "went")]
    assert [prover(root).remembered(each) for each in (one, other)] == verdicts
    again = prover(root).together([Asked(one), Asked(proof("echo new"))])
    assert [each.summary for each in again] == ["came", "new"]


def test_a_proof_without_the_library_runs_where_it_does_not_build(root: Path) -> None:
    (root / "backend/lib.py").write_text(NO_LIBRARY["fails"])
    needing, other = proof("true", library=True), replace(proof("echo ran"), name="other")
    verdicts = prover(root).together([Asked(needing), Asked(other)])
    assert [each.ok for each in verdicts] == [False, True]


def test_what_changes_while_a_proof_runs_is_not_what_it_proved(root: Path) -> None:
    one = proof("echo changed >> main.go")
    assert prover(root).prove(one).ok
    assert prover(root).remembered(one) is None


def test_a_verdict_without_a_run_is_remembered_and_asked_again(root: Path) -> None:
    said = iter((Verdict(False, "no test"), Command(("echo", "ran"))))
    one = replace(COUNTING, prepare=lambda: next(said))
    assert prover(root).prove(one).summary == "no test"
    known = prover(root).remembered(one)
    assert known is not None
    assert not known.ok
    assert prover(root).prove(one).summary == "ran"


@pytest.mark.parametrize("state", ["missing", "a file", "damaged"])
def test_the_cache_is_never_needed(root: Path, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    home = root.parent / "cache"
    if state == "a file":
        home.write_text("not a folder")
    if state == "damaged":
        prover(root).prove(COUNTING)
        for entry in (home / "proofs").rglob("*.json"):
            entry.write_text('{"ok": "half')
    assert prover(root).remembered(COUNTING) is None
    assert prover(root).prove(COUNTING).ok
    one = proof(f"cat ${LIBRARY_PATH}/libx.so", library=True)
    assert prover(root).prove(one).summary == "package main"


def test_verdicts_of_another_shape_count_as_none() -> None:
    for entry in (None, [], "x", {}, {"ok": True, "findings": [{}], "details": []}):
        assert verdicts.loaded(entry) is None  # type: ignore[arg-type]


def test_digest_frames_its_parts() -> None:
    assert cache.digest(["ab", "c"]) != cache.digest(["a", "bc"])
    assert cache.digest(["a"]) == cache.digest([b"a"])


def test_keep_newest(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / str(number)).mkdir()
        os.utime(tmp_path / str(number), (number, number))
    cache.keep_newest(tmp_path, 2)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["3", "4"]
