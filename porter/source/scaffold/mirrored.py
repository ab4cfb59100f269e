"""The body of a service method, paragraph by paragraph, out of what its handler does."""

from __future__ import annotations

import json
import re
import textwrap

from porter.core.endpoint import go_camel
from porter.core.task import Task
from porter.source.golang.gosignature import LIMIT
from porter.source.mlflow.handlers import Handler
from porter.source.mlflow.reading import Unread
from porter.source.mlflow.values import Asked, Maybe, Value
from porter.source.scaffold.answers import answer, variables
from porter.source.scaffold.conversions import Body, expression, getter
from porter.source.scaffold.guards import Guard, guards
from porter.source.scaffold.handlerchecks import handler_checks
from porter.source.scaffold.initialisms import local, words_of
from porter.source.scaffold.results import ERROR
from porter.source.scaffold.signatures import Mirror


def mirrored(body: Body, task: Task, found: Mirror) -> None:
    """The body of a method whose handler calls the store: checks, conversions, call, answer."""
    own = handler_checks(task, found.handler)
    for branch in found.handler.branches:
        if branch in own:
            _refuse(body, own[branch])
            body.notes.append(f"mirrors the check at {own[branch].evidence}")
        elif branch.before:
            _todo(body, branch)
    for call in found.handler.calls:
        if call is not found.handler.call:
            text = f"the handler also calls {call.method} of the {call.store} store"
            body.notes.append(f"{call.evidence}: {text}")
            body.add(f"// TODO(porter): {text}: {call.evidence.file}:{call.evidence.line}.")
    for argument in found.arguments:
        if argument.fallback:
            expression(body, argument)
    checks = guards(task, found)
    for guard in checks:
        _refuse(body, guard)
    body.notes += [f"mirrors the check at {guard.evidence}" for guard in checks]
    body.notes += [
        f"{', '.join(guard.unasked)}: Python's handler ignores it, over REST the check refuses it"
        for guard in checks
        if guard.unasked
    ]
    given = [expression(body, argument) for argument in found.arguments]
    context = ["ctx"] if found.signature.context else []
    results = found.results
    taken = {"ctx", "input", "err", "response", *(a.name for a in found.arguments)}
    names = variables(results, taken) if results is not None else ("response",)
    store, receiver = task.service.store, task.service.receiver
    assert store is not None and receiver is not None
    callee = f"{receiver.name}.{store.field}.{found.signature.name}"
    test = found.handler.call.guard if found.handler.call else None
    failed = f"return nil, {handed_on(task, found, 'err')}"
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


def handed_on(task: Task, found: Mirror, error: str) -> str:
    """The store's error (a Go expression) as the service answers it: as it is, or wrapped."""
    if found.signature.results[-1] == ERROR:
        return error
    text = f"failed to {' '.join(words_of(task.endpoint.name))}"
    return f'contract.NewErrorWith(protos.ErrorCode_INTERNAL_ERROR, "{text}", {error})'


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
        body.add(*fitted(lead, given, ""), "if err != nil {", f"\t{failed}", "}")
        return
    lines = [*fitted(f"if err := {callee}", given, "; err != nil {"), f"\t{failed}", "}"]
    test = _test(guard)
    if test:
        lines = [f"if {test} {{", *(f"\t{line}" for line in lines), "}"]
    body.add(*lines)


def fitted(lead: str, given: list[str], tail: str) -> list[str]:
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
            return f"input.{go_camel(name)} != nil"
        case _:
            return None


def unmirrored(body: Body, task: Task, read: Handler | None) -> None:
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

    return [f"// {line}" for line in textwrap.wrap(text, LIMIT - 4, break_long_words=False)]
