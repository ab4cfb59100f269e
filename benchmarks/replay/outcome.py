"""What replaying one port gave, as a value that can be kept as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Outcome:
    """porter at the parent of one port.

    `files` are the hand-written files porter changed, whole; `states` the cell of each step;
    `again` what a second start would still write; `seconds` porter's own time and `cpu` its
    processor time. The rest is known
    only after a real walk: `exit`, `built`, `vetted`, `tested` (None: not run), and `extra`,
    generated lines that neither the endpoint nor regenerating the parent explains.
    """

    mlflow: str
    exact: bool
    files: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    defaults: list[str] = field(default_factory=list)
    asked_place: bool = False
    again: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0
    error: str = ""
    exit: int | None = None
    built: bool | None = None
    vetted: bool | None = None
    tested: bool | None = None
    noise: int | None = None
    extra: list[str] | None = None
    brief: str = ""

    def json(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Outcome:
        """From what `json` made."""
        return cls(**kept)
