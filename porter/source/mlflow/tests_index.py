"""MLflow's test tree, read: test functions, the fixtures they ask for, the helpers they call.

Fixtures that conftest files switch on for every test are left out: they tidy up around all tests
alike and would tie every test to whatever they tidy.
"""

from __future__ import annotations

import ast
import functools
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from porter.core.layout import Layout
from porter.core.view import View
from porter.source.mlflow import Found, Function, Index, Module, index
from porter.source.mlflow.bodies import asked, decorators

_CONFTEST = "conftest.py"


@dataclass(frozen=True, eq=False)
class Test:
    """A test function. `id` is pytest's without parameters, relative to the MLflow tree."""

    __test__ = False

    path: str
    name: str
    found: Found

    @property
    def id(self) -> str:
        """`tests/store/test_x.py::TestClass::test_name`."""
        owner = self.found.owner
        return "::".join([self.path, *([owner.name] if owner else []), self.name])

    @property
    def line(self) -> int:
        """The line of its `def`."""
        return self.found.node.lineno


def suites(tree: View, layout: Layout) -> tuple[str, ...]:
    """The test files that the checkout runs, as its magefiles name them, relative to MLflow's tree.

    They are read from the magefiles' strings, beside or above the generator; MLflow's folder may
    stand in the string or be joined to it.
    """
    prefix = re.escape(f"{layout.mlflow_repo}/") if layout.mlflow_repo else ""
    named = re.compile(rf'"(?:{prefix}|/)?(tests/[\w./-]+\.py)"'.encode())
    found: list[str] = []
    folder = layout.generator_dir
    for place in dict.fromkeys((folder, posixpath.dirname(folder))):
        for path in tree.files(place, ".go"):
            found += [m.decode() for m in named.findall(tree.read(path) or b"")]
    return tuple(dict.fromkeys(found))


@functools.lru_cache(maxsize=8)
def spoken(mlflow: View, paths: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The names that files call and the REST paths that they hold, by their text alone."""
    text = b"".join(mlflow.read(path) or b"" for path in paths).decode("utf-8", "replace")
    called = frozenset[str]().union(*(words(mlflow, path) for path in paths))
    return called, frozenset(re.findall(r"/mlflow/[^\s\"'?]+", text))


def files(mlflow: View) -> tuple[str, ...]:
    """All test files of MLflow's tree."""
    found = mlflow.files("tests", ".py", deep=True)
    return tuple(path for path in found if posixpath.basename(path).startswith("test_"))


@functools.lru_cache(maxsize=1024)
def words(mlflow: View, path: str) -> frozenset[str]:
    """The names that a file calls, by its text alone."""
    text = (mlflow.read(path) or b"").decode("utf-8", "replace")
    return frozenset(re.findall(r"\b(\w+)\(", text))


@functools.lru_cache(maxsize=8)
def overridden(tree: View) -> dict[str, str]:
    """What the checkout's conftest.py replaces: dotted names in MLflow, with the file that does.

    Both habits are known: a list of names with files, and `patch("name", function)` by itself.
    """
    try:
        module = ast.parse(tree.read(_CONFTEST) or b"")
    except SyntaxError:
        return {}
    found: dict[str, str] = {}
    for node in ast.walk(module):
        match node:
            case ast.Tuple(elts=[ast.Constant(value=str(name)), ast.Constant(value=str(path))]):
                if path.endswith(".py"):
                    found[name] = path
            case ast.Call(func=ast.Name(id="patch"), args=[ast.Constant(value=str(name)), _]):
                found[name] = _CONFTEST
            case _:
                pass
    return found


@functools.lru_cache(maxsize=256)
def tests(mlflow: View, path: str) -> tuple[Test, ...]:
    """The test functions of a file, those in classes included, in order."""
    module = _module(index(mlflow), path)
    found: list[Test] = []
    for node in module.tree.body if module else ():
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if node.name.startswith("test"):
                assert module is not None
                found.append(Test(path, node.name, Found(module, node)))
            case ast.ClassDef() if node.name.startswith("Test"):
                assert module is not None
                found += [
                    Test(path, inner.name, Found(module, inner, node))
                    for inner in node.body
                    if isinstance(inner, Function) and inner.name.startswith("test")
                ]
            case _:
                pass
    return tuple(found)


def fixtures_of(mlflow: View, function: Found) -> Iterator[Found]:
    """The fixtures that a test or fixture asks for, and those its own file runs around all."""
    assert isinstance(function.node, Function)
    wanted = [*asked(function.node), *_used(function)]
    known = _fixtures(index(mlflow), function.module)
    for name, found in known.items():
        asked_for = name in wanted and found.node is not function.node
        around = found.module is function.module and _autouse(found)
        if asked_for or (around and _is_test(function)):
            yield found


def helper(tree: Index, function: Found, receiver: str, name: str) -> Found | None:
    """The function of the test tree that a call in `function` means, or None."""
    if receiver == "self" and function.owner is not None:
        for node in function.owner.body:
            if isinstance(node, Function) and node.name == name:
                return Found(function.module, node, function.owner)
        return None
    dotted = f"{receiver}.{name}" if receiver else name
    if not re.fullmatch(r"[\w.]+", dotted):
        return None
    found = tree.resolve(function.module, dotted)
    if not isinstance(found, Found) or not isinstance(found.node, Function):
        return None
    return found if found.module.name.partition(".")[0] == "tests" else None


@functools.lru_cache(maxsize=512)
def _fixtures(tree: Index, module: Module) -> dict[str, Found]:
    """All fixtures that a module's tests may ask for, the nearest of each name."""
    found: dict[str, Found] = {}
    for name, (source, attribute) in module.imports.items():
        if source.startswith("tests.") and attribute is not None:
            there = tree.resolve(module, name)
            if isinstance(there, Found) and _is_fixture(there.node):
                found[name] = there
    for node in module.tree.body:
        if _is_fixture(node):
            assert isinstance(node, Function)
            found[_fixture_name(node)] = Found(module, node)
    folder = posixpath.dirname(module.path)
    while folder:
        above = _module(tree, f"{folder}/conftest.py")
        if above is not None and above is not module:
            for name, there in _fixtures(tree, above).items():
                found.setdefault(name, there)
        folder = posixpath.dirname(folder)
    return found


def _is_fixture(node: ast.AST) -> bool:
    return isinstance(node, Function) and any("fixture" in text for text in decorators(node))


def _fixture_name(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    for text in decorators(node):
        if named := re.search(r"""fixture\(.*\bname=['"](\w+)['"]""", text):
            return named[1]
    return node.name


def _autouse(found: Found) -> bool:
    assert isinstance(found.node, Function)
    return any("autouse=True" in text for text in decorators(found.node))


def _is_test(function: Found) -> bool:
    assert isinstance(function.node, Function)
    return not _is_fixture(function.node)


def _used(function: Found) -> list[str]:
    assert isinstance(function.node, Function)
    marks = " ".join(decorators(function.node))
    return re.findall(r"""['"](\w+)['"]""", marks) if "usefixtures" in marks else []


def _module(tree: Index, path: str) -> Module | None:
    return tree.module(path.removesuffix(".py").replace("/", "."))
