"""A gap in Go's build cache, filled: without it half of each library build is work done before.

For a C library Go asks of every package with C in it the header of what it exports, and remembers
that header; that there is none it does not, and so compiles such packages of its own (net, os/user,
runtime/cgo) anew each time (Go 1.23, cmd/go/internal/work/exec.go, `cacheCgoHdr`). A script around
the tools leaves an empty header there. What is built stays the same.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from porter.work import cache
from porter.work.files import write_whole

_SCRIPT = """\
#!/bin/sh
# Runs a tool of Go; where cgo wrote no header of exports, there being none, leaves an empty one.
"$@" || exit
case $1 in
*/cgo)
    for each; do
        case $each in
        -exportheader=*) [ -e "${each#*=}" ] || : >"${each#*=}" ;;
        esac
    done
    ;;
esac
"""


def remembered(env: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The setting for a library build in that environment, none where the script cannot run.

    A person's own GOFLAGS stay; one with a -toolexec of its own is left as it is.
    """
    own = env.get("GOFLAGS", "")
    path = cache.folder("go") / "headers.sh"
    if "-toolexec" in own or len(str(path).split()) != 1:  # GOFLAGS are parted by blanks
        return ()
    try:
        if not path.is_file() or path.read_text(encoding="utf-8") != _SCRIPT:
            write_whole(path, _SCRIPT.encode())
            path.chmod(0o755)
    except OSError:
        return ()
    if not os.access(path, os.X_OK):
        return ()
    return (("GOFLAGS", f"{own} -toolexec={path}".strip()),)
