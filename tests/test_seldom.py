"""What a function does only on special demand is told from what it does in a plain call."""

from __future__ import annotations

import ast

import pytest

from porter.source.mlflow.bodies import body, usual

ASIDE = [
    ("stage=None", "if stage: aside()"),
    ("stage=None", "if stage is not None: aside()"),
    ("stage=None", "if not stage: usual()\n else: aside()"),
    ("stage=None", "if stage and usual(): aside()"),
    ("stage=None", "return aside() if stage else usual()"),
    ("kind='run'", "if kind == 'run': usual()\n elif kind == 'model': aside()"),
    ("source", "if scheme(source) == 'models': aside()"),
    ("*, stage=None", "if stage: aside()"),
    ("flag=False", "if flag: aside()"),
]
USUAL = [
    ("stage", "if stage: usual()"),
    ("stage=None", "if stage or ready(): usual()"),
    ("stage=None", "if not stage: usual()"),
    ("stage=None", "if stage is None: usual()"),
    ("stage=None", "if cache(): usual()"),
    ("source", "if source != 'x': usual()"),
    ("source", "if len(source) == 1: usual()"),
    ("count=1", "if count == True: usual()\n else: usual()"),
    ("*args", "if args: usual()"),
]


def calls(arguments: str, text: str) -> tuple[set[str], set[str]]:
    """All that a function calls, and what it calls in a plain call."""
    node = ast.parse(f"def f({arguments}):\n {text}\n").body[0]
    assert isinstance(node, ast.FunctionDef)
    return {c.name for c in body(node).calls}, {c.name for c in usual(node).calls}


@pytest.mark.parametrize(("arguments", "text"), ASIDE)
def test_aside(arguments: str, text: str) -> None:
    everything, plain = calls(arguments, text)
    assert "aside" in everything - plain
    assert ("usual" in everything) == ("usual" in plain)


@pytest.mark.parametrize(("arguments", "text"), USUAL)
def test_usual(arguments: str, text: str) -> None:
    everything, plain = calls(arguments, text)
    assert "usual" in plain
    assert len(everything - plain) == 0
