"""What is wrong with a standing rule: one function per fault, each with the rule that mends it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from porter.core.constraint import Constraint
from porter.core.endpoint import Catalog, Field, Message
from porter.core.finding import Severity
from porter.core.question import Evidence, unregistered
from porter.source.rules import tokens, with_dive
from porter.source.rules.ruletags import must_be_sent, required_text
from porter.source.rules.standing import keys_of
from porter.source.rules.validators import Tags

DEAD, UNREGISTERED, MALFORMED, NO_DIVE = "P210", "P211", "P212", "P213"
EMPTY, LIMIT, MISSING, UNREAD, ABSENT = "P214", "P215", "P216", "P217", "P218"


@dataclass(frozen=True)
class Fault:
    """One fault of a key. `mended` is the rule that it should have, "" to take the key out.

    `meant` is the key that its rule should stand under.
    """

    code: str
    key: str
    text: str
    mended: str | None = None
    severity: Severity = "error"
    evidence: tuple[Evidence, ...] = ()
    meant: str | None = None


@dataclass(frozen=True)
class Known:
    """All that a check looks at: the rules, the messages, the tags, and Python's demands by key."""

    rules: Mapping[str, str]
    names: Mapping[str, tuple[Message, Field]]
    catalog: Catalog
    tags: Tags
    python: Mapping[str, Sequence[Constraint]]
    """The constraints of each key, those of every endpoint whose request holds the field."""


def dead(known: Known, key: str) -> Iterator[Fault]:
    """A key that names no field: its rule never runs."""
    if key in known.names:
        return
    message, _, field = key.rpartition("_")
    near = [
        other
        for other, (owner, one) in known.names.items()
        if one.go_name == field and _held_by(known, message, owner)
    ]
    hint = f"; the field is {near[0]}" if len(near) == 1 else ""
    meant = near[0] if len(near) == 1 and near[0] not in known.rules else None
    yield Fault(DEAD, key, f"{key} names no field of a message{hint}", "", meant=meant)


def tagged(known: Known, key: str) -> Iterator[Fault]:
    """Tags that nobody registers; the validator panics where it meets one."""
    rule = known.rules[key]
    for tag in unregistered(rule, known.tags.all):
        name, colon, value = tag.partition(":")
        if colon and name in known.tags.all:
            mended = _optional(known, key, rule.replace(tag, f"{name}={value}"))
            text = f"{key}: {tag} is no tag, a parameter stands behind ="
            yield Fault(MALFORMED, key, text, mended)
        else:
            yield Fault(UNREGISTERED, key, f"{key}: nobody registers {tag or 'an empty tag'}")


def undived(known: Known, key: str) -> Iterator[Fault]:
    """A repeated field whose elements have rules that never run."""
    rule = known.rules[key]
    if key not in known.names or "dive" in tokens(rule):
        return
    field = known.names[key][1]
    message = known.catalog.message_of(field)
    if not field.repeated or message is None:
        return
    nested = sorted(k for k in keys_of(message, known.catalog) if k in known.rules)
    if nested:
        text = f"{key} has no dive, so {len(nested)} rules never run: {', '.join(nested)}"
        yield Fault(NO_DIVE, key, text, with_dive(rule))


def empty(known: Known, key: str) -> Iterator[Fault]:
    """`required` on a pointer takes "" where Python refuses it."""
    rule = known.rules[key]
    if key not in known.names or "required" not in tokens(rule):
        return
    field = known.names[key][1]
    if (
        field.kind != "string"
        or field.repeated
        or any(_refuses_empty(known, t) for t in tokens(rule))
    ):
        return
    asked = [
        c for c in known.python.get(key, ()) if c.kind in ("required", "non_empty") and _sure(c)
    ]
    if asked:
        more = ",".join(required_text(known.tags))
        mended = ",".join(more if tag == "required" else tag for tag in tokens(rule))
        text = f'{key}: required takes "" on a pointer, Python refuses it'
        yield Fault(EMPTY, key, text, mended, "warning", _places(asked))


def limits(known: Known, key: str) -> Iterator[Fault]:
    """A limit that is not Python's."""
    rule = known.rules[key]
    for token in tokens(rule.replace(":", "=")):
        name, _, value = token.partition("=")
        kinds = _LIMITS.get(name)
        if kinds is None or not value.lstrip("-").isdigit():
            continue
        found = [
            c for c in known.python.get(key, ()) if c.kind in kinds and isinstance(c.value, int)
        ]
        sure = [c for c in found if _sure(c)]
        if not sure or int(value) in {c.value for c in found}:
            continue
        if len({c.value for c in sure}) != 1:
            continue
        python, kind = sure[0].value, sure[0].kind
        right = "truncate" if kind == "truncate" else "max" if name == "truncate" else name
        able = token in rule and (right != "truncate" or known.tags.known("truncate"))
        mended = rule.replace(token, f"{right}={python}") if able else None
        text = f"{key}: {name}={value}, Python's limit is {python} ({kind})"
        yield Fault(LIMIT, key, text, mended, "warning", _places(sure))


def absent(known: Known, key: str) -> Iterator[Fault]:
    """A rule that refuses a request without the field, where Python takes one.

    A tag that is not told to pass over what is missing fails for a nil pointer.
    """
    rule = known.rules[key]
    mended = _optional(known, key, rule)
    if mended != rule and not unregistered(rule, known.tags.all):
        text = f"{key} refuses a request without the field, Python takes one: omitempty is missing"
        yield Fault(ABSENT, key, text, mended, "warning", _places(known.python[key]))


CHECKS: tuple[Callable[[Known, str], Iterator[Fault]], ...] = (
    dead, tagged, undived, empty, limits, absent,
)  # fmt: skip


def refuses(tag: str, tags: Tags) -> bool:
    """Whether a tag alone refuses the empty string."""
    name, _, value = tag.partition("=")
    if name in ("min", "len", "gte") and value.isdigit():
        return int(value) > 0
    if name == "gt" and value.isdigit():
        return True
    if name in _NOT_EMPTY:
        return True
    if name in tags.patterns:
        try:
            return re.search(tags.patterns[name].replace("[[:", "["), "") is None
        except re.error:
            return False
    return any(re.search(sign, tags.bodies.get(name, "")) for sign in _SIGNS)


_LIMITS = {
    "max": ("max", "max_length", "max_items", "truncate"),
    "lte": ("max", "max_length", "max_items"),
    "truncate": ("truncate", "max_length"),
    "min": ("min",),
    "gte": ("min",),
}
_PASSES = frozenset({"omitempty", "omitnil", "required", "notEmpty", "isdefault"})
"""Tags with which a missing field is passed over, or meant to be refused."""
_NOT_EMPTY = frozenset({
    "notEmpty", "number", "numeric", "boolean", "url", "uri", "email", "json", "oneof",
})  # fmt: skip
_SIGNS = (r"strconv\.(Atoi|ParseInt|ParseUint|ParseFloat)", r'!= ""', r"(filepath|path)\.Clean")
"""What a validator's Go does that "" does not pass."""


def _optional(known: Known, key: str, rule: str) -> str:
    """The rule with `omitempty` where the field may be missing in Python and is a pointer in Go."""
    found, python = known.names.get(key), known.python.get(key, ())
    if found is None or not python or set(tokens(rule)) & _PASSES:
        return rule
    field = found[1]
    scalar = not field.repeated and field.kind not in ("message", "map", "bytes")
    if not scalar or any(not one.conditional and must_be_sent(one, field) for one in python):
        return rule
    return ",".join(("omitempty", *tokens(rule)))


def _refuses_empty(known: Known, tag: str) -> bool:
    return refuses(tag, known.tags)


def _sure(one: Constraint) -> bool:
    return (not one.conditional and one.certain) or one.kind == "truncate"


def _places(constraints: Sequence[Constraint]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(c.evidence[-1] for c in constraints if c.evidence))


def _held_by(known: Known, message: str, owner: Message) -> bool:
    """Whether a message (by Go name) has a field of the type `owner`."""
    return any(
        field.type_name == owner.full_name and field.kind != "map"
        for one, field in known.names.values()
        if one.go_name == message
    )
