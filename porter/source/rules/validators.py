"""The tags a rule may be made of: go-playground's own and those that the checkout registers.

A registered tag that tests a regular expression is known with its pattern, so that a check of
Python's is matched by what it tests and not by its name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from porter.core.view import View
from porter.source.golang import GoFile, parse
from porter.source.rules.registration import named, registering, tables

BAKED_IN = frozenset({
    "alpha", "alphanum", "alphanumunicode", "alphaunicode", "ascii", "base32", "base64",
    "base64rawurl", "base64url", "bcp47_language_tag", "bic", "boolean", "btc_addr", "cidr",
    "cidrv4", "cidrv6", "contains", "containsany", "containsrune", "credit_card", "cron", "cve",
    "datauri", "datetime", "dir", "dirpath", "dive", "dns_rfc1035_label", "e164", "email",
    "endkeys", "endsnotwith", "endswith", "eq", "eq_ignore_case", "eqcsfield", "eqfield",
    "eth_addr", "excluded_if", "excluded_unless", "excluded_with", "excluded_with_all",
    "excluded_without", "excluded_without_all", "excludes", "excludesall", "excludesrune",
    "fieldcontains", "fieldexcludes", "file", "filepath", "fqdn", "gt", "gtcsfield", "gte",
    "gtecsfield", "gtefield", "gtfield", "hexadecimal", "hexcolor", "hostname", "hostname_port",
    "hostname_rfc1123", "hsl", "hsla", "html", "html_encoded", "http_url", "image", "ip",
    "ip_addr", "ipv4", "ipv6", "isbn", "isbn10", "isbn13", "isdefault", "iso3166_1_alpha2",
    "iso4217", "issn", "json", "jwt", "keys", "latitude", "len", "longitude", "lowercase", "lt",
    "ltcsfield", "lte", "ltecsfield", "ltefield", "ltfield", "luhn_checksum", "mac", "max", "min",
    "mongodb", "multibyte", "ne", "ne_ignore_case", "necsfield", "nefield", "nostructlevel",
    "number", "numeric", "omitempty", "omitnil", "omitzero", "oneof", "oneofci", "port",
    "printascii", "required", "required_if", "required_unless", "required_with",
    "required_with_all", "required_without", "required_without_all", "rgb", "rgba", "semver",
    "skip_unless", "ssn", "startsnotwith", "startswith", "structonly", "tcp_addr", "timezone",
    "udp_addr", "ulid", "unique", "unix_addr", "uppercase", "uri", "url", "url_encoded",
    "urn_rfc2141", "uuid", "uuid3", "uuid4", "uuid5",
})  # fmt: skip
"""The names of the validators and aliases of go-playground/validator v10 (its README)."""
_REFUSES = re.compile(r"\{(?:\s|//.*)*return false\s*\}")


@dataclass(frozen=True)
class Tags:
    """The tags of a checkout: `registered` are its own, `patterns` those that test a regex."""

    registered: frozenset[str] = frozenset()
    patterns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    bodies: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The Go source of the function behind a tag, where it stands in the same file."""
    unwritten: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """The tags whose function refuses every value, with its line: a scaffold left as it came."""

    @property
    def all(self) -> frozenset[str]:
        """Every tag that may be written."""
        return self.registered | BAKED_IN

    def known(self, *names: str) -> str | None:
        """The first of these names that the checkout registers, or None."""
        return next((name for name in names if name in self.registered), None)


def tags(tree: View, path: str | None) -> Tags:
    """The tags of the Go file that registers the checkout's validators; none where there is none.

    Raises SourceError where the file does not parse.
    """
    return _tags(parse(tree, path)) if path is not None and tree.read(path) is not None else Tags()


@functools.lru_cache(maxsize=64)
def _tags(file: GoFile) -> Tags:
    found: dict[str, str] = {}
    for call in (c for f in file.functions for c in registering(file, f)):
        if named(call):
            found[call.args[0].strip('"`')] = call.args[1]
        else:  # a loop over a table of names and functions
            found |= {e.key: e.value for one in tables(file) for e in one.entries if e.key}
    regexes = {v.name: _pattern(v.text) for v in file.values if "regexp" in v.text}
    patterns, bodies, unwritten = dict[str, str](), dict[str, str](), dict[str, int]()
    for tag, function in found.items():
        own = file.function(function)
        bodies[tag] = file.text(own.span) if own is not None else function
        if own is not None and own.body and _REFUSES.fullmatch(file.text(own.body)):
            unwritten[tag] = own.line
        used = [r for name, r in regexes.items() if re.search(rf"\b{name}\b", bodies[tag])]
        if len(used) == 1:
            patterns[tag] = used[0]
    return Tags(
        frozenset(found), MappingProxyType(patterns), MappingProxyType(bodies),
        MappingProxyType(unwritten),
    )  # fmt: skip


def _pattern(text: str) -> str:
    found = re.search(r"`([^`]*)`|\"((?:[^\"\\]|\\.)*)\"", text)
    return (found[1] or found[2] or "") if found else ""
