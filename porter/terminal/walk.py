"""The screen of a walk: heading, diffs, running commands, one row a step, and the stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from rich.text import Text

from porter.core.command import Command
from porter.core.finding import Finding, Note
from porter.core.plan import Plan
from porter.core.question import Answer, Question, Questioner
from porter.core.report import Heading, Row, Sink, Stop
from porter.terminal.consoles import Consoles

if TYPE_CHECKING:
    from rich.status import Status

LONGEST = 100
"""Characters of a command that are shown while it runs; its log has all."""
ENDS = {0: "done", 1: "findings", 2: "an answer is needed", 3: "paused", 4: "could not run"}


class WalkScreen:
    """A `Reporter` on a pair of consoles; what it asks goes to `questioner`."""

    def __init__(self, consoles: Consoles, questioner: Questioner, *, diffs: bool = True) -> None:
        self.out, self.err = consoles.out, consoles.err
        self.spinner = consoles.interactive and self.err.is_terminal
        self.questioner = questioner
        self.diffs = diffs
        self.status: Status | None = None

    def ask(self, questions: tuple[Question, ...]) -> Mapping[str, Answer]:
        """See `Questioner`."""
        return self.questioner.ask(questions)

    def heading(self, heading: Heading) -> None:
        """See `Reporter`."""
        endpoint = heading.endpoint
        line = Text.assemble((endpoint.name, "bold"), f"  {endpoint.routes[0]}")
        for place in heading.places:
            line.append(f"   {place.file.rsplit('/', 1)[-1]}:{place.line}", "place")
        self.out.print(line)

    def plan(self, step: str, plan: Plan) -> None:
        """See `Reporter`."""
        if self.diffs and self.out.is_terminal:
            self.out.print(coloured(plan.diff()))
        elif self.diffs:  # rich would turn tabs into blanks, and nobody could apply the diff
            self.out.file.write(plan.diff())

    @contextmanager
    def running(self, command: Command) -> Iterator[Sink]:
        """See `Reporter`."""
        reason = f"  {command.why}" if command.why else ""
        self.err.print(Text(f"   $ {shortened(str(command))}{reason}", "quiet"))
        if not self.spinner:
            yield lambda _: None
            return
        with ExitStack() as shown:
            status = self.status or shown.enter_context(self._spinning())
            yield lambda line: status.update(Text(f"   {line.strip()[:100]}", "quiet"))

    @contextmanager
    def _spinning(self) -> Iterator[Status]:
        """One line for all that runs: a terminal has one last line."""
        with self.err.status("") as status:
            self.status = status
            try:
                yield status
            finally:
                self.status = None

    def row(self, row: Row, name: str = "") -> None:
        """See `Reporter`."""
        self.out.print(row_text(row, name))
        for finding in row.cell.findings:
            self.out.print(finding_text(finding, indent=20))

    def note(self, note: Note) -> None:
        """See `Reporter`."""
        where = f"  {note.evidence[0]}" if note.evidence else ""
        self.out.print(Text.assemble(("   note  ", "quiet"), note.text, (where, "place")))

    def say(self, text: str) -> None:
        """See `Reporter`."""
        self.err.print(Text(f"   {text}", "quiet"))

    def stop(self, stop: Stop) -> None:
        """See `Reporter`."""
        if stop.defaults:
            self.out.print(Text("taken by default or left open:", "quiet"))
            for line in stop.defaults:
                self.out.print(Text(f"   {line}", "quiet"))
        end = Text(f"{ENDS.get(stop.exit, 'stopped')} (exit {stop.exit})")
        if stop.reason:
            end.append(f"  {stop.reason}")
        self.out.print(end)
        self.out.print(next_text(stop.next))


def shortened(command: str) -> str:
    """A command as long as a line bears."""
    return command if len(command) <= LONGEST else f"{command[:LONGEST]} …"


def row_text(row: Row, name: str = "") -> Text:
    """` 1 enable        ok    endpoints.go 1 line`."""
    text = Text.assemble(f"{row.number:>2} {row.slug:<13} ", (f"{row.cell!s:<10}", row.cell.state))
    if name:
        text.append(f" {name} ", "bold")
    text.append(f" {row.cell.detail}")
    text.rstrip()
    return text


def finding_text(finding: Finding, indent: int = 0) -> Text:
    """A finding in one line, its next move behind it."""
    style = "red" if finding.severity == "error" else "todo"
    text = Text(" " * indent)
    text.append(f"{finding.code} ", style)
    if finding.place:
        text.append(f"{finding.place} ", "place")
    text.append(finding.text)
    if finding.next:
        text.append(f"   next: {finding.next}", "quiet")
    return text


def next_text(moves: tuple[str, ...]) -> Text:
    """`next: porter …`: the last line of every stop."""
    return Text.assemble(("next: ", "next"), " · ".join(moves))


def coloured(diff: str) -> Text:
    """A unified diff with its lines coloured."""
    text = Text()
    for line in diff.splitlines(keepends=True):
        style = "hunk" if line.startswith("@@") else ""
        if line.startswith(("+++", "---")):
            style = "bold"
        elif line.startswith("+"):
            style = "added"
        elif line.startswith("-"):
            style = "removed"
        text.append(line, style)
    text.rstrip()
    return text
