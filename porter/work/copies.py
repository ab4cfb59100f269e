"""A copy of the work tree outside it, for commands that write, where nothing may be written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from porter.errors import EnvironmentFault
from porter.work import cache
from porter.work.git import must


@contextmanager
def copied(root: Path, linked: Sequence[str] = ()) -> Iterator[Path]:
    """The work tree's files, tracked or not, without what git ignores, in porter's cache.

    `linked` are ignored folders that are linked in (MLflow's checkout). The copy is deleted at
    the end. Raises EnvironmentFault where it cannot be made.
    """
    listed = must(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").out
    names = dict.fromkeys(name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0"))
    place = Path(tempfile.mkdtemp(prefix="copy-", dir=cache.folder("copies")))
    try:
        for name in names:
            source, target = root / name, place / name
            if name and source.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        for name in linked:
            if (root / name).is_dir():
                (place / name).symlink_to((root / name).resolve(), target_is_directory=True)
        yield place
    except OSError as error:
        raise EnvironmentFault(
            f"a copy of the checkout cannot be made in {place.parent}: {error.strerror or error}",
            next="free the disk, or set PORTER_CACHE to a folder that can be written",
        ) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)
