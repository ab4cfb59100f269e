"""Where the test of a service method goes: beside the method's file, as the tests there stand."""

from __future__ import annotations

from collections.abc import Iterator

from porter.core.edits import apply
from porter.core.plan import Change
from porter.core.task import Task
from porter.source.golang import GoFile, goedit, parse
from porter.source.golang.gofile import new_file
from porter.source.golang.goimports import Wanted, add_imports
from porter.source.scaffold.gotest.ownwork import OwnWork
from porter.source.scaffold.gotest.servicetest import service_test
from porter.source.scaffold.service import takes_context
from porter.source.scaffold.signatures import Mirror


def tested(task: Task) -> bool:
    """Whether a test of the service's folder calls the method, or has the name of its test."""
    method = task.endpoint.method
    for file in _tests(task):
        for function in file.functions:
            if function.name == f"Test{method}":
                return True
            calls = file.calls(function.body) if function.body else ()
            if any(c.callee.endswith(f".{method}") and "EXPECT" not in c.callee for c in calls):
                return True
    return False


def planned(task: Task, found: Mirror, own: OwnWork, path: str) -> Change | None:
    """The test in the file beside `path`, or None where no row of it can be made."""
    place = f"{path.removesuffix('.go')}_test.go"
    before = task.tree.read(place)
    clause = _clause(task, path)
    file = parse(task.tree, place) if before is not None else None
    package = file.package if file else clause.partition(" ")[0]
    test = service_test(task, found, own, package, takes_context(task))
    if test is None:
        return None
    wanted, module = [Wanted(each) for each in test.imports], task.layout.module
    if file is None:
        content = new_file(package, wanted, test.text, module)
        head = f"package {package}\n".encode()
        return Change(place, None, content.replace(head, f"package {clause}\n".encode(), 1))
    edits = [*add_imports(file, wanted, module), *goedit.append(file, test.text)]
    return Change(place, before, apply(file.source, goedit.merged(file, edits)))


def _tests(task: Task) -> Iterator[GoFile]:
    for path in task.tree.files(task.service.dir or "", "_test.go"):
        yield parse(task.tree, path)


def _clause(task: Task, path: str) -> str:
    """The package of a new test with the comment behind it, as the tests in the folder have it; a
    package of its own where none stands."""
    for file in _tests(task):
        clause = next(n for n in file.root.named_children if n.type == "package_clause")
        line = file.source[clause.start_byte :].splitlines()[0]
        return line.decode().removeprefix("package ").strip()
    return f"{parse(task.tree, path).package}_test"
