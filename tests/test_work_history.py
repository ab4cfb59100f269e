"""The journal in git: snapshots nobody sees, undo byte for byte, and what it refuses."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from porter.core.question import Answer, Answers
from porter.errors import EnvironmentFault, PorterError, UsageError
from porter.work import answers, history, snapshots
from porter.work.git import git_folder, own_folder
from porter.work.undo import undo

TAG, RUN = "MlflowService/deleteTag", "MlflowService/createRun"


def git(root: Path, *args: str, **env: str) -> str:
    full = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", **env}
    done = subprocess.run(
        ["git", "-C", str(root), *args], env=full, check=True, capture_output=True
    )
    return done.stdout.decode()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("template")
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.name", "Somebody")
    git(root, "config", "user.email", "somebody@example.org")
    for path, content in {
        "go.mod": b"module m\n",
        "store.go": b"one\ntwo\n",
        "crlf.go": b"one\r\ntwo\r\n",
        ".gitignore": b".mlflow.repo/\n*.so\n",
    }.items():
        (root / path).write_bytes(content)
    (root / ".mlflow.repo").mkdir()
    (root / ".mlflow.repo/handlers.py").write_text("x\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    return root


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "checkout"
    shutil.copytree(template, copy, symlinks=True)
    git(copy, "status")
    return copy


def tree(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every path outside .git with its permissions and bytes."""
    return {
        str(p.relative_to(root)): (
            p.lstat().st_mode,
            os.fsencode(p.readlink()) if p.is_symlink() else p.read_bytes(),
        )
        for p in root.rglob("*")
        if ".git" not in p.parts and (p.is_symlink() or p.is_file())
    }


def of_git(root: Path) -> dict[str, bytes]:
    """What belongs to the person in .git: HEAD, index, branches, stash, configuration, logs."""
    base = root / ".git"
    return {
        str(p.relative_to(base)): p.read_bytes()
        for p in base.rglob("*")
        if p.is_file() and p.relative_to(base).parts[0] not in ("objects", "porter")
        and "worktree" not in p.parts
    }  # fmt: skip


def step(root: Path, slug: str, *endpoints: str, **files: bytes | None) -> history.Recorded:
    """A step that writes files; `__` in a name is a dot, None deletes."""
    before = history.begin(root, endpoints or (TAG,), slug)
    write(root, **files)
    return history.finish(root, before)


def write(root: Path, **files: bytes | None) -> None:
    for name, content in files.items():
        path = root / name.replace("__", ".").replace("_in_", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)


def test_a_snapshot_shows_nowhere(root: Path) -> None:
    write(root, store__go=b"edited\n", new__go=b"new\n")
    git(root, "add", "new.go")
    status, mine, files = git(root, "status", "--porcelain"), of_git(root), tree(root)
    step(root, "enable", store__go=b"by porter\n")
    write(root, store__go=b"edited\n")
    assert git(root, "status", "--porcelain") == status
    assert of_git(root) == mine
    assert tree(root) == files
    assert git(root, "stash", "list") == ""
    assert git(root, "for-each-ref", "--format=%(refname)").split() == [
        "refs/heads/main",
        f"refs/worktree/porter/{TAG}",
    ]
    assert not list(own_folder(root).glob("index-*"))


def test_the_journal(root: Path) -> None:
    step(root, "enable", store__go=b"1\n")
    step(root, "validate")
    step(root, "service", TAG, RUN, b_in_c__go=b"2\n", go__mod=None)
    listed = history.steps(root, TAG)
    assert [(r.step, r.paths) for r in listed] == [
        ("enable", ("store.go",)), ("validate", ()), ("service", ("b/c.go", "go.mod")),
    ]  # fmt: skip
    assert listed[2].endpoints == (TAG, RUN)
    assert [r.step for r in history.steps(root, RUN)] == ["service"]
    log = git(root, "log", "--format=%an <%ae> %s", f"refs/worktree/porter/{TAG}").splitlines()
    assert log[0] == "porter <porter@localhost> porter service after"
    assert len(log) == 6


# Files before, and what a step makes of them: undo must give back every byte and permission.
UNDONE: dict[str, dict[str, bytes | None]] = {
    "mixed line endings": {"crlf__go": b"one\nnew\r\n"},
    "binary": {"store__go": b"\0\xff\r\n\n"},
    "several": {
        "store__go": b"", "a_in_b__go": b"1", "go__mod": None, "crlf__go": b"a\nb\r\n",
    },
}  # fmt: skip
CONVERTING = [
    ("attributes", "mixed line endings"),
    ("attributes", "binary"),
    ("core.autocrlf=true", "several"),
    ("core.autocrlf=input", "several"),
]


@pytest.mark.parametrize(("settings", "name"), [*(("", name) for name in UNDONE), *CONVERTING])
def test_undo_byte_for_byte(root: Path, name: str, settings: str) -> None:
    if settings == "attributes":
        write(root, __gitattributes=b"*.go text\n*.mod text eol=crlf\n")
    elif settings:
        git(root, "config", *settings.split("="))
    write(root, crlf__go=b"a person's\r\nmixed\nending\r\n")
    before = tree(root)
    step(root, "enable", **UNDONE[name])
    undone = undo(root, TAG)
    assert tree(root) == before
    assert undone.step == "enable"
    assert not undone.cut_off
    assert history.steps(root, TAG) == ()
    with pytest.raises(UsageError, match="nothing to undo"):
        undo(root, TAG)


def test_undo_keeps_modes_links_and_empty_folders_apart(root: Path) -> None:
    (root / "run.sh").write_text("x")
    (root / "run.sh").chmod(0o755)
    (root / "link").symlink_to("store.go")
    (root / "old/deep").mkdir(parents=True)
    (root / "old/deep/kept.go").write_text("x")
    before = tree(root)
    opened = history.begin(root, (TAG,), "enable")
    (root / "run.sh").unlink()
    (root / "link").unlink()
    (root / "link").write_text("no link any more")
    (root / "store.go").chmod(0o755)
    (root / "old/deep/new/deeper").mkdir(parents=True)
    (root / "old/deep/new/deeper/x.go").write_text("x")
    history.finish(root, opened)
    undo(root, TAG)
    assert tree(root) == before
    assert not (root / "old/deep/new").exists()


def test_undo_takes_the_newest_step_that_changed_a_file(root: Path) -> None:
    step(root, "enable", store__go=b"1\n")
    before = tree(root)
    step(root, "service", go__mod=b"2\n")
    step(root, "unit_tests")
    assert undo(root, TAG).paths == ("go.mod",)
    assert tree(root) == before
    assert undo(root, TAG).step == "enable"
    step(root, "enable", store__go=b"again\n")
    assert undo(root, TAG).step == "enable"


def check_refused(root: Path, endpoint: str, said: str, move: str) -> None:
    files, entries = tree(root), history.all_snapshots(root)
    with pytest.raises(PorterError, match=said) as error:
        undo(root, endpoint)
    assert move in error.value.next
    assert tree(root) == files
    assert history.all_snapshots(root) == entries


def test_undo_refuses_where_a_person_edited(root: Path) -> None:
    step(root, "enable", store__go=b"1\n", go__mod=b"2\n")
    write(root, store__go=b"1 and mine\n")
    check_refused(root, TAG, r"^store\.go was edited after enable", "store.go")
    write(root, store__go=None)
    check_refused(root, TAG, r"^store\.go was edited", "store.go")


def test_undo_passes_a_file_that_a_person_put_back(root: Path) -> None:
    step(root, "enable", store__go=b"1\n", go__mod=b"2\n")
    write(root, store__go=b"one\ntwo\n")
    undo(root, TAG)
    assert (root / "go.mod").read_bytes() == b"module m\n"


def test_undo_names_the_other_endpoint(root: Path) -> None:
    step(root, "enable", store__go=b"1\n")
    step(root, "enable", RUN, store__go=b"1\n2\n")
    check_refused(root, TAG, rf"store\.go was changed after enable by a step of {RUN}", RUN)
    undo(root, RUN)
    undo(root, TAG)
    assert (root / "store.go").read_bytes() == b"one\ntwo\n"


def test_a_shared_step_is_undone_once(root: Path) -> None:
    step(root, "enable", TAG, RUN, store__go=b"1\n")
    undone = undo(root, RUN)
    assert undone.endpoints == (TAG, RUN)
    assert history.steps(root, TAG) == ()
    with pytest.raises(UsageError):
        undo(root, TAG)


def test_a_step_that_was_cut_off(root: Path) -> None:
    before = tree(root)
    opened = history.begin(root, (TAG,), "enable")
    write(root, store__go=b"half", generated__go=b"left")
    cut = history.cut_off(root, TAG)
    assert cut is not None
    assert cut.step == "enable"
    assert cut.paths == ("generated.go", "store.go")
    assert history.begin(root, (TAG,), "enable") == opened
    undone = undo(root, TAG)
    assert undone.cut_off
    assert tree(root) == before
    assert history.cut_off(root, TAG) is None
    assert git(root, "show", f"{undone.kept}:store.go") == "half"


def test_a_cut_off_step_leaves_what_others_did_later(root: Path) -> None:
    history.begin(root, (TAG,), "enable")
    write(root, store__go=b"half\n")
    step(root, "enable", RUN, go__mod=b"theirs\n")
    assert undo(root, TAG).paths == ("store.go",)
    assert (root / "go.mod").read_bytes() == b"theirs\n"


def test_outside_and_nested(root: Path) -> None:
    """Ignored paths are left alone; nested repositories are named, with and without a commit."""
    for name in ("nested", "empty"):
        (root / name).mkdir()
        git(root / name, "init", "-q")
        (root / name / "x.go").write_text("x")
    git(root / "nested", "add", "-A")
    git(root / "nested", "-c", "user.name=a", "-c", "user.email=b", "commit", "-qm", "x")
    recorded = step(root, "enable", store__go=b"1\n", lib__so=b"x", nested_in_x__go=b"2")
    assert recorded.paths == ("store.go",)
    assert recorded.after is not None
    assert snapshots.nested(root, recorded.after.tree) == ("nested",)
    (root / ".mlflow.repo/handlers.py").write_text("moved\n")
    undo(root, TAG)
    assert (root / ".mlflow.repo/handlers.py").read_text() == "moved\n"
    assert (root / "lib.so").exists()
    assert (root / "nested/x.go").read_bytes() == b"2"


def test_an_edit_of_the_same_moment_is_seen(root: Path) -> None:
    """Git compares a file's content where its time is not before the index's, so that must stay."""
    git(root, "config", "core.trustctime", "false")
    file, index = root / "store.go", root / ".git/index"
    git(root, "update-index", "--refresh")
    moment = file.stat().st_mtime_ns
    os.utime(index, ns=(moment, moment))
    with file.open("r+b") as opened:
        opened.write(b"ONE")
    os.utime(file, ns=(moment, moment))
    recorded = step(root, "enable", go__mod=b"2")
    assert snapshots.changes(root, "HEAD", recorded.before.tree)[0].path == "store.go"


def test_called_from_a_git_hook(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_INDEX_FILE", "GIT_DIR", "GIT_WORK_TREE"):
        monkeypatch.setenv(name, str(root.parent / "elsewhere"))
    step(root, "enable", store__go=b"1\n")
    undo(root, TAG)
    assert (root / "store.go").read_bytes() == b"one\ntwo\n"


def test_another_work_tree_and_a_folder_below(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(root, "worktree", "add", "-q", str(other), "-b", "side")
    for place in (root, other):
        expected = git(place, "rev-parse", "--path-format=absolute", "--git-path", "porter").strip()
        assert own_folder(place) == Path(expected)
    step(other, "enable", store__go=b"side\n")
    assert history.steps(root, TAG) == ()
    undo(other, TAG)
    below = root / "below"
    write(root, below_in_x__go=b"1")
    recorded = step(below, "enable", x__go=b"2")
    assert recorded.paths == ("x.go",)
    undo(below, TAG)
    assert (below / "x.go").read_bytes() == b"1"


def test_before_the_first_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path, a__go=b"1")
    step(tmp_path, "enable", a__go=b"2")
    undo(tmp_path, TAG)
    assert (tmp_path / "a.go").read_bytes() == b"1"


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="in no git repository"):
        git_folder(tmp_path)


def test_a_git_folder_that_cannot_be_written(root: Path) -> None:
    shutil.rmtree(own_folder(root), ignore_errors=True)
    own_folder(root).write_text("a file where the folder should be")
    with pytest.raises(EnvironmentFault, match="journal cannot be written"):
        history.begin(root, (TAG,), "enable")


def test_who_changed_what(root: Path) -> None:
    step(root, "enable", store__go=b"porter\n")
    write(root, go__mod=b"mine\n")
    step(root, "service", RUN, crlf__go=b"other\n")
    step(root, "service", store__go=b"porter\n2\n")
    undo(root, TAG)
    write(root, new__go=b"mine too\n")
    found = [
        (span.step and f"{span.step.endpoints[0]} {span.step.step}", [c.path for c in span.changes])
        for span in history.timeline(root)
    ]
    assert found == [
        (f"{TAG} enable", ["store.go"]),
        (None, ["go.mod"]),
        (f"{RUN} service", ["crlf.go"]),
        (None, ["new.go"]),
    ]


@pytest.fixture
def kept(root: Path) -> Iterator[tuple[Path, Answers]]:
    given = Answers(
        {"a": Answer("1", "person", "validate", "seen"), "b": Answer("2", "default", "service")}
    )
    answers.save(root, TAG, given)
    yield root, given


def test_answers(kept: tuple[Path, Answers]) -> None:
    root, given = kept
    assert answers.load(root, TAG) == given
    assert answers.load(root, RUN) == Answers()
    assert answers.forget(root, TAG, "validate").given == {"b": given.given["b"]}
    assert answers.load(root, TAG).given == {"b": given.given["b"]}
    assert git(root, "status", "--porcelain") == ""


@pytest.mark.parametrize("broken", ["{", "[]", '{"a": {"worth": 1}}', '{"a": 1}'])
def test_answers_that_cannot_be_read(kept: tuple[Path, Answers], broken: str) -> None:
    root, _ = kept
    path = own_folder(root) / "answers" / f"{TAG}.json"
    path.write_text(broken)
    with pytest.raises(EnvironmentFault, match="cannot be read") as error:
        answers.load(root, TAG)
    assert str(path) in error.value.next
