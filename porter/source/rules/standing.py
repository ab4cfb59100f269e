"""The rules that stand in validations.go: keys, rules, where, and what each key names."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from porter.core.edits import Edit, apply
from porter.core.endpoint import Catalog, Field, Message
from porter.core.view import View
from porter.errors import SourceError
from porter.source.golang import Entry, GoFile, Literal, Span, goedit, parse, parse_bytes

_STRING = r'"(?:[^"\\]|\\.)*"|`[^`]*`'


@dataclass(frozen=True)
class Standing:
    """The map of rules in its file."""

    file: GoFile
    literal: Literal

    @property
    def rules(self) -> Mapping[str, str]:
        """The rules by key, less those that are not written as a string."""
        return {e.key: e.value for e in self.literal.entries if e.key and self._written(e)}

    @property
    def unread(self) -> Mapping[str, str]:
        """The expressions by key in the place of rules: what they come to is not known here."""
        entries = (e for e in self.literal.entries if e.key and not self._written(e))
        return {e.key: self.file.text(self.value_of(e)) for e in entries if e.key}

    def value_of(self, entry: Entry) -> Span:
        """Where the value of an entry stands."""
        head = re.match(rf"(?:{_STRING}|[^:]+)\s*:\s*", self.file.text(entry.span))
        assert head is not None, f"line {entry.line} is no key and value"
        return Span(entry.span.start + len(head[0].encode()), entry.span.end)

    def _written(self, entry: Entry) -> bool:
        return re.fullmatch(_STRING, self.file.text(self.value_of(entry)), re.DOTALL) is not None

    def entry(self, key: str) -> Entry | None:
        """The entry of a key, or None."""
        return self.literal.entry(key)


def standing(tree: View, path: str) -> Standing:
    """The rules of the file at `path`.

    Raises SourceError where it does not parse or holds no map of strings to strings.
    """
    return _standing(parse(tree, path))


def again(found: Standing, source: bytes) -> Standing:
    """The rules of the same file with other content."""
    return _standing(parse_bytes(source, found.file.path, found.file.where))


@functools.lru_cache(maxsize=64)
def _standing(file: GoFile) -> Standing:
    literal = _map(file)
    if literal is None:
        raise SourceError(
            f"no map[string]string of rules in {file.where}",
            next=f"add the rule to {file.where} by hand",
        )
    return Standing(file, literal)


def _map(file: GoFile) -> Literal | None:
    found = [
        v.literal for v in file.values if v.literal is not None and "map[string]string" in v.text
    ]
    return found[0] if len(found) == 1 else next((x for x in found if x.entries), None)


def with_rules(found: Standing, rules: Sequence[tuple[str, str]]) -> bytes:
    """The file with each key at its rule: changed where it stands, else behind its family."""
    source = found.file.source
    for key, rule in rules:
        file = parse_bytes(source, found.file.path, found.file.where)
        source = apply(source, _edits(_standing(file), key, rule))
    return source


def renamed(found: Standing, keys: Sequence[tuple[str, str]]) -> bytes:
    """The file with other keys for the same rules, each in its place."""
    source = found.file.source
    for old, new in keys:
        file = parse_bytes(source, found.file.path, found.file.where)
        entry = _standing(file).entry(old)
        if entry is not None:
            span = Span(entry.span.start, entry.span.start + len(goedit.quoted(old).encode()))
            source = apply(source, goedit.replace(file, span, goedit.quoted(new)))
    return source


def without(found: Standing, keys: Sequence[str]) -> bytes:
    """The file without these keys."""
    source = found.file.source
    for key in keys:
        file = parse_bytes(source, found.file.path, found.file.where)
        here = _standing(file)
        entry = here.entry(key)
        if entry is not None:
            source = apply(source, goedit.remove_entry(file, here.literal, entry))
    return source


def _edits(found: Standing, key: str, rule: str) -> list[Edit]:
    entry = found.entry(key)
    value = goedit.quoted(rule)
    if entry is not None:
        return goedit.replace(found.file, found.value_of(entry), value)
    prefix = key.rsplit("_", 1)[0] + "_"
    family = [e for e in found.literal.entries if e.key is not None and e.key.startswith(prefix)]
    after = family[-1] if family else None
    return goedit.add_entry(found.file, found.literal, key, value, after=after)


def key_of(message: Message, field: Field) -> str:
    """The key of a field's rule: the Go names of message and field, as the generator forms it."""
    return f"{message.go_name}_{field.go_name}"


def keys_of(message: Message, catalog: Catalog, above: tuple[str, ...] = ()) -> Iterator[str]:
    """The keys of a message's fields and of the messages in it, each message once on its way."""
    if message.full_name in above:
        return
    for field in message.fields:
        yield key_of(message, field)
        inner = catalog.message_of(field)
        if inner is not None:
            yield from keys_of(inner, catalog, (*above, message.full_name))


def named(catalog: Catalog) -> Mapping[str, tuple[Message, Field]]:
    """Every key that names a field of a message."""
    return {key_of(m, f): (m, f) for m in catalog.messages.values() for f in m.fields}
