"""Something that is not as it should be, with a code, a place and a next move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from porter.core.question import Evidence

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `mends` names what would mend it: "generate", "plan", or None (a person)."""

    code: str
    text: str
    file: str | None = None
    line: int | None = None
    severity: Severity = "error"
    step: str = ""
    endpoint: str = ""
    next: str | None = None
    mends: Literal["generate", "plan"] | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def place(self) -> str:
        """`file:line`, `file`, or nothing."""
        return ":".join(str(part) for part in (self.file, self.line) if part is not None)


Findings = tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing that asks for nothing: logged, listed, shown again in the brief."""

    text: str
    code: str = ""
    evidence: tuple[Evidence, ...] = ()
