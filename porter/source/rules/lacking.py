"""What a standing rule lacks of what Python checks; limits that differ are another matter."""

from __future__ import annotations

from porter.core.constraint import Rule
from porter.source.rules import tokens

_ALIKE = {"gt=0": "min=1", "positiveNonZeroInteger": "min=1", "gte=1": "min=1"}
_NO_CHECK = frozenset({"omitempty", "omitnil"})


def checks(rule: Rule) -> tuple[str, ...]:
    """The tags of a proposed rule that stand for a check of Python's, `dive` included."""
    asked = _asked(rule)
    return tuple(t for t in tokens(rule.rule) if t not in _NO_CHECK and (t != "required" or asked))


def lacking(rule: Rule, stands: str) -> tuple[str, ...]:
    """Those of them that the standing rule has none like, less `dive`."""
    have = {_kind(t) for t in tokens(stands)}
    return tuple(t for t in checks(rule) if t != "dive" and _kind(t) not in have)


def filled(stands: str, more: tuple[str, ...]) -> str:
    """The standing rule with more tags, before a `dive`."""
    parts = list(tokens(stands))
    at = parts.index("dive") if "dive" in parts else len(parts)
    front = [t for t in more if t == "required"]
    return ",".join([*front, *parts[:at], *(t for t in more if t not in front), *parts[at:]])


def _asked(rule: Rule) -> bool:
    """Whether Python itself refuses a request without the field; the proto alone does not."""
    kinds = ("required", "map_keys")
    return any(c.kind in kinds and c.certain for c in rule.constraints)


def _kind(token: str) -> str:
    """A tag without its parameter."""
    plain = _ALIKE.get(token, token).replace(":", "=")
    name = plain.split("=", 1)[0]
    return "required" if name == "stringAsInteger" else name
