"""The Go test of a service method: the tables that show what it does of its own, and their place.

The store is a mock that answers with an error, so that a row shows both what the store is given
and that its error comes back, and depends on nothing else.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from porter.core.layout import Store
from porter.core.task import Task
from porter.source.checkout.layout import import_path
from porter.source.checkout.mockery import constructor
from porter.source.checkout.pointers import helper_package
from porter.source.checkout.stubs import zero
from porter.source.golang import parse
from porter.source.golang.goliteral import Literal, block, columns, written
from porter.source.golang.gosignature import LIMIT
from porter.source.scaffold.gotest.ownwork import OwnWork
from porter.source.scaffold.gotest.samples import Samples
from porter.source.scaffold.gotest.tables import (
    Table,
    column,
    columns_of,
    ended_rows,
    given_rows,
    reaching,
)
from porter.source.scaffold.mirrored import fitted, handed_on
from porter.source.scaffold.render import render
from porter.source.scaffold.signatures import Mirror

_LONG = 60
"""Lines inside a function that golangci-lint's funlen still lets pass."""
_SHORT = 100
"""Columns of a row that stands on one line."""
_SAFE = ("entities", "messages", "scalar", "scalars", "token")
"""Results whose zero value a service method can make an answer of."""


@dataclass(frozen=True, slots=True)
class Test:
    """The functions as text, and the import paths that they need."""

    text: str
    imports: tuple[str, ...]


@dataclass(frozen=True)
class _Form:
    """What all tests of a method share."""

    task: Task
    found: Mirror
    store: Store
    new: str
    """`store.NewMockTrackingStore`."""
    qualifier: str
    """`service.` where the test stands in a package of its own."""

    @property
    def method(self) -> str:
        return self.task.endpoint.method

    def service(self, store: str) -> str:
        """The paragraph that makes the service over a store."""
        receiver = self.task.service.receiver
        assert receiver is not None
        made = f"{self.qualifier}{receiver.type}{{{self.store.field}: {store}}}"
        return f"{receiver.name} := {'&' if receiver.pointer else ''}{made}"

    def called(self, context: bool, answer: str = "_", request: str = "scenario.input") -> str:
        """The call of the method under test."""
        receiver = self.task.service.receiver
        assert receiver is not None
        given = f"context.Background(), {request}" if context else request
        return f"{answer}, err := {receiver.name}.{self.method}({given})"


def service_test(
    task: Task, found: Mirror, own: OwnWork, package: str, context: bool
) -> Test | None:
    """The test for a file of that package, or None where no row can be made or no mock stands.

    `context`: whether the service method takes one.
    """
    store, receiver = task.service.store, task.service.receiver
    new = mock(task)
    if store is None or receiver is None or new is None or found.results is None:
        return None
    inside = posixpath.basename(task.service.dir or "")
    qualifier = f"{inside}." if package != inside else ""
    form = _Form(task, found, store, new, qualifier)
    helper = helper_package(task.tree)
    samples = Samples(task.catalog, task.service.protos_package, helper is not None)
    table = Table(task, found, own, samples)
    parts = [
        _given(form, table, context),
        _ended(form, table, context),
        _token(form, table, context),
    ]
    text = "\n\n".join(part for part in parts if part)
    return Test(text, _imports(task, text, qualifier, helper)) if text else None


def mock(task: Task) -> str | None:
    """The function that makes a mock of the service's store, qualified, or None."""
    store = task.service.store
    if store is None:
        return None
    path = import_path(task.layout, store.interface_dir)
    new = constructor(task.tree, task.layout.go_root, path, store)
    return f"{_package(task, store.interface_dir)}.{new}" if new else None


def _given(form: _Form, table: Table, context: bool) -> str:
    """The test of what the store is given, and that its error comes back."""
    worth = table.own.arguments or table.own.has("condition") or table.own.has("error")
    rows = given_rows(table) if worth else ()
    if not rows:
        return ""
    own = {a.name: f"scenario.{column(a)}" for a in table.own.arguments}
    callee = f"mockStore.EXPECT().{form.found.signature.name}"
    given = ["context.Background()"] if form.found.signature.context else []
    given += [own.get(p.name, "mock.Anything") for p in form.found.signature.params]
    zeros = [zero(kind) for kind in form.found.signature.results[:-1]]
    answered = ", ".join([*zeros, "failure"])
    error = handed_on(form.task, form.found, "failure")
    failure = 'contract.NewError(protos.ErrorCode_INTERNAL_ERROR, "the store failed")'
    expected = [] if error == "failure" else [f"expected := {error}"]
    wanted = "expected" if expected else "failure"
    paragraphs = [
        [f"failure := {failure}", *expected],
        [
            f"mockStore := {form.new}(t)",
            *fitted(callee, given, f".Return({answered})"),
        ],
        [form.service("mockStore")],
        [
            form.called(context),
            f"if !reflect.DeepEqual(err, {wanted}) {{",
            '\tt.Errorf("expected the error of the store, got %v", err)',
            "}",
        ],
    ]
    comment = "The store fails: what it is given is tested, and that its error comes back."
    return _function(form.method, columns_of(table), rows, paragraphs, comment)


def _ended(form: _Form, table: Table, context: bool) -> str:
    """The test of requests that never reach the store: the mock fails where it is called."""
    rows = ended_rows(table)
    if not rows:
        return ""
    request = f"*{table.samples.protos}.{form.task.endpoint.request.go_name}"
    typed = [("name", "string"), ("input", request), ("expected", "*contract.Error")]
    paragraphs = [
        [form.service(f"{form.new}(t)")],
        [
            form.called(context),
            "if !reflect.DeepEqual(err, scenario.expected) {",
            '\tt.Errorf("expected %v, got %v", scenario.expected, err)',
            "}",
        ],
    ]
    return _function(f"{form.method}WithoutStore", columns(typed), rows, paragraphs)


def _token(form: _Form, table: Table, context: bool) -> str:
    """The test that a page token is set only where the store answers one."""
    results = form.found.results or ()
    token = next((r for r in results if r.form == "token"), None)
    request = reaching(table) if token is not None else None
    if token is None or request is None or any(r.form not in _SAFE for r in results):
        return ""
    given = ["mock.Anything"] * (len(form.found.signature.params) + form.found.signature.context)
    answers = ["scenario.token" if r is token else zero(r.type) for r in results]
    name = token.field.go_name
    paragraphs = [
        [
            f"mockStore := {form.new}(t)",
            *fitted(
                f"mockStore.EXPECT().{form.found.signature.name}",
                given, f".Return({', '.join([*answers, 'nil'])})",
            ),
        ],
        [form.service("mockStore")],
        [
            f"input := {written(request, 3, len('input := '))}",
            form.called(context, "response", "input"),
            "if err != nil {",
            '\tt.Fatalf("expected no error, got %v", err)',
            "}",
        ],
        [
            f'if given := response.{name}; (given == nil) != (scenario.token == "") ||',
            f"\tresponse.Get{name}() != scenario.token {{",
            '\tt.Errorf("expected the token %q, got %v", scenario.token, given)',
            "}",
        ],
    ]  # fmt: skip
    typed = columns([("name", "string"), ("token", "string")])
    rows = tuple(
        Literal("", (("name", f'"{label}"'), ("token", f'"{value}"')))
        for label, value in (("more", "token"), ("last page", ""))
    )
    return _function(f"{form.method}{name}", typed, rows, paragraphs)


def _function(
    subject: str,
    typed: list[str],
    rows: tuple[Literal, ...],
    paragraphs: list[list[str]],
    comment: str = "",
) -> str:
    def made(nolint: str) -> str:
        return render(
            "service_test.go",
            name=f"Test{subject}", scenario=f"test{subject}Scenario", columns=typed,
            rows=_lines(rows), paragraphs=paragraphs,
            comment=comment, nolint=nolint,
        )  # fmt: skip

    plain = made("").splitlines()
    head = next(at for at, line in enumerate(plain) if line.startswith("func "))
    rules = []
    if len(plain[head + 1 : -1]) > _LONG:
        rules.append("funlen")
    if any(len(line) > LIMIT for line in plain):
        rules.append("lll")
    return made(",".join(rules))


def _lines(rows: tuple[Literal, ...]) -> list[str]:
    """Each row on a line of its own where all are short, else each of their fields."""
    short = [written(row, 2) for row in rows]
    if all("\n" not in row and len(row) <= _SHORT for row in short):
        return short
    return [block(row, 2) for row in rows]


def _package(task: Task, folder: str) -> str:
    """The name of the package in a folder."""
    paths = [p for p in task.tree.files(folder, ".go") if not p.endswith("_test.go")]
    return parse(task.tree, paths[0]).package if paths else posixpath.basename(folder)


def _imports(task: Task, text: str, qualifier: str, helper: str | None) -> tuple[str, ...]:
    """The import paths of the packages that a text names."""
    layout, store = task.layout, task.service.store
    package = task.service.protos_package
    assert store is not None
    folders = {
        "contract": layout.contract_dir, "protos": layout.protos_dir,
        package: layout.protos_dir if package == "protos" else f"{layout.protos_dir}/{package}",
        "entities": layout.entities_dir, "utils": helper,
        _package(task, store.interface_dir): store.interface_dir,
        qualifier.rstrip("."): task.service.dir if qualifier else None,
    }  # fmt: skip
    others = {
        "context": "context", "reflect": "reflect", "testing": "testing",
        "mock": "github.com/stretchr/testify/mock", "proto": "google.golang.org/protobuf/proto",
    }  # fmt: skip
    paths = {name: import_path(layout, f) for name, f in folders.items() if name and f} | others
    return tuple(path for name, path in paths.items() if _names(text, name))


def _names(text: str, package: str) -> bool:
    return re.search(rf"(?<![\w.\"]){re.escape(package)}\.\w", text) is not None
