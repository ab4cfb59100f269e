"""A custom validator with its registration and its Go table test, in the form of the checkout."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from porter.core.edits import Edit, apply
from porter.core.task import Task
from porter.errors import SourceError
from porter.source.golang import Func, GoFile, goedit, parse, parse_bytes
from porter.source.golang.gofile import new_file
from porter.source.golang.goimports import Wanted, add_imports
from porter.source.rules.fieldchecks import FieldCheck
from porter.source.rules.registration import Registration, registration
from porter.source.scaffold import validatortext
from porter.source.scaffold.render import render

_RUNNER, _SCENARIO = "runscenarios", "validationScenario"
"""What a test file may have already to run rows with."""


def with_validators(task: Task, checks: Sequence[FieldCheck]) -> dict[str, bytes]:
    """The files of `pkg/validation` with a validator, its registration and its test for each check.

    Raises SourceError where no constructor registers validators.
    """
    path = task.layout.validation_tags
    if path is None:
        return {}
    after: dict[str, bytes] = {}
    for check in checks:
        file = _now(task, path, after)
        place = registration(file)
        if place is None:
            raise SourceError(
                f"no function in {file.where} registers validators",
                next=f"write and register the validator {check.tag} by hand",
            )
        after[path] = _validator(task, file, place, check)
        after |= _test(task, posixpath.dirname(path), place.constructor, check, after)
    return after


def _now(task: Task, path: str, after: dict[str, bytes]) -> GoFile:
    done = after.get(path)
    file = parse(task.tree, path)
    return file if done is None else parse_bytes(done, path, file.where)


def _validator(task: Task, file: GoFile, place: Registration, check: FieldCheck) -> bytes:
    name = f"{check.tag}Validation"
    made = validatortext.body(check) if check.whole else validatortext.Body()
    text = render(
        "validator.go",
        name=name,
        function=check.function,
        read="String" if check.field.kind == "string" else "Int",
        conditions=made.conditions,
        regexes=list(made.regexes.items()),
        passage=check.passage,
    )
    edits = [
        *goedit.insert_after(file, _before(file, place.constructor), text),
        *_registered(file, place, check.tag, name),
    ]
    source = apply(file.source, goedit.checked(file, sorted(edits)))
    if not made.packages:
        return source
    again = parse_bytes(source, file.path, file.where)
    wanted = [Wanted(package) for package in made.packages]
    return apply(source, add_imports(again, wanted, task.layout.module))


def _before(file: GoFile, constructor: Func) -> Func:
    """The function above the constructor, or the constructor where it is the first."""
    above = [f for f in file.functions if f.span.end <= constructor.span.start]
    return above[-1] if above else constructor


def _registered(file: GoFile, place: Registration, tag: str, name: str) -> list[Edit]:
    if place.table is not None:
        return goedit.add_entry(file, place.table, tag, name)
    at = place.last.end
    text = render("validator_registration.go", validate=place.validate, tag=tag, name=name)
    return [Edit(at, at, b"\n\n" + text.rstrip("\n").encode())]


def _test(
    task: Task, folder: str, constructor: Func, check: FieldCheck, after: dict[str, bytes]
) -> dict[str, bytes]:
    """The test, where the package's own helper runs rows behind its last test, else by itself."""
    beside = next((p for p in task.tree.files(folder, "_test.go") if _runs(task, p)), None)
    package = parse(task.tree, task.layout.validation_tags or "").package
    text = render(
        "validator_test.go",
        tag=check.tag,
        test=f"Test{check.tag[:1].upper()}{check.tag[1:]}",
        function=check.function,
        type=validatortext.go_type(check.field),
        rows=validatortext.rows(check),
        runner=_RUNNER if beside else "",
        scenario=_SCENARIO,
        constructor=f"{package}.{constructor.name}",
    )
    if beside is not None:
        file = _now(task, beside, after)
        return {beside: apply(file.source, goedit.append(file, text))}
    imports = [Wanted("testing")]
    if f"{package}." in text:
        imports.append(Wanted(posixpath.join(task.layout.module, _inside(task, folder))))
    path = f"{folder}/{check.tag.lower()}_test.go"
    return {path: new_file(f"{package}_test", imports, text, task.layout.module)}


def _inside(task: Task, folder: str) -> str:
    return posixpath.relpath(folder, task.layout.go_root or ".")


def _runs(task: Task, path: str) -> bool:
    file = parse(task.tree, path)
    return file.function(_RUNNER) is not None and file.struct(_SCENARIO) is not None
