"""One field's constraints as tags: which tag says what, in which order, and what no tag says."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from porter.core.constraint import Constraint, InferenceNote
from porter.core.endpoint import Field
from porter.source.rules.validators import Tags

ENFORCED = frozenset({"string", "integer", "bool", "float", "array", "item_type"})
"""Kinds that the proto type enforces by itself."""
_SCALAR = frozenset(
    {"max_length", "charset", "path_unique", "numeric_string", "truncate", "one_of", "uri_scheme"}
)
TOLD = frozenset({
    "notEmpty", "pathIsClean", "pathIsUnique", "positiveNonZeroInteger", "stringAsInteger",
    "truncate", "uniqueParams",
})  # fmt: skip
"""Tags that people register and whose check is known."""
_ALIKE = 0.75
"""Two character classes are the same check where they share this part of their characters: names in
Python allow a colon more than in Go; an alias, with a dash and `\\w` alone, is another check."""


@dataclass(frozen=True)
class Written:
    """A field's rule in both styles, what it says, and what it leaves out."""

    house: str
    strict: str
    used: tuple[Constraint, ...]
    unwritten: tuple[Constraint, ...]
    meant: bool = False
    """Whether `required` stands for a check that no request reaches."""
    sometimes: Written | None = None
    """The rule with what Python checks only under another field's value; `used` is that alone."""


def written(
    field: Field, constraints: list[Constraint], meant: InferenceNote | None, tags: Tags
) -> Written:
    """The rule of one field. `meant` is a check for absence that no request reaches."""
    always = [c for c in constraints if not _elsewhere(c)]
    later = [c for c in constraints if _elsewhere(c)]
    made = _composed(field, always, meant, tags)
    if not later:
        return made
    others = {c.kind for c in later}
    more = _composed(field, [*(c for c in always if c.kind not in others), *later], meant, tags)
    said = tuple(c for c in more.used if c in later and c.kind not in ENFORCED)
    untold = tuple(c for c in more.unwritten if c in later)
    sometimes = replace(more, used=said) if said and more.house != made.house else None
    return replace(made, unwritten=(*made.unwritten, *untold), sometimes=sometimes)


def _composed(
    field: Field, constraints: list[Constraint], meant: InferenceNote | None, tags: Tags
) -> Written:
    required = any(c.kind == "required" for c in constraints)
    meant = None if required or field.repeated else meant
    front: list[str] = []
    behind: list[str] = []
    used: list[Constraint] = []
    unwritten: list[Constraint] = []
    for one in sorted(constraints, key=lambda c: _ORDER.get(c.kind, 9)):
        if one.kind in ENFORCED or one.kind in ("required", "map_keys"):
            used.append(one)
            continue
        tag = tag_of(one, field, tags)
        if tag is None:
            unwritten.append(one)
            continue
        used.append(one)
        nested = field.repeated and one.kind in _SCALAR
        (behind if nested else front).append(tag)
    front, behind = list(dict.fromkeys(front)), list(dict.fromkeys(behind))
    inner = ["dive", *behind] if behind else []
    must = required or meant is not None
    whole = tags.known("stringAsInteger")
    house, strict = list(front), list(front)
    if must and not (whole and whole in front):
        house.insert(0, "required")
    elif (
        not must
        and front
        and not field.repeated
        and not any(must_be_sent(one, field) for one in used)
    ):
        house.insert(0, "omitempty")
        strict.insert(0, "omitempty")
    if must:
        strict = list(dict.fromkeys((*_present(field, tags, required), *strict)))
    return Written(
        ",".join(house + inner),
        ",".join(strict + inner),
        tuple(used),
        tuple(unwritten),
        meant is not None,
    )


def _elsewhere(one: Constraint) -> bool:
    """Whether another field decides, which a tag cannot ask; `truncate` asks the environment."""
    return one.conditional and one.kind != "truncate"


def must_be_sent(one: Constraint, field: Field) -> bool:
    """Whether Python refuses a request for a field that is missing: what it reads is "" or 0."""
    if one.kind in ("required", "map_keys"):
        return True
    if one.sent or one.conditional or not one.certain:
        return False
    if one.kind == "min":
        return isinstance(one.value, int | float) and one.value > 0 and not field.default
    return one.kind == "numeric_string" or (one.kind == "charset" and not _empty(str(one.value)))


def _empty(pattern: str) -> bool:
    """Whether a pattern takes the empty text; one that cannot be read may."""
    try:
        return re.match(pattern, "") is not None
    except re.error:
        return True


def tag_of(one: Constraint, field: Field, tags: Tags) -> str | None:
    """The tag that says a constraint, or None."""
    match one.kind:
        case "non_empty":
            return "min=1" if field.repeated else tags.known("notEmpty") or "min=1"
        case "min":
            if one.value == 1 and not field.repeated:
                return tags.known("positiveNonZeroInteger") or "gt=0"
            return f"min={one.value}"
        case "max" | "max_length" | "max_items":
            return f"max={one.value}"
        case "truncate":
            return f"truncate={one.value}" if tags.known("truncate") else None
        case "charset":
            return alike(str(one.value), tags)
        case "path_unique":
            return tags.known("pathIsUnique", "pathIsClean")
        case "unique_keys":
            return _unique(field, tags)
        case "numeric_string":
            return tags.known("stringAsInteger") or "number"
        case "one_of":
            values = one.value if isinstance(one.value, tuple) and not one.folded else ()
            spaced = any(re.search(r"[\s,|']", v) or not v for v in values)
            return (
                None
                if spaced or not values or field.kind == "enum"
                else f"oneof={' '.join(values)}"
            )
        case _:
            return None


def alike(pattern: str, tags: Tags) -> str | None:
    """The registered tag whose regex is this one, or differs by few characters of its class."""
    for tag, own in tags.patterns.items():
        if own == pattern:
            return tag
    mine = _class(pattern)
    best: tuple[float, str] | None = None
    for tag, own in tags.patterns.items():
        other = _class(own)
        if mine and other and mine[0] == other[0]:
            score = len(mine[1] & other[1]) / len(mine[1] | other[1])
            if score >= _ALIKE and (best is None or score > best[0]):
                best = (score, tag)
    return best[1] if best else None


_WORD = {r"\p{L}", r"\p{N}", "_"}


def _class(pattern: str) -> tuple[str, frozenset[str]] | None:
    """A pattern that is one repeated character class: what is around it, and what it holds."""
    found = re.fullmatch(r"(\^?)\[((?:[^\]\\]|\\.)+)\]([*+]|\{[\d,]+\})(\$?)", pattern)
    if found is None:
        return None
    parts = set(re.findall(r"\w-\w|\\p\{\w+\}|\\.|.", found[2]))
    if parts >= _WORD:  # what Python's \w means; Go's own \w is ASCII
        parts = (parts - _WORD) | {r"\w"}
    return f"{found[1]}{found[3]}{found[4]}", frozenset(
        p.replace("\\-", "-").replace("\\.", ".") for p in parts
    )


def _unique(field: Field, tags: Tags) -> str | None:
    """A registered tag for unique keys, where its function looks at elements of this type."""
    message = (field.type_name or "").rsplit(".", 1)[-1]
    for tag in sorted(tags.registered):
        if "unique" in tag.lower() and re.search(
            rf"\[\]\*?\w*\.?{message}\b", tags.bodies.get(tag, "")
        ):
            return tag
    return None


def required_text(tags: Tags) -> tuple[str, str]:
    """What `required` is where "" must be refused too: on a pointer it only asks for non-nil."""
    own = tags.known("notEmpty")
    return (own, "required") if own else ("required", "min=1")


def _present(field: Field, tags: Tags, really: bool) -> tuple[str, ...]:
    text = field.kind == "string" and not field.repeated
    return required_text(tags) if text and really else ("required",)


_ORDER = {
    "non_empty": 0, "unique_keys": 1, "min": 2, "max": 3, "max_length": 3, "max_items": 3,
    "truncate": 4, "one_of": 5, "numeric_string": 5, "charset": 6, "path_unique": 7,
}  # fmt: skip
