"""The errors that a Python function raises: code, exact text, and how the Go side says them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from porter.core.question import Evidence
from porter.source.mlflow import Found, Index
from porter.source.mlflow.messagetext import PLACE, MessageText
from porter.source.mlflow.reach import Reached
from porter.source.protos import spelled
from porter.source.scaffold.initialisms import exported, local

_PLAIN = "INTERNAL_ERROR"
"""The code that MlflowException takes where none is given (mlflow/exceptions.py)."""
_BY_METHOD = {"invalid_parameter_value": "INVALID_PARAMETER_VALUE"}


@dataclass(frozen=True, slots=True)
class Raise:
    """A `raise MlflowException`: `format` is the text with `%s`, `values` what stands there.

    `condition` is the nearest test it stands under. `code` is "" where it is computed.
    """

    code: str
    format: str
    values: tuple[str, ...]
    condition: str
    evidence: Evidence
    function: str

    @property
    def text(self) -> str:
        """The text as Python writes it, with `{value}`."""
        rest = iter(self.values)
        return PLACE.sub(lambda m: "%" if m[0] == "%%" else f"{{{next(rest, '')}}}", self.format)

    def go(self, fields: Mapping[str, str]) -> str:
        """The Go expression. `fields` are Go names of Python's attributes (`run.run_uuid`)."""
        quoted = self.format.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        if self.values:
            names = ", ".join(_go_name(value, fields) for value in self.values)
            message = f'fmt.Sprintf("{quoted}", {names})'
        else:
            message = f'"{quoted.replace("%%", "%")}"'
        return f"contract.NewError(protos.ErrorCode_{self.code or _PLAIN}, {message})"


def raises(tree: Index, here: Reached) -> tuple[Raise, ...]:
    """The MLflow errors that a function raises itself, in its order."""
    found = []
    for node, condition in _raised(here.node.body, ""):
        made = _made(tree, here, node, condition)
        if made is not None:
            found.append(made)
    return tuple(found)


def _raised(body: list[ast.stmt], condition: str) -> Iterator[tuple[ast.Raise, str]]:
    for node in body:
        if isinstance(node, ast.Raise):
            yield node, condition
        elif isinstance(node, ast.If):
            test = ast.unparse(node.test)
            yield from _raised(node.body, test)
            yield from _raised(node.orelse, f"not ({test})")
        elif isinstance(node, ast.Try):
            yield from _raised([*node.body, *node.orelse, *node.finalbody], condition)
            for handler in node.handlers:
                name = ast.unparse(handler.type) if handler.type else "anything"
                yield from _raised(handler.body, f"except {name}")
        else:
            for _, value in ast.iter_fields(node):
                if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                    yield from _raised(value, condition)


def _made(tree: Index, here: Reached, node: ast.Raise, condition: str) -> Raise | None:
    call = node.exc
    if not isinstance(call, ast.Call):
        return None
    name = ast.unparse(call.func)
    method = name.rpartition(".")[2]
    owner = name.removesuffix(f".{method}") if method in _BY_METHOD else name
    cls = tree.resolve(here.found.module, owner)
    if not (
        isinstance(cls, Found) and isinstance(cls.node, ast.ClassDef) and _is_mlflow(tree, cls)
    ):
        return None
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    message = call.args[0] if call.args else given.get("message")
    code = call.args[1] if len(call.args) > 1 else given.get("error_code")
    fixed = _BY_METHOD.get(method)
    text, values = (
        MessageText(tree, here.found.module).of(message) if message is not None else ("", ())
    )
    named = fixed or (ast.unparse(code).rpartition(".")[2] if code is not None else _PLAIN)
    return Raise(
        named if re.fullmatch(r"[A-Z][A-Z_]+", named) else "",
        text, values, condition, here.found.module.evidence(node), here.name,
    )  # fmt: skip


def _is_mlflow(tree: Index, cls: Found) -> bool:
    return any(getattr(base.node, "name", "") == "MlflowException" for base in tree.bases(cls))


def _go_name(value: str, fields: Mapping[str, str]) -> str:
    """A Python expression as the Go name that is likely to stand for it."""
    counted = re.fullmatch(r"len\((.+)\)", value)
    if counted:
        return f"len({_go_name(counted[1], fields)})"
    if not re.fullmatch(r"\w+(?:\.\w+)*", value):
        return f"/* {value} */"
    first, _, rest = value.partition(".")
    known = fields.get(f"{spelled(first)}.{rest}")
    name = local(first).replace("Uuid", "UUID")
    if known:
        return f"{name}.{known}"
    return ".".join([name, *(exported(part) for part in rest.split(".") if part)])
