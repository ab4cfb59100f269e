"""From constraints to go-playground rules, in the house style and as Python enforces them.

House style is what people write in validations.go: `required` alone on a string, `stringAsInteger`
for versions without `required`, `omitempty` on optional values, `dive` where a repeated field has
nested rules. The tags are those of the checkout; what no tag expresses becomes a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from porter.core.constraint import Constraint, Inference, InferenceNote, Rule
from porter.core.endpoint import Catalog, Endpoint, Field, Message
from porter.source.rules.ruletags import ENFORCED, Written, written
from porter.source.rules.standing import key_of
from porter.source.rules.validators import Tags

UNREACHED = "P307"
"""The note of a check that Python writes and that no request reaches."""
SUBSTITUTE = "P308"
"""The note of a field in whose place Python takes another one."""
NO_TAG, BY_TYPE, SOMETIMES = "P311", "P312", "P313"


@dataclass(frozen=True)
class Place:
    """A field of a request, however deep: its message, its field, and the repeated fields above."""

    message: Message
    field: Field
    above: tuple[tuple[Message, Field], ...] = ()

    @property
    def key(self) -> str:
        """The key of its rule."""
        return key_of(self.message, self.field)

    @property
    def map(self) -> Field | None:
        """The map whose key or value it is: Go has no struct for the entries of a map."""
        return self.above[-1][1] if self.above and self.above[-1][1].kind == "map" else None


_Entries = dict[str, tuple[Written, list[Constraint]]]
"""What is demanded of a map's `key` and `value`."""


@dataclass(frozen=True)
class Proposal:
    """The rules of a request and what is to be said beside them."""

    rules: tuple[Rule, ...]
    notes: tuple[InferenceNote, ...]
    untold: tuple[Constraint, ...] = ()
    """The constraints that no tag says."""
    sometimes: tuple[Rule, ...] = ()
    """What a key's rule would be with the checks that hold only under another field's value."""


def propose(inference: Inference, endpoint: Endpoint, catalog: Catalog, tags: Tags) -> Proposal:
    """The rules that the constraints of an endpoint come to, one per key, parents first."""
    fields: dict[str, list[Constraint]] = {}
    for one in inference.constraints:
        fields.setdefault(one.field, []).append(one)
        if one.kind == "map_keys":
            fields.setdefault(f"{one.field}.key", []).append(replace(one, kind="required"))
    # Of the request's own fields the handler's schema says which must be there; it knows no others.
    meant = {n.field: n for n in inference.notes if n.code == UNREACHED and "." in n.field}
    for name in meant:
        fields.setdefault(name, [])
    rules: dict[str, Rule] = {}
    notes: list[InferenceNote] = []
    untold: list[Constraint] = []
    sometimes: list[Rule] = []
    entries: dict[str, _Entries] = {}
    for name, constraints in fields.items():
        place = place_of(endpoint.request, name, catalog)
        if place is None:
            continue
        made = written(place.field, constraints, meant.get(name), tags)
        notes += _notes(name, made)
        untold += made.unwritten
        if made.sometimes and place.map is None:
            sometimes.append(_sometimes(place, name, made.sometimes))
        if made.house and place.map is not None:
            entries.setdefault(name.rsplit(".", 1)[0], {})[place.field.name] = (made, constraints)
        elif made.house:
            rule = _rule(place, name, constraints, made, meant.get(name))
            rules[rule.key] = _joined(rules.get(rule.key), rule)
    alone = {rule.key: rule for rule in sometimes if rule.key not in rules}
    rules |= alone
    for name, parts in entries.items():
        place = place_of(endpoint.request, name, catalog)
        if place is not None:
            rules[place.key] = _of_map(rules.get(place.key), place, name, parts)
    for rule in tuple(rules.values()):
        place = place_of(endpoint.request, rule.field, catalog)
        for message, field in place.above if place else ():
            key, name = key_of(message, field), _path(endpoint.request, rule.field, field)
            rules[key] = _dived(rules.get(key), key, name, rule)
    more = tuple(rule for rule in sometimes if rule.key not in alone)
    ordered = sorted(rules.values(), key=lambda r: _order(endpoint, r))
    return Proposal(tuple(ordered), tuple(notes), tuple(untold), more)


def place_of(request: Message, path: str, catalog: Catalog) -> Place | None:
    """Where a dotted path leads, or None where the messages have no such field."""
    message = request
    above: list[tuple[Message, Field]] = []
    parts = path.split(".")
    for number, part in enumerate(parts):
        field = message.field(part)
        if field is None:
            return None
        if number == len(parts) - 1:
            return Place(message, field, tuple(above))
        if field.repeated:
            above.append((message, field))
        inner = catalog.message_of(field)
        if inner is None:
            return None
        message = inner
    return None


def tokens(rule: str) -> tuple[str, ...]:
    """The tags of a rule with their parameters."""
    return tuple(part for part in rule.split(",") if part)


def with_dive(rule: str) -> str:
    """A rule that looks into the elements of its field."""
    return rule if "dive" in tokens(rule) else ",".join((*tokens(rule), "dive"))


def _rule(
    place: Place,
    name: str,
    constraints: list[Constraint],
    made: Written,
    meant: InferenceNote | None,
) -> Rule:
    used = tuple(c for c in constraints if c in made.used)
    # That a field must be there can also stand in the proto, where Python only refuses None.
    by_proto = made.meant and place.field.must
    certain = all(c.certain and not c.conditional for c in used) and bool(used or by_proto)
    certain = certain and (by_proto or not made.meant)
    if meant is not None and not used:
        used = (Constraint(name, "required", None, False, False, meant.evidence),)
    strict = made.strict if made.strict != made.house else None
    return Rule(place.key, made.house, certain, strict, name, used)


def _sometimes(place: Place, name: str, more: Written) -> Rule:
    """A rule that nobody is sure of: a tag holds whatever the other fields say."""
    strict = more.strict if more.strict != more.house else None
    return Rule(place.key, more.house, False, strict, name, more.used)


def _joined(first: Rule | None, second: Rule) -> Rule:
    """Two rules for one key (a message used twice in a request): the tags of both."""
    if first is None or first.rule == second.rule:
        return second if first is None else first
    rule = ",".join(dict.fromkeys((*tokens(first.rule), *tokens(second.rule))))
    return Rule(second.key, rule, first.certain and second.certain, None, first.field,
                (*first.constraints, *second.constraints))  # fmt: skip


def _of_map(first: Rule | None, place: Place, name: str, parts: _Entries) -> Rule:
    """A map's rule, with what its keys and values must be behind `dive`."""
    rule, used = list(tokens(first.rule)) if first else [], first.constraints if first else ()
    rule.append("dive")
    if "key" in parts:
        rule += ["keys", *_each(parts["key"][0].house), "endkeys"]
    if "value" in parts:
        rule += _each(parts["value"][0].house)
    more = tuple(c for made, found in parts.values() for c in found if c in made.used)
    certain = all(c.certain and not c.conditional for c in (*used, *more))
    return Rule(place.key, ",".join(rule), certain, None, name, (*used, *more))


def _each(rule: str) -> tuple[str, ...]:
    """Tags of a key or value, which is there and no pointer."""
    return tuple(t for t in tokens(rule) if t != "omitempty")


def _dived(rule: Rule | None, key: str, name: str, nested: Rule) -> Rule:
    if rule is None or (rule.rule == "dive" and nested.certain and not rule.certain):
        return Rule(key, "dive", nested.certain, None, name, nested.constraints[:1])
    strict = with_dive(rule.strict) if rule.strict else None
    return Rule(key, with_dive(rule.rule), rule.certain, strict, rule.field, rule.constraints)


def _notes(name: str, made: Written) -> Iterable[InferenceNote]:
    for one in made.unwritten:
        text = one.evidence[-1].text if one.evidence else ""
        value = "" if one.value is None else f" {one.value}"
        what = "this" if one.kind == "other" else f"{one.kind}{value}"
        yield InferenceNote(name, NO_TAG, f"no tag says {what}: {text}", one.evidence)
    for one in made.sometimes.used if made.sometimes else ():
        text = one.evidence[-1].text if one.evidence else ""
        value = "" if one.value is None else f" {one.value}"
        yield InferenceNote(
            name, SOMETIMES, f"{one.kind}{value} holds only sometimes: {text}", one.evidence
        )
    kinds = sorted({c.kind for c in made.used if c.kind in ENFORCED})
    if kinds:
        yield InferenceNote(name, BY_TYPE, f"the proto type enforces {', '.join(kinds)}")


def _path(request: Message, name: str, field: Field) -> str:
    parts = name.split(".")
    return ".".join(parts[: parts.index(field.name) + 1]) if field.name in parts else name


def _order(endpoint: Endpoint, rule: Rule) -> tuple[int, int, str]:
    order: Mapping[str, int] = {f.name: n for n, f in enumerate(endpoint.request.fields)}
    parts = rule.field.split(".")
    return order.get(parts[0], 999), len(parts), rule.field
