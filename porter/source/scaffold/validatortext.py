"""A check of one field as Go says it: conditions that hold where the value is taken, and rows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from porter.core.endpoint import Field
from porter.source.rules.fieldchecks import FieldCheck
from porter.source.rules.fieldtests import candidates, refused

if TYPE_CHECKING:
    from porter.source.constraints.formulas import Atom
    from porter.source.rules.fieldtests import Way

_WIDE = 100
_MOST = 4
"""Rows of a test that are taken, and as many that are refused."""
_THROUGH = {
    "lower": "strings.ToLower({})",
    "upper": "strings.ToUpper({})",
    "strip": "strings.TrimSpace({})",
    "len": "utf8.RuneCountInString({})",
}
_WORDS = {r"\w": r"\p{L}\p{N}_", r"\d": r"\p{Nd}"}
"""What Python's classes of characters are in Go, whose own know ASCII alone."""
_PACKAGES = {
    "strings.": "strings",
    "slices.": "slices",
    "utf8.": "unicode/utf8",
    "regexp.": "regexp",
}


@dataclass
class Body:
    """The Go of a validator: what must hold, and the patterns that it looks at by name."""

    conditions: list[str] = field(default_factory=list)
    regexes: dict[str, str] = field(default_factory=dict)

    @property
    def packages(self) -> list[str]:
        """The standard packages that it needs."""
        text = " ".join([*self.conditions, *("regexp." for _ in self.regexes)])
        return [path for name, path in _PACKAGES.items() if name in text]


def body(check: FieldCheck) -> Body:
    """The conditions of a check that is understood as a whole."""
    made = Body()
    for way in check.ways:
        made.conditions.append(_taken(made, check, way))
    made.conditions = list(dict.fromkeys(made.conditions))
    return made


def rows(check: FieldCheck) -> list[tuple[str, bool, str]]:
    """Values as Go writes them, whether Python refuses them, and the row's name.

    Of a check that is not understood as a whole only values that are refused for sure.
    """
    values = candidates(check.ways, check.field)
    bad = [v for v in values if refused(check.ways, v)]
    # One value for each way to be refused, then more.
    first = [next((v for v in bad if refused((way,), v)), None) for way in check.ways]
    picked = list(dict.fromkeys(v for v in (*first, *bad) if v is not None))
    good = [v for v in values if v not in bad] if check.whole else []
    return [
        *((go_value(v), True, f"refuses {_named(v)}") for v in picked[: max(_MOST, len(first))]),
        *((go_value(v), False, f"takes {_named(v)}") for v in good[:_MOST]),
    ]


def go_value(value: str | int) -> str:
    """A literal."""
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)


def go_type(of: Field) -> str:
    """The type of a test's value."""
    return of.kind


def go_pattern(pattern: str) -> str:
    """A Python pattern for Go: `\\w` and `\\d` mean the same characters.

    `$` stays as the house writes it: it does not take the line break that Python lets pass.
    """
    out, inside = "", False
    for piece in re.findall(r"\\.|.", pattern, re.DOTALL):
        inside = {"[": True, "]": False}.get(piece, inside)
        known = _WORDS.get(piece, piece)
        out += known if inside or piece != r"\w" else f"[{known}]"
    return out


def _taken(made: Body, check: FieldCheck, way: Way) -> str:
    """The opposite of tests that together refuse."""
    parts = [_test(made, check, atom, not atom.positive) for atom in way]
    return parts[0] if len(parts) == 1 else f"({' || '.join(parts)})"


def _test(made: Body, check: FieldCheck, atom: Atom, positive: bool) -> str:
    assert atom.ref is not None
    value = "value"
    for op in atom.ref.ops:
        value = _THROUGH[op].format(value)
    wanted = atom.arg
    match atom.op:
        case "truthy":
            empty = '""' if check.field.kind == "string" and "len" not in atom.ref.ops else "0"
            return f"{value} {'!=' if positive else '=='} {empty}"
        case "eq":
            assert isinstance(wanted, str | int)
            return f"{value} {'==' if positive else '!='} {go_value(wanted)}"
        case "lt":
            return f"{value} {'<' if positive else '>='} {wanted}"
        case "le":
            return f"{value} {'<=' if positive else '>'} {wanted}"
        case "match":
            call = f"{_regex(made, check, str(wanted), positive)}.MatchString({value})"
        case "in":
            assert isinstance(wanted, tuple)
            call = _contained(wanted, value)
        case op:
            name = {"starts": "HasPrefix", "ends": "HasSuffix"}.get(op, "Contains")
            call = f"strings.{name}({value}, {go_value(str(wanted))})"
    return call if positive else f"!{call}"


def _regex(made: Body, check: FieldCheck, pattern: str, positive: bool) -> str:
    stem = f"{check.tag}{'' if positive else 'Reserved'}Regex"
    same = (name for name, known in made.regexes.items() if known == go_pattern(pattern))
    number = sum(name.startswith(stem) for name in made.regexes)
    name = next(same, f"{stem}{number + 1 if number else ''}")
    made.regexes[name] = go_pattern(pattern)
    return name


def _contained(values: tuple[object, ...], value: str) -> str:
    texts = [go_value(str(v)) for v in values]
    line = f"slices.Contains([]string{{{', '.join(texts)}}}, {value})"
    if len(line) <= _WIDE:
        return line
    inner = "".join(f"\t\t{text},\n" for text in texts)
    return f"slices.Contains([]string{{\n{inner}\t}}, {value})"


def _named(value: str | int) -> str:
    """A value in a row's name."""
    if isinstance(value, int):
        return str(value)
    short = value if len(value) <= 20 else f"{value[:8]}… of {len(value)}"
    return "'" + short.replace("\\", "").replace('"', "") + "'" if value else "nothing"
