"""What a failed assertion compares: two error texts, two error codes, or an error with none."""

from __future__ import annotations

import ast
import difflib
import re
from dataclasses import dataclass
from typing import Literal

from porter.proof.report import Failure

_MATCH = (
    re.compile(
        r"Regex pattern did not match\.\s+Regex: (?P<want>.+?)\n\s*Input: (?P<got>.+)", re.S
    ),
    re.compile(r"Expected regex: (?P<want>.+?)\n\s*Actual message: (?P<got>.+)", re.S),
    re.compile(r"Pattern '(?P<want>.+?)' does not match '(?P<got>.+)'", re.S),
)
"""How pytest 8, 8.4 and 6 to 7 say that an exception's text does not match."""
_COMPARED = re.compile(r"assert (?P<a>'[^\n]*?'|\"[^\n]*?\") (?:==|in) (?P<b>'[^\n]*|\"[^\n]*)")
_CODE = re.compile(r"[A-Z][A-Z_]{3,}")


@dataclass(frozen=True, slots=True)
class Compared:
    """What was expected and what came. `raises`: an error was expected and none came."""

    kind: Literal["text", "code", "raises"]
    expected: str
    actual: str


def compared(failure: Failure) -> Compared | None:
    """The comparison in a failure, or None where it compares something else."""
    for pattern in _MATCH:
        if found := pattern.search(failure.message):
            return _of(_plain(_value(found["want"])), _value(found["got"]))
    if "DID NOT RAISE" in failure.message:
        wanted = re.findall(r"match=r?f?(['\"])(.*?)\1", failure.text)
        return Compared("raises", _plain(wanted[-1][1]) if wanted else "", "")
    if found := _COMPARED.search(failure.message):
        return _of(*_sides(failure, _value(found["a"]), _value(found["b"])))
    return None


def difference(expected: str, actual: str) -> tuple[str, ...]:
    """The two texts as a diff of words, `-` what Python says, `+` what Go says."""
    old, new = re.findall(r"\s+|[^\s]+", expected), re.findall(r"\s+|[^\s]+", actual)
    out: list[str] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            out.append("".join(old[a:b]))
            continue
        out.append(f"[-{''.join(old[a:b])}-]" if a < b else "")
        out.append(f"[+{''.join(new[c:d])}+]" if c < d else "")
    return (f"- {expected}", f"+ {actual}", f"  {''.join(out)}")


def _of(expected: str, actual: str) -> Compared | None:
    if _CODE.fullmatch(expected) and _CODE.fullmatch(actual):
        return Compared("code", expected, actual)
    return Compared("text", expected, actual) if " " in expected else None


def _sides(failure: Failure, a: str, b: str) -> tuple[str, str]:
    """Which of two compared values was expected: the one that the test writes out itself."""
    code = [line for line in failure.text.splitlines() if line.startswith((">", "    assert"))]
    line = code[-1] if code else ""
    left, _, right = line.partition("==") if "==" in line else line.partition(" in ")
    if re.search(r"['\"]|ErrorCode|[A-Z]{4,}_", right) and not re.search(r"^\W*assert ['\"]", left):
        return b, a
    return a, b


def _value(text: str) -> str:
    text = text.strip().splitlines()[0] if text.strip().startswith(("'", '"')) else text.strip()
    try:
        value = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text.strip("'\"")
    return value if isinstance(value, str) else text


def _plain(pattern: str) -> str:
    """A regular expression as the text it stands for, as far as it is one."""
    text = re.sub(r"\.[*+]\??", "…", pattern)
    return re.sub(r"\\([^\w\s]|\s)", r"\1", text)
