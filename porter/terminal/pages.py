"""Prose in the terminal: the guide and the brief, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from porter.terminal.walk import next_text


def page(console: Console, text: str) -> None:
    """Markdown, rendered on a terminal and as it stands elsewhere."""
    if not console.is_terminal:
        console.file.write(f"{text.rstrip()}\n")  # rich would turn tabs into blanks
        return
    from rich.markdown import Markdown

    console.print(Markdown(text), soft_wrap=False, width=min(console.width, 100))


def contents(console: Console, chapters: Sequence[tuple[int, str, str]]) -> None:
    """The table of contents with the name by which each chapter is called."""
    for number, slug, title in chapters:
        console.print(Text.assemble(f"{number:>2}  ", (f"{slug:<18}", "bold"), title))
    console.print(next_text(("porter guide CHAPTER",)))
