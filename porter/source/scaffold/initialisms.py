"""Go names out of proto and Python names, as people write them in the target.

protoc-gen-go writes `RunId`, people write `runID`: golangci-lint's stylecheck asks for initialisms.
"""

from __future__ import annotations

import re

_WHOLE = {"id": "ID", "uri": "URI", "url": "URL", "ms": "MS", "ids": "IDs", "uris": "URIs"}
_KEYWORDS = (
    "break case chan const continue default defer else fallthrough for func go goto if import "
    "interface map package range return select struct switch type var ctx err input"
)
_RESERVED = frozenset(_KEYWORDS.split())


def words_of(name: str) -> list[str]:
    """The lower-case words of a snake or camel case name (`getRunURI` → get, run, uri)."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return [word.lower() for word in spaced.split("_") if word]


def exported(name: str) -> str:
    """A Go name with a capital: `run_id` → `RunID`, `getDownloadUri` → `GetDownloadURI`."""
    return "".join(_WHOLE.get(word, word.capitalize()) for word in words_of(name))


def local(name: str) -> str:
    """A Go variable's name: `run_id` → `runID`; keywords and the usual names get an underscore."""
    first, *rest = words_of(name) or [name]
    text = first + "".join(_WHOLE.get(word, word.capitalize()) for word in rest)
    return f"{text}Value" if text in _RESERVED else text


def snake(name: str) -> str:
    """The Python spelling of a name."""
    return "_".join(words_of(name))
