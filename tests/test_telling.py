"""Of the places that lead to an exception, the one that says what is checked."""

from __future__ import annotations

import pytest

from porter.core.question import Evidence
from porter.core.view import Memory
from porter.source.mlflow import index
from porter.source.rules.telling import telling

SOURCE = """\
def handle(request):
    check_name(request.name)
    check_length(request.name, MAX_NAME, what="a name that takes more than one line, as it may be")
    check_length(request.name, request.most)


def check_name(name):
    if (
        not name
        or "/" in name
    ):
        raise ValueError("name")
    try:
        number = int(name)
    except ValueError:
        raise ValueError("number")


def check_length(value, most, what=""):
    if len(value) > most:
        raise ValueError(what)


raise ValueError("nowhere")
"""
PLACES = [
    ([2, 12], "8 if not name or '/' in name:"),
    ([2, 16], "14 number = int(name)"),
    (
        [3, 21],
        "3 check_length(request.name, MAX_NAME, what='a name that",
    ),
    ([4, 21], "20 if len(value) > most:"),
    ([2], "2 check_name(request.name)"),
    ([24], '24 raise ValueError("nowhere")'),
    ([99], "99 "),
]


@pytest.mark.parametrize(("lines", "told"), PLACES)
def test_telling(lines: list[int], told: str) -> None:
    text = SOURCE.splitlines()
    texts = {n: text[n - 1].strip() if n <= len(text) else "" for n in lines}
    chain = tuple(Evidence("mlflow/checks.py", n, texts[n]) for n in lines)
    found = telling(index(Memory({"mlflow/checks.py": SOURCE.encode()})), chain)
    assert f"{found.line} {found.text}"[: len(told)] == told
    assert len(found.text) <= 100
