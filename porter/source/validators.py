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

BAKED_IN = frozenset(
    [
        "required",
        "required_if",
        "required_unless",
        "required_with",
        "required_with_all",
        "required_without",
        "required_without_all",
        "excluded_if",
        "excluded_unless",
        "excluded_with",
        "excluded_with_all",
        "excluded_without",
        "excluded_without_all",
        "skip_unless",
        "isdefault",
        "omitempty",
        "omitnil",
        "omitzero",
        "structonly",
        "nostructlevel",
        "dive",
        "keys",
        "endkeys",
        "len",
        "min",
        "max",
        "eq",
        "eq_ignore_case",
        "ne",
        "ne_ignore_case",
        "lt",
        "lte",
        "gt",
        "gte",
        "eqfield",
        "eqcsfield",
        "necsfield",
        "gtcsfield",
        "gtecsfield",
        "ltcsfield",
        "ltecsfield",
        "nefield",
        "gtefield",
        "gtfield",
        "ltefield",
        "ltfield",
        "fieldcontains",
        "fieldexcludes",
        "alpha",
        "alphanum",
        "alphaunicode",
        "alphanumunicode",
        "boolean",
        "numeric",
        "number",
        "hexadecimal",
        "hexcolor",
        "rgb",
        "rgba",
        "hsl",
        "hsla",
        "e164",
        "email",
        "url",
        "http_url",
        "uri",
        "urn_rfc2141",
        "file",
        "filepath",
        "image",
        "base32",
        "base64",
        "base64url",
        "base64rawurl",
        "contains",
        "containsany",
        "containsrune",
        "excludes",
        "excludesall",
        "excludesrune",
        "startswith",
        "endswith",
        "startsnotwith",
        "endsnotwith",
        "isbn",
        "isbn10",
        "isbn13",
        "issn",
        "eth_addr",
        "btc_addr",
        "uuid",
        "uuid3",
        "uuid4",
        "uuid5",
        "ulid",
        "ascii",
        "printascii",
        "multibyte",
        "datauri",
        "latitude",
        "longitude",
        "ssn",
        "ipv4",
        "ipv6",
        "ip",
        "cidrv4",
        "cidrv6",
        "cidr",
        "tcp_addr",
        "udp_addr",
        "ip_addr",
        "unix_addr",
        "mac",
        "hostname",
        "hostname_rfc1123",
        "fqdn",
        "unique",
        "oneof",
        "oneofci",
        "html",
        "html_encoded",
        "url_encoded",
        "dir",
        "dirpath",
        "json",
        "jwt",
        "hostname_port",
        "port",
        "lowercase",
        "uppercase",
        "datetime",
        "timezone",
        "iso3166_1_alpha2",
        "iso4217",
        "bcp47_language_tag",
        "bic",
        "semver",
        "dns_rfc1035_label",
        "credit_card",
        "luhn_checksum",
        "mongodb",
        "cron",
        "cve",
    ]
)
"""The names of the validators and aliases of go-playground/validator v10 (its README)."""

_REGISTER = "RegisterValidation"


@dataclass(frozen=True)
class Tags:
    """The tags of a checkout: `registered` are its own, `patterns` those that test a regex."""

    registered: frozenset[str] = frozenset()
    patterns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    bodies: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The Go source of the function behind a tag, where it stands in the same file."""

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
    for call in (c for f in file.functions if f.body for c in file.calls(f.body)):
        if call.callee.endswith(f".{_REGISTER}") and len(call.args) > 1:
            found[call.args[0].strip('"`')] = call.args[1]
    regexes = {v.name: _pattern(v.text) for v in file.values if "regexp" in v.text}
    patterns, bodies = {}, {}
    for tag, function in found.items():
        own = file.function(function)
        bodies[tag] = file.text(own.span) if own is not None else function
        used = [r for name, r in regexes.items() if re.search(rf"\b{name}\b", bodies[tag])]
        if len(used) == 1:
            patterns[tag] = used[0]
    return Tags(frozenset(found), MappingProxyType(patterns), MappingProxyType(bodies))


def _pattern(text: str) -> str:
    found = re.search(r"`([^`]*)`|\"((?:[^\"\\]|\\.)*)\"", text)
    return (found[1] or found[2] or "") if found else ""


def unknown(rule: str, allowed: Tags) -> tuple[str, ...]:
    """The tags of a rule that nobody registers; `max:5` is one tag with a colon in its name."""
    parts = (part.split("=", 1)[0] for one in rule.split(",") for part in one.split("|"))
    return tuple(part for part in parts if part not in allowed.all)
