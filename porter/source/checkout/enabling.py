"""`endpoints.go`, edited: an endpoint's line put into force, or inserted in the proto's order."""

from __future__ import annotations

from collections.abc import Sequence

from porter.core.edits import Edit
from porter.core.endpoint import Endpoint
from porter.errors import SourceError
from porter.source.checkout.endpoints import Listed, listed, named
from porter.source.golang import Comment, Entry, GoFile, goedit


def enable(file: GoFile, endpoint: Endpoint, order: Sequence[str]) -> list[Edit]:
    """Edits that name the endpoint under its service; none where it is named already.

    A commented line of that name is put into force. Else the line is inserted where `order` (the
    service's names as the proto has them) wants it, commented lines counting as places.
    Raises SourceError where the file does not know the service.
    """
    place = next((entry for entry in listed(file) if entry.service == endpoint.service), None)
    if place is None:
        raise SourceError(
            f"{file.where} lists no {endpoint.service}",
            next=f"add {endpoint.service} to the services of {file.where} by hand",
        )
    if endpoint.name in place.names:
        return []
    wanted = place.prefix + endpoint.name
    for comment in place.literal.comments:
        if named(comment) == wanted:
            return goedit.uncomment(file, comment)
    value = ": nil" if any(entry.key for entry in place.literal.entries) else ""
    anchor = _anchor(place, endpoint.name, order)
    return goedit.add_element(file, place.literal, goedit.quoted(wanted) + value, after=anchor)


def _anchor(place: Listed, name: str, order: Sequence[str]) -> Entry | Comment | None:
    """The last item in front of which the proto has nothing that comes after `name`."""
    rank = {other: at for at, other in enumerate(order)}
    if name not in rank:
        return None
    before: Entry | Comment | None = None
    items: list[Entry | Comment] = [*place.literal.entries, *place.literal.comments]
    for item in sorted(items, key=lambda found: found.span.start):
        text = (item.key or item.value) if isinstance(item, Entry) else named(item)
        there = rank.get(text.removeprefix(place.prefix), len(rank))
        if there < rank[name]:
            before = item
    return before
