"""Builds and loads the shared library that holds the Go code."""

import os
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

_SOURCE = Path(__file__).parent.parent
_SUFFIX = ".dylib" if sys.platform == "darwin" else ".so"
_NAME = f"libmlflow-go{_SUFFIX}"


def build_lib(src_dir: Path, dest_dir: Path) -> Path:
    """Builds the library and the C header that describes it."""
    path = dest_dir.resolve() / _NAME
    subprocess.run(
        ["go", "build", "-buildmode=c-shared", "-o", path, "./pkg/lib"],
        check=True,
        cwd=src_dir,
        env={**os.environ, "CGO_ENABLED": "1"},
    )
    return path


@cache
def get_ffi():
    import cffi

    ffi = cffi.FFI()
    ffi.cdef("typedef int64_t GoInt64; void free(void *);")
    return ffi


@cache
def get_lib():
    """The library in MLFLOW_GO_LIBRARY_PATH, or one that is built now."""
    if folder := os.environ.get("MLFLOW_GO_LIBRARY_PATH"):
        return _load(Path(folder) / _NAME)
    with tempfile.TemporaryDirectory() as folder:
        return _load(build_lib(_SOURCE, Path(folder)))


def _load(path: Path):
    # cffi reads no C but declarations: those of the exports are all we need of the header.
    exports = re.findall(r"^extern .*;$", path.with_suffix(".h").read_text(), re.MULTILINE)
    get_ffi().cdef("\n".join(exports))
    return get_ffi().dlopen(str(path))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m mlflow_go_backend.lib SRC_DIR DEST_DIR")
    build_lib(Path(sys.argv[1]), Path(sys.argv[2]))
