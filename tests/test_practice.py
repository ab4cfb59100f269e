"""A practice backend that is cut off while it is made leaves its folder as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from porter.errors import UsageError
from porter.work import practice


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("cut", [KeyboardInterrupt, OSError])
def test_cut_off(tmp_path: Path, there: bool, cut: type[BaseException]) -> None:
    folder = tmp_path / "made"
    if there:
        folder.mkdir()
    with pytest.raises(cut), practice.whole(folder):
        practice.lay_out(folder, [("a/b.go", b"package a\n"), ("go.mod", b"module a\n")])
        (folder / "link").symlink_to(tmp_path)
        raise cut
    assert folder.exists() is there
    assert not there or not any(folder.iterdir())
    with practice.whole(folder):
        practice.lay_out(folder, [("go.mod", b"module a\n")])
    assert (folder / "go.mod").exists()


def test_a_folder_of_somebodys_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(UsageError, match="is not empty"), practice.whole(tmp_path):
        pytest.fail("it was entered")
    assert (tmp_path / "mine").exists()
