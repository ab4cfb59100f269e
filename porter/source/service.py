"""A service method that mirrors its handler: conversions, the store call, the response."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from porter.core.finding import Note
from porter.core.question import Evidence
from porter.core.task import Task
from porter.source.answers import answer, variables
from porter.source.conversions import Body, expression, getter
from porter.source.entities import Entities
from porter.source.gofiles import gofiles
from porter.source.golang import Func, parse
from porter.source.gosignature import LIMIT
from porter.source.guards import Guard, guards
from porter.source.handlers import Handler, handler
from porter.source.initialisms import exported, local, words_of
from porter.source.layout import import_path
from porter.source.mlflow import index
from porter.source.pointers import helper_package
from porter.source.reading import Unread
from porter.source.render import render
from porter.source.results import ERROR
from porter.source.signatures import Mirror, mirror
from porter.source.values import Asked, Maybe, Value


@dataclass(frozen=True, slots=True)
class Method:
    """A method as text, the import paths it needs, and what could not be mirrored."""

    text: str
    imports: tuple[str, ...]
    notes: tuple[Note, ...] = ()
    regexes: tuple[tuple[str, str], ...] = ()
    """Patterns that the file must declare: name and expression."""


def method(task: Task) -> Method:
    """The service method of the endpoint; with no store it answers that it is not implemented.

    Raises SourceError where MLflow's or the checkout's sources cannot be read.
    """
    found = mirror(task)
    package = task.service.protos_package
    helpers = helper_package(task.tree)
    known = found.entities if found else None
    body = Body(
        known or Entities(None), package, task.endpoint.request.go_name,
        helpers=frozenset({"PtrTo"} if helpers else ()),
    )  # fmt: skip
    read = found.handler if found else handler(index(task.mlflow), task.catalog, task.endpoint)
    if found is None or task.service.store is None:
        _unmirrored(body, task, read)
    else:
        _mirrored(body, task, found)
    service = _takes_context(task)
    store = found is not None and task.service.store is not None and found.signature.context
    context = f"{'ctx' if store else '_'} context.Context, " if service else ""
    text = render(
        "service_method.go",
        nolint=_nolint(task), receiver=str(task.service.receiver), name=task.endpoint.method,
        context=context, protos=package, request=task.endpoint.request.go_name,
        response=task.endpoint.response.go_name, paragraphs=body.paragraphs,
    )  # fmt: skip
    notes = tuple(Note(text, "P501", _evidence(read)) for text in body.notes)
    imports = _imports(task, body, service, helpers, package)
    return Method(text, imports, notes, tuple(body.regexes.items()))


def existing(task: Task) -> tuple[str, Func] | None:
    """The endpoint's service method where it stands, with its file, or None."""
    service = task.service
    if service.dir is None:
        return None
    for file in gofiles(task.tree).of(service.dir):
        found = file.function(task.endpoint.method, service.go_name)
        if found is not None:
            return file.path, found
    return None


def store_calls(task: Task, path: str, found: Func) -> tuple[str, ...]:
    """The names of the store methods that a service method calls."""
    store = task.service.store
    if store is None or found.body is None or found.receiver is None:
        return ()
    prefix = f"{found.receiver.name}.{store.field}."
    file = parse(task.tree, path)
    return tuple(
        call.callee.removeprefix(prefix)
        for call in file.calls(found.body)
        if call.callee.startswith(prefix)
    )


def _mirrored(body: Body, task: Task, found: Mirror) -> None:
    for branch in found.handler.branches:
        if branch.before:
            _todo(body, branch)
    for call in found.handler.calls:
        if call is not found.handler.call:
            text = f"the handler also calls {call.method} of the {call.store} store"
            body.notes.append(f"{call.evidence}: {text}")
            body.add(f"// TODO(porter): {text}: {call.evidence.file}:{call.evidence.line}.")
    for argument in found.arguments:
        if argument.fallback:
            expression(body, argument)
    for guard in guards(task, found):
        _refuse(body, guard)
    given = [expression(body, argument) for argument in found.arguments]
    context = ["ctx"] if found.signature.context else []
    results = found.results
    taken = {"ctx", "input", "err", "response", *(a.name for a in found.arguments)}
    names = variables(results, taken) if results is not None else ("response",)
    store, receiver = task.service.store, task.service.receiver
    assert store is not None and receiver is not None
    callee = f"{receiver.name}.{store.field}.{found.signature.name}"
    test = found.handler.call.guard if found.handler.call else None
    failed = "return nil, err"
    if found.signature.results[-1] != ERROR:
        text = f"failed to {' '.join(words_of(task.endpoint.name))}"
        code = "protos.ErrorCode_INTERNAL_ERROR"
        failed = f'return nil, contract.NewErrorWith({code}, "{text}", err)'
    _call(body, callee, [*context, *given], names, guard=test, failed=failed)
    for branch in found.handler.branches:
        if not branch.before:
            _todo(body, branch)
    response = f"{body.protos}.{task.endpoint.response.go_name}"
    if results is None:
        body.notes.append("the response is built of something that the store does not answer")
        body.add("return response, nil")
    else:
        answer(body, response, results, names)


def _refuse(body: Body, guard: Guard) -> None:
    """A check of Python's store, with its text."""
    lead = []
    for name in guard.fields:
        if re.search(rf"\b{local(name)}\b", guard.test) and (name,) not in body.locals:
            body.locals[(name,)] = local(name)
            lead.append(f"{local(name)} := {getter((name,))}")
    text = json.dumps(guard.text if guard.given else guard.text.replace("%%", "%"))
    row = f"{text}," if not guard.given else f"fmt.Sprintf({text}, {', '.join(guard.given)}),"
    rows = [row]
    if len(row) + 3 > LIMIT and guard.given:
        rows = ["fmt.Sprintf(", f"\t{text},", *(f"\t{g}," for g in guard.given), "),"]
    wide = any(len(r) + 3 > LIMIT for r in rows)
    body.add(
        *lead,
        f"if {guard.test} {{",
        *(["\t//nolint:lll"] if wide else []),
        "\treturn nil, contract.NewError(",
        f"\t\tprotos.ErrorCode_{guard.code},",
        *(f"\t\t{r}" for r in rows),
        "\t)",
        "}",
    )
    body.regexes.update(guard.regexes)


def _call(
    body: Body,
    callee: str,
    given: list[str],
    names: tuple[str, ...],
    *,
    guard: Value | None,
    failed: str,
) -> None:
    if names:
        lead = f"{', '.join(names)}, err := {callee}"
        body.add(*_fitted(lead, given, ""), "if err != nil {", f"\t{failed}", "}")
        return
    lines = [*_fitted(f"if err := {callee}", given, "; err != nil {"), f"\t{failed}", "}"]
    test = _test(guard)
    if test:
        lines = [f"if {test} {{", *(f"\t{line}" for line in lines), "}"]
    body.add(*lines)


def _fitted(lead: str, given: list[str], tail: str) -> list[str]:
    """A call on one line, or with one argument a line where that is too long."""
    line = f"{lead}({', '.join(given)}){tail}"
    if len(line) + 2 <= LIMIT:
        return [line]
    return [f"{lead}(", *(f"\t{argument}," for argument in given), f"){tail}"]


def _test(guard: Value | None) -> str | None:
    """A condition on a request field as Go says it."""
    match guard:
        case Asked(path):
            return f'{getter(path)} != ""'
        case Maybe(Asked((name,))):
            return f"input.{_field(name)} != nil"
        case _:
            return None


def _field(name: str) -> str:
    from porter.core.endpoint import go_camel

    return go_camel(name)


def _unmirrored(body: Body, task: Task, read: Handler | None) -> None:
    """No store: the Python lines as a reminder, and an answer that says what is missing."""
    for branch in read.branches if read else ():
        _todo(body, branch)
    body.add(
        "return nil, contract.NewError(",
        "\tprotos.ErrorCode_NOT_IMPLEMENTED,",
        f'\t"{task.endpoint.method} is not implemented yet",',
        ")",
    )
    body.notes.append(f"{task.endpoint} has no store: its service method is yours to write")


def _todo(body: Body, branch: Unread) -> None:
    place = f"{branch.evidence.file}:{branch.evidence.line}"
    first = " ".join(branch.text.split())
    word = "" if branch.condition.startswith("except") else "if "
    condition = f"{word}{branch.condition}: " if branch.condition else ""
    body.notes.append(f"{place}: {condition}{first}")
    body.add(*_comment(f"TODO(porter): {place}: {condition}{first}"))


def _comment(text: str) -> list[str]:
    import textwrap

    return [f"// {line}" for line in textwrap.wrap(text, LIMIT - 4, break_long_words=False)]


def _nolint(task: Task) -> str:
    """golangci-lint's naming rules that the generated interface makes a method break."""
    return "" if exported(task.endpoint.name) == task.endpoint.method else "revive,stylecheck"


def _takes_context(task: Task) -> bool:
    """Whether the service's methods take a context first: most do, or those of the others."""
    for services in ((task.service,), task.layout.services):
        votes = [
            bool(f.params) and f.params[0].type == "context.Context"
            for service in services
            for file in gofiles(task.tree).of(service.dir or "")
            for f in file.functions
            if f.receiver is not None
            and f.receiver.type == service.go_name
            and f.params
            and f.params[-1].type.startswith("*")
        ]
        if votes:
            return sum(votes) * 2 > len(votes)
    return True


def _imports(
    task: Task, body: Body, context: bool, helpers: str | None, package: str
) -> tuple[str, ...]:
    layout, store = task.layout, task.service.store
    models = store.models_dir if store else None
    protos = layout.protos_dir if package == "protos" else f"{layout.protos_dir}/{package}"
    folders = {
        "contract": layout.contract_dir,
        package: protos,
        "entities": layout.entities_dir or "",
        "utils": helpers or "",
        "models": models or "",
    }
    wanted = ["contract", package, *sorted(body.packages & {"entities", "utils", "models"})]
    if any("protos." in line for lines in body.paragraphs for line in lines):
        folders["protos"], wanted = layout.protos_dir, [*wanted, "protos"]
    paths = {import_path(layout, folders[name]) for name in wanted}
    standard = {"context"} if context else set()
    standard |= body.packages & {"fmt", "strings"} | ({"regexp"} if body.regexes else set())
    return (*sorted(standard), *sorted(paths))


def _evidence(read: Handler | None) -> tuple[Evidence, ...]:
    return (read.evidence,) if read else ()
