"""Go composite literals as text: on one line where they fit, else with gofmt's columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from porter.source.golang.gosignature import LIMIT


@dataclass(frozen=True, slots=True)
class Literal:
    """`head{…}tail`: rows of a key ("" for a list's element) and a value."""

    head: str
    rows: tuple[tuple[str, Literal | str], ...] = ()
    tail: str = ""


def written(value: Literal | str, indent: int = 0, lead: int = 0) -> str:
    """A value as Go source. `indent` counts tabs, `lead` the columns that stand before it."""
    if isinstance(value, str):
        return value
    line = _on_one_line(value)
    return line if indent + lead + len(line) + 1 <= LIMIT else block(value, indent)


def block(value: Literal, indent: int = 0) -> str:
    """A literal with a line for each of its rows, short as it may be."""
    rows = "".join(f"{row}\n" for row in _rows(value.rows, indent + 1))
    return f"{value.head}{{\n{rows}{_tabs(indent)}}}{value.tail}"


def columns(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Names and types (or keys and values) with the second ones in a column."""
    width = max((len(name) for name, _ in rows), default=0)
    return [f"{name}{' ' * (width - len(name))} {text}" for name, text in rows]


def _on_one_line(value: Literal | str) -> str:
    if isinstance(value, str):
        return value
    inner = (f"{key}: {_on_one_line(v)}" if key else _on_one_line(v) for key, v in value.rows)
    return f"{value.head}{{{', '.join(inner)}}}{value.tail}"


def _rows(rows: Sequence[tuple[str, Literal | str]], indent: int) -> Iterator[str]:
    """Values in a column as far as rows of one line follow each other, as gofmt has them."""
    made = [(f"{key}:" if key else "", written(value, indent, len(key) + 2)) for key, value in rows]
    for over_lines, run in groupby(made, key=lambda row: "\n" in row[1]):
        together = list(run)
        width = 0 if over_lines else max(len(key) for key, _ in together)
        for key, text in together:
            blanks = " " * (max(width - len(key), 0) + 1) if key else ""
            yield f"{_tabs(indent)}{key}{blanks}{text},"


def _tabs(count: int) -> str:
    return "\t" * count
