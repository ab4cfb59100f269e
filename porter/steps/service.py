"""The service method: it mirrors the Python handler's store call."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from porter.core.command import Command, Outcome
from porter.core.edits import Edit, apply
from porter.core.finding import Finding, Findings
from porter.core.plan import Change, Plan
from porter.core.proof import Covers, Proof, Verdict
from porter.core.step import Step
from porter.core.task import Task
from porter.source.golang import GoFile, goedit, parse, parse_bytes
from porter.source.golang.gofiles import gofiles
from porter.source.golang.goimports import Wanted, add_imports
from porter.source.scaffold import service
from porter.source.scaffold.entityscaffold import missing
from porter.source.scaffold.initialisms import exported
from porter.source.scaffold.placement import asked, service_file
from porter.source.scaffold.render import render
from porter.source.scaffold.signatures import mirror


def plan(task: Task) -> Plan:
    """The method, its imports, the file where it is new, and the entities that are missing."""
    if waived(task) or service.existing(task):
        return Plan()
    found = mirror(task)
    types = missing(task, found) if found and task.service.store else Plan()
    task = task.over(types)
    made = service.method(task)
    place = service_file(task)
    before = task.tree.read(place)
    after = _new_file(task, place, made) if before is None else _into(task, place, made)
    changes = (Change(place, before, after), *types.changes)
    return Plan(changes, asked(task), (*made.notes, *types.notes))


def inspect(task: Task) -> Findings:
    """The method stands and calls the store, and not only what belongs to other endpoints.

    A store method may have a name that no rule predicts (`SetTrace` for startTrace).
    """
    if waived(task):
        return ()
    found = service.existing(task)
    if found is None:
        text = f"{task.service.go_name} has no method {task.endpoint.method}"
        return (Finding("P510", text, task.service.dir, mends="plan"),)
    path, method = found
    expected = mirror(task)
    calls = service.store_calls(task, path, method)
    if expected is None or task.service.store is None or expected.signature.name in calls:
        return ()
    others = {exported(e.name) for e in task.catalog.endpoints if e.id != task.endpoint.id}
    if calls and not others.issuperset(calls):
        return ()
    called = ", ".join(calls) or "nothing"
    text = f"{method.name} calls {called} of the store, Python's handler {expected.signature.name}"
    return (Finding("P511", text, path, method.line, severity="warning"),)


def prove(task: Task) -> tuple[Proof, ...]:
    """gofmt on the method's file."""
    found = service.existing(task)
    if waived(task) or found is None:
        return ()
    path = found[0]
    command = Command(("gofmt", "-l", path), why="the file is formatted")
    return (Proof("gofmt", command, Covers(files=(path,)), _formatted),)


def waived(task: Task) -> str | None:
    """A checkout that has no folder for the service's methods."""
    if task.service.dir is None:
        return f"this checkout has no {task.service.go_name}"
    return None


STEP = Step("service", "The service method", plan, inspect, prove=prove, waived=waived)


def _formatted(outcome: Outcome) -> Verdict:
    names = outcome.output.split()
    if not outcome.ok:
        return Verdict(False, "gofmt failed", details=tuple(outcome.output.splitlines()[-20:]))
    findings = tuple(
        Finding("P512", f"{name} is not gofmt-clean", name, next=f"gofmt -w {name}")
        for name in names
    )
    return Verdict(not names, "gofmt" if not names else "not gofmt-clean", findings)


def _into(task: Task, place: str, made: service.Method) -> bytes:
    file = parse(task.tree, place)
    patterns = _patterns(task, made)
    standard = [path for path in made.imports if path != "regexp" or patterns]
    wanted = [Wanted(path) for path in standard]
    edits = [
        *add_imports(file, wanted, task.layout.module),
        *goedit.append(file, made.text),
        *_declared(file, patterns),
    ]
    return apply(file.source, goedit.merged(file, edits))


def _declared(file: GoFile, patterns: Sequence[tuple[str, str]]) -> list[Edit]:
    """The patterns declared before the first declaration that stands behind the imports."""
    if not patterns:
        return []
    width = max(len(name) for name, _ in patterns)
    rows = [f"\t{n}{' ' * (width - len(n))} = regexp.MustCompile(`{p}`)\n" for n, p in patterns]
    text = f"var (\n{''.join(rows)})\n\n"
    if len(patterns) == 1:
        text = f"var {rows[0].strip()}\n\n"
    behind = max((found.span.end for found in file.imports), default=0)
    spans = [f.span.start for f in file.functions] + [s.span.start for s in file.structs]
    first = min((start for start in spans if start > behind), default=len(file.source))
    at = _with_comment(file.source, first)
    return [Edit(at, at, text.encode())]


def _with_comment(source: bytes, at: int) -> int:
    """The start of the comment lines directly above an offset, else the offset's line."""
    start = source.rfind(b"\n", 0, at) + 1
    while start:
        above = source.rfind(b"\n", 0, start - 1) + 1
        if not source[above:start].lstrip().startswith(b"//"):
            break
        start = above
    return start


def _patterns(task: Task, made: service.Method) -> list[tuple[str, str]]:
    """The patterns that no file of the package declares yet."""
    standing = {
        value.name
        for file in gofiles(task.tree).of(task.service.dir or "")
        for value in file.values
    }
    return [(name, pattern) for name, pattern in made.regexes if name not in standing]


def _new_file(task: Task, place: str, made: service.Method) -> bytes:
    patterns = _patterns(task, made)
    wanted = [path for path in made.imports if path != "regexp" or patterns]
    standard = [path for path in wanted if "." not in path.split("/")[0]]
    others = [path for path in wanted if path not in standard]
    text = render(
        "service_file.go",
        package=posixpath.basename(posixpath.dirname(place)),
        imports=[group for group in (standard, others) if group],
        method=made.text,
    )
    content = text.encode() + b"\n"
    file = parse_bytes(content, place)
    return apply(content, goedit.checked(file, _declared(file, patterns)))
