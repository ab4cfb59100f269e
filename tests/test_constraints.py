"""Each case of `cases/constraints/*.case` is Python that checks a field, and what porter reads.

A case begins with `# sentence`; its parts begin with `== handler`, `== store`, `== checks`,
`== file PATH`, `== route PATH` and `== says`: lines of `field kind value`, with `?` where another
field decides and `~` where not every path checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import asking
import pytest

FILES = sorted((Path(__file__).parent / "cases" / "constraints").glob("*.case"))


def cases() -> Iterator[tuple[str, str]]:
    for file in FILES:
        for text in re.split(r"^# ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            sentence, _, body = text.partition("\n")
            yield f"{file.stem}: {sentence}", body


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in cases()])
def test_case(body: str) -> None:
    parts: dict[str, str] = {}
    files: dict[str, str] = {}
    for part in re.split(r"^== ", body, flags=re.MULTILINE)[1:]:
        head, _, text = part.partition("\n")
        if head.startswith("file "):
            files[head[5:].strip()] = text
        else:
            word, _, rest = head.strip().partition(" ")
            parts[word] = rest or text
    view = asking.tree(
        parts["handler"], parts.get("store", ""), parts.get("checks", ""), files,
        parts.get("route", "/garden/ask"),
    )  # fmt: skip
    found, _, _ = asking.asked(view)
    wanted = sorted(line.strip() for line in parts["says"].splitlines() if line.strip())
    assert asking.lines(found) == wanted, [note.text for note in found.notes]


def test_evidence_is_the_chain_from_the_handler() -> None:
    view = asking.tree(
        """
        def _ask():
            request = _get_request_message(Ask())
            _get_tracking_store().ask(request.name)
        """,
        "def ask(self, name):\n    _short(name)\n",
        "def _short(x):\n    if len(x) > 5:\n        raise MlflowException('long')\n",
    )
    found, _, _ = asking.asked(view)
    (one,) = found.constraints
    assert [place.file.rsplit("/", 1)[-1] for place in one.evidence] == [
        "handlers.py", "sqlalchemy_store.py", "validation.py",
    ]  # fmt: skip
    assert one.evidence[-1].text == "raise MlflowException('long')"


def test_a_missing_module_is_said() -> None:
    view = asking.tree(
        "def _ask():\n    request = _get_request_message(Ask())\n"
        "    _get_model_registry_store().ask(request.name)\n"
    )
    found, _, _ = asking.asked(view)
    assert [note.code for note in found.notes] == ["P302"]


def test_a_decorator_from_elsewhere_is_said() -> None:
    view = asking.tree(
        "from garden import fence\n@fence(2)\n@catch_mlflow_exception\ndef _ask():\n    pass\n"
        "def catch_mlflow_exception(func):\n    return func\n"
    )
    found, _, _ = asking.asked(view)
    assert [(note.code, note.text) for note in found.notes] == [
        ("P314", "the decorator fence(2) is not read: what it checks is not known")
    ]


def test_a_check_behind_an_environment_variable_that_is_off_is_said() -> None:
    view = asking.tree(
        """
        from mlflow.environment_variables import QUIET
        def _ask():
            request = _get_request_message(Ask())
            if QUIET.get() and len(request.name) > 5:
                raise MlflowException("long")
        """
    )
    found, _, _ = asking.asked(view)
    assert not found.constraints
    assert [(note.code, note.field, note.text) for note in found.notes] == [
        ("P315", "name", "checked (max_length) only where MLFLOW_QUIET is not what it comes as")
    ]


def test_a_check_of_the_whole_request_is_said() -> None:
    view = asking.tree(
        """
        def _ask():
            if len(_get_request_json()) > 100:
                raise MlflowException("large")
        """
    )
    found, _, _ = asking.asked(view)
    assert [note.code for note in found.notes] == ["P310"]


def test_no_handler_is_said() -> None:
    view = asking.tree("def _ask(): pass\ndel_ = None\n")
    view = asking.Memory({**view.contents, "mlflow/server/handlers.py": b"HANDLERS = {}\n"})
    found, _, _ = asking.asked(view)
    assert [note.code for note in found.notes] == ["P301"]


def test_an_older_name_of_a_field_is_said() -> None:
    body = 'def _ask():\n    _get_request_message(Ask(), schema={"name": [_assert_required]})\n'
    found, _, _ = asking.asked(asking.tree(body))
    assert [(n.code, n.field) for n in found.notes] == [("P308", "name")]


def test_a_check_that_no_request_reaches_is_said() -> None:
    body = (
        "def _ask():\n    request = _get_request_message(Ask())\n"
        "    if request.name is None:\n        raise MlflowException('none')\n"
    )
    found, _, _ = asking.asked(asking.tree(body))
    assert not found.constraints
    assert [(n.code, n.field) for n in found.notes] == [("P307", "name")]
