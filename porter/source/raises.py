"""The errors that a Python function raises: code, exact text, and how the Go side says them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from porter.core.question import Evidence
from porter.source.initialisms import exported, local
from porter.source.mlflow import Found, Function, Index, Module
from porter.source.protos import spelled
from porter.source.reach import Reached

_PLAIN = "INTERNAL_ERROR"
"""The code that MlflowException takes where none is given (mlflow/exceptions.py)."""
_PLACE = re.compile(r"%%|%[sd]")
_INLINED = 3
"""How many functions deep a message is followed that a function of MLflow makes."""
_BY_METHOD = {"invalid_parameter_value": "INVALID_PARAMETER_VALUE"}


_Format = tuple[str, tuple[str, ...]]


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
        return _PLACE.sub(lambda m: "%" if m[0] == "%%" else f"{{{next(rest, '')}}}", self.format)

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
    text, values = _Text(tree, here.found.module).of(message) if message is not None else ("", ())
    named = fixed or (ast.unparse(code).rpartition(".")[2] if code is not None else _PLAIN)
    return Raise(
        named if re.fullmatch(r"[A-Z][A-Z_]+", named) else "",
        text, values, condition, here.found.module.evidence(node), here.name,
    )  # fmt: skip


def _is_mlflow(tree: Index, cls: Found) -> bool:
    return any(getattr(base.node, "name", "") == "MlflowException" for base in tree.bases(cls))


@dataclass(frozen=True, slots=True)
class _Text:
    """Reads messages as Go formats with the Python expressions for their places."""

    tree: Index
    module: Module
    depth: int = 0

    def of(self, node: ast.expr) -> _Format:
        match node:
            case ast.Constant(value=value) if value is not None:
                return str(value).replace("%", "%%"), ()
            case ast.JoinedStr(values=parts):
                pieces = [self.of(part) for part in parts]
                return "".join(p for p, _ in pieces), tuple(v for _, vs in pieces for v in vs)
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                return self.of(value)
            case ast.FormattedValue(value=value):
                return _verb(value), (ast.unparse(value),)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                (a, before), (b, behind) = self.of(left), self.of(right)
                return a + b, before + behind
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
                assert isinstance(node, ast.Call)
                return self._formatted(text, node)
            case ast.Call():
                return self._inlined(node) or (_verb(node), (ast.unparse(node),))
            case _:
                return _verb(node), (ast.unparse(node),)

    def _formatted(self, text: str, call: ast.Call) -> _Format:
        """`"…{}…".format(a, b)` and `"…{name}…".format(name=a)`."""
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        rest = iter(call.args)
        values: list[str] = []

        def place(match: re.Match[str]) -> str:
            if match[0] in ("{{", "}}"):
                return match[0][0]
            key = re.split(r"[.!:\[]", match[1])[0]
            if key.isdigit() and int(key) < len(call.args):
                value: ast.expr | None = call.args[int(key)]
            else:
                value = named.get(key) if key else next(rest, None)
            if value is None:
                values.append(key)
                return "%s"
            text, inner = self.of(value)
            values.extend(inner)
            return text

        made = re.sub(r"\{\{|\}\}|\{([^{}]*)\}", place, text.replace("%", "%%"))
        return made, tuple(values)

    def _inlined(self, call: ast.Call) -> _Format | None:
        """The text that a function of MLflow returns, its parameters replaced by the arguments."""
        name = ast.unparse(call.func)
        found = self.tree.resolve(self.module, name) if re.fullmatch(r"[\w.]+", name) else None
        if self.depth >= _INLINED or not isinstance(found, Found):
            return None
        node = found.node
        if not isinstance(node, Function) or not isinstance(node.body[-1], ast.Return):
            return None
        answer = node.body[-1].value
        simple = sum(not isinstance(part, ast.Expr) for part in node.body) == 1
        if not simple or not isinstance(answer, ast.JoinedStr | ast.Constant):
            return None
        given = {arg.arg: value for arg, value in zip(node.args.args, call.args, strict=False)}
        given.update({k.arg: k.value for k in call.keywords if k.arg})
        text, values = _Text(self.tree, found.module, self.depth + 1).of(answer)
        parts = [self.of(given[v]) if v in given else ("%s", (v,)) for v in values]
        rest = iter(part for part, _ in parts)
        made = _PLACE.sub(lambda m: m[0] if m[0] == "%%" else next(rest, "%s"), text)
        return made, tuple(v for _, vs in parts for v in vs)


def _verb(node: ast.expr) -> str:
    """`%d` for what is surely a number, else `%s`."""
    return "%d" if isinstance(node, ast.Call) and ast.unparse(node.func) == "len" else "%s"


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
