"""Pictures of porter for the README, drawn from a real run on the practice backend in a folder."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pexpect
from rich.console import Console
from rich.text import Text

PORTER = str(Path(sys.executable).parent / "porter")
DOCS = Path(__file__).parent.parent / "docs"
ENV = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
FONTS = "'DejaVu Sans Mono', Menlo, Consolas, monospace"


def main(backend: Path) -> int:
    """Walk, and draw the review, the walk and the status on the way."""
    walk = ("start", "deleteTag", "--no-input")
    porter(backend, *walk, "--until", "enable", columns=108)
    draw("review", ("$ porter start deleteTag", until_asked(backend, columns=108)))
    porter(backend, "undo", "deleteTag", columns=108)
    paused = without_diffs(porter(backend, *walk, columns=108))
    porter(backend, "demo", "--solve", columns=108)
    done = porter(backend, *walk, columns=108)
    command = f"porter {' '.join(walk)}"
    draw("walk", (f"$ {command}", paused), (f"# the SQL is written\n$ {command}", done))
    porter(backend, "check", columns=134)
    service = ("status", "--service", "MlflowService")
    draw("status", (f"$ porter {' '.join(service)}", porter(backend, *service, columns=134)))
    return 0


def porter(backend: Path, *args: str, columns: int) -> str:
    """What porter prints in colour, without anything that moves."""
    env = {**ENV, "FORCE_COLOR": "1", "CI": "1", "COLUMNS": str(columns)}
    done = subprocess.run(
        [PORTER, *args], cwd=backend, env=env, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return done.stdout


def until_asked(backend: Path, *, columns: int) -> str:
    """The screen up to the first rule that is asked for; nothing is answered."""
    child = pexpect.spawn(
        PORTER, ["start", "deleteTag"], cwd=str(backend), env=ENV, encoding="utf-8",
        dimensions=(40, columns), timeout=120,
    )  # fmt: skip
    child.expect(r"\? help")
    shown = f"{child.before}{child.after}"
    child.send("q")
    child.expect(pexpect.EOF)
    child.close()
    return shown.replace("\r\n", "\n")


def without_diffs(shown: str) -> str:
    """The rows of a walk; the diffs between them are in the guide."""
    kept, inside = [], False
    for line in shown.splitlines():
        plain = re.sub(r"\x1b\[[\d;]*m", "", line)
        inside = plain.startswith("--- a/") or (inside and not re.match(r"[ \d]\d \w+ {2}", plain))
        if not inside:
            kept.append(line)
    return "\n".join(kept)


def draw(name: str, *screens: tuple[str, str]) -> None:
    """One picture: commands that were typed, and what came of each."""
    shown = "\n".join(f"{typed}\n{screen.rstrip()}\n" for typed, screen in screens)
    text = Text.from_ansi(shown.rstrip())
    width = max(line.cell_len for line in text.split()) + 2
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    console.print(text, soft_wrap=True)
    svg = console.export_svg(title="porter", unique_id=name)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code, monospace", FONTS)
    DOCS.mkdir(exist_ok=True)
    (DOCS / f"{name}.svg").write_text(svg, encoding="utf-8")
    print(f"docs/{name}.svg  {len(svg) // 1024} kB")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
