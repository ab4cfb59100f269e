"""What a person needs while writing the SQL store, in one place: Python and Go side by side.

The brief is a value of sections; `to_markdown` and the terminal show the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from porter.core.question import Evidence
from porter.core.step import Step, walked
from porter.core.task import Task
from porter.proof.selection import select
from porter.source.brief.briefdata import Data, gather
from porter.source.brief.models import Pair
from porter.source.mlflow import index
from porter.source.mlflow.handlers import handler
from porter.source.rules import review
from porter.source.scaffold.gotest.ownwork import own_work
from porter.source.scaffold.gotest.servicetest import mock
from porter.source.scaffold.service import existing, method
from porter.source.scaffold.signatures import mirror


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a brief: a sentence, a table with `columns`, or a list (rows of one cell)."""

    title: str
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """The brief of one endpoint."""

    endpoint: str
    route: str
    sections: tuple[Section, ...]


def brief(task: Task, steps: Sequence[Step] = ()) -> Brief:
    """The brief of an endpoint; where its handler calls no store, of the service method alone.

    The tests are those that judge it once porter's `steps` are taken: without a binding no test of
    the SQL store comes to Go.

    Raises SourceError where a source that is needed cannot be read.
    """
    data, route = gather(task), str(task.endpoint.routes[0])
    if data is None:
        parts = (_alone(task), _handler(task), _rules(task), _tests(walked(task, steps)))
        return Brief(task.endpoint.id, route, tuple(s for s in parts if s.text or s.rows))
    sections = (
        _where(task, data), _python(task, data), _handler(task), _errors(task, data),
        _tables(data), _preload(data), _merges(task, data), _helpers(task, data),
        _constants(data), _branches(task, data), _doubts(task, data), _rules(task),
        _imitate(data), _unit_test(task), _tests(walked(task, steps)),
    )  # fmt: skip
    return Brief(task.endpoint.id, route, tuple(s for s in sections if s.text or s.rows))


def to_markdown(made: Brief) -> str:
    """The brief as Markdown."""
    out = [f"# {made.endpoint}", "", f"`{made.route}`", ""]
    for section in made.sections:
        out += [f"## {section.title}", ""]
        out += [section.text, ""] if section.text else []
        if section.columns and section.rows:
            out.append("| " + " | ".join(section.columns) + " |")
            out.append("|" + " --- |" * len(section.columns))
            out += ["| " + " | ".join(map(_cell, row)) + " |" for row in section.rows]
            out.append("")
        elif section.rows:
            out += [*(f"- {' '.join(row)}" for row in section.rows), ""]
    return "\n".join(out).rstrip() + "\n"


def _alone(task: Task) -> Section:
    read = handler(index(task.mlflow), task.catalog, task.endpoint)
    standing = existing(task)
    go = f"{standing[0]}:{standing[1].line}" if standing else "not there yet (service step)"
    rows = (
        ("Python handler", _at(task, read.function.evidence) if read else "none"),
        ("Go service method", go),
    )
    text = "Its handler calls no store: the service method is the whole work."
    return Section("Where", text, ("what", "place"), rows)


def _where(task: Task, data: Data) -> Section:
    read = handler(index(task.mlflow), task.catalog, task.endpoint)
    rows = [("Python handler", _at(task, read.function.evidence) if read else "–")]
    rows.append(("Python store method", _at(task, data.method.found.evidence)))
    lacking = "not there yet (store step)" if task.service.store else "the service has no store"
    rows.append(("Go store method", f"{data.name}: {data.sql or lacking}"))
    rows += [("stub", "it still answers that it is not implemented")] if data.stub else []
    return Section("Where", columns=("what", "place"), rows=tuple(rows))


def _python(task: Task, data: Data) -> Section:
    rows = tuple(
        (
            "\N{MIDDLE DOT} " * here.depth + here.name,
            _at(task, here.found.evidence),
            f"line {here.called_from.line}" if here.called_from else "",
        )
        for here in data.functions
    )
    text = "The method and every helper that it calls, each once."
    return Section("Python", text, ("function", "place", "called from"), rows)


def _handler(task: Task) -> Section:
    """What the handler does beside its store call, and the service method does not mirror."""
    rows = tuple((note.text,) for note in method(task).notes)
    text = "The service method does not do these yet: they are yours." if rows else ""
    return Section("In the handler", text, rows=rows)


def _unit_test(task: Task) -> Section:
    """What the service method does of its own, so that a Go table test would check something."""
    found = mirror(task)
    work = own_work(task, found) if found else None
    own = work.things if work else ()
    text = "Each is a row of the table test of the service method, with the mock store."
    if not own and work and work.unwritten:
        text = (
            "What the service method does of its own is a TODO in it: yours to write and to test."
        )
    elif not own:
        text = "Nothing to test in Go: the service only hands on. MLflow's tests cover it."
    elif mock(task) is None:
        text = "Each would be a row of a table test, but mockery writes no mock of this store."
    rows = tuple((thing.kind, thing.text) for thing in own)
    return Section("Go unit test", text, ("kind", "what") if own else (), rows)


def _errors(task: Task, data: Data) -> Section:
    rows = tuple(
        (
            error.code or "computed",
            error.text,
            error.condition,
            _at(task, error.evidence),
            error.go(data.fields),
        )
        for error in data.errors
    )
    text = "The texts are compared by MLflow's tests: keep them to the letter." if rows else ""
    return Section("Errors", text, ("code", "text", "when", "Python", "Go"), rows)


def _tables(data: Data) -> Section:
    rows: list[tuple[str, ...]] = []
    for pair in data.pairs:
        go = pair.go
        place = f"{go.name} ({go.path}:{go.line})" if go else "no Gorm model"
        rows.append((f"**{pair.python.table}** {pair.python.name}", place, ""))
        for column in pair.python.columns:
            field = go.column(column.name) if go else None
            kind = f"{column.type}({column.length})" if column.length else column.type
            marks = [kind, *(["primary key"] if column.primary else [])]
            marks += [] if column.nullable else ["not null"]
            there = f"{field.name} {field.type}" if field else "missing"
            rows.append((column.name, there if go else "", ", ".join(marks)))
    text = " ".join(_disagreement(pair) for pair in data.pairs if _disagreement(pair))
    return Section("Tables", text, ("column", "Go field", "Python"), tuple(rows))


def _disagreement(pair: Pair) -> str:
    found = [
        f"{words} {', '.join(columns)}"
        for words, columns in (
            ("lacks in its primary key", pair.missing_keys),
            ("has too much in its primary key", pair.extra_keys),
            ("has no field for", pair.missing_columns),
            ("names unknown columns", pair.unknown_columns),
        )
        if columns
    ]
    return f"{pair.go.name} {'; '.join(found)}." if pair.go and found else ""


def _preload(data: Data) -> Section:
    rows = tuple((f"{p.model}.{p.relation}", p.go or "missing", p.place) for p in data.preloads)
    text = (
        "`to_mlflow_entity` reads these: a query without `Preload` answers without them, silently."
    )
    return Section("Preload", text if rows else "", ("Python", "Go relation", "place"), rows)


def _merges(task: Task, data: Data) -> Section:
    rows = tuple(
        (f"{m.verb} {m.model}", _at(task, m.evidence), ", ".join(m.primary), m.agreement)
        for m in data.merges
    )
    text = "A merge finds its row by the primary key: Go's must be the same." if rows else ""
    return Section("Writes", text, ("what", "Python", "primary key", "in Go"), rows)


def _helpers(task: Task, data: Data) -> Section:
    rows = tuple((c.name, _go(c.go, c.same), _at(task, c.python)) for c in data.helpers)
    return Section("Helpers", columns=("Python", "Go", "place"), rows=rows)


def _constants(data: Data) -> Section:
    rows = tuple((c.name, c.value, _go(c.go, same=True)) for c in data.constants)
    return Section("Constants", columns=("Python", "value", "Go"), rows=rows)


def _branches(task: Task, data: Data) -> Section:
    rows = tuple(
        (b.condition, b.leads, f"{b.function}, {_at(task, b.evidence)}") for b in data.branches
    )
    return Section("Branches worth a test", columns=("if", "then", "place"), rows=rows)


def _doubts(task: Task, data: Data) -> Section:
    rows = tuple(
        (doubt.text, "at " + ", ".join(_at(task, place) for place in doubt.evidence))
        for doubt in data.doubts
    )
    text = "Signs, no verdicts: ask before you copy them." if rows else ""
    return Section("Worth challenging", text, rows=rows)


def _rules(task: Task) -> Section:
    rows = tuple((note.text, _places(note.evidence)) for note in review.reminders(task))
    text = (
        "Python checks these and no tag says them: the service or the store must." if rows else ""
    )
    return Section("Rules without a tag", text, rows=rows)


def _imitate(data: Data) -> Section:
    rows = tuple((s.name, s.service, s.sql or "") for s in data.siblings)
    text = "The nearest ported siblings, the first as the model." if rows else ""
    return Section("Imitate", text, ("endpoint", "service", "SQL"), rows)


def _tests(task: Task) -> Section:
    chosen = select(task)
    rows = tuple((test.id, test.world) for test in chosen.tests)
    text = f"MLflow's own: {chosen.summary}." if rows else "No test of MLflow reaches it."
    return Section("Tests that judge it", text, ("test", "through"), rows)


def _go(places: Iterable[tuple[str, Evidence]], same: bool) -> str:
    found = ", ".join(f"{name} ({place})" if place.line else name for name, place in places)
    if not found:
        return "missing"
    return found if same else f"perhaps {found}"


def _at(task: Task, evidence: Evidence) -> str:
    return f"{task.mlflow.where(evidence.file)}:{evidence.line}"


def _places(evidence: Iterable[Evidence]) -> str:
    places = [str(place) for place in evidence]
    return f"({places[-1]})" if places else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
