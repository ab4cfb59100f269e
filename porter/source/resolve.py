"""An endpoint out of any spelling of it: rpc, Go method, Python handler, dashes, or route."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from porter.core.endpoint import Catalog, Endpoint, Message
from porter.core.layout import Layout
from porter.errors import UsageError
from porter.source.protos import spelled

_ROUTE = re.compile(r"(?:(?P<method>[A-Za-z]+)\s+)?(?P<path>(?(method)|/)\S*)")
_PREFIX = re.compile(r"^/(?:ajax-)?api/\d+\.\d+(?=/)")
_VARIABLE = re.compile(r"\{[^}]*\}|<[^>]*>|:\w+")


def resolve(text: str, catalog: Catalog, layout: Layout) -> Endpoint:
    """The endpoint that `text` means, among the services that this checkout knows.

    `deleteTag`, `DeleteTag`, `delete_tag`, `delete-tag`, `MlflowService/deleteTag` and
    `POST /mlflow/runs/delete-tag` (with or without `/api/2.0`) are all the same. Raises UsageError
    where nothing fits, naming the nearest, or where several do, naming them.
    """
    wanted = text.strip()
    known = {service.name for service in layout.services}
    fits = _fitting(wanted, catalog, {spelled(s.go_name): s.name for s in layout.services})
    here = [endpoint for endpoint in fits if endpoint.service in known]
    if fits and not here:
        services = ", ".join(sorted({endpoint.service for endpoint in fits}))
        raise UsageError(
            f"{wanted} belongs to {services}, which {layout.endpoints} does not list",
            next=f"choose an endpoint of {', '.join(sorted(known))}: porter status",
        )
    return _only(wanted, here, [e for e in catalog.endpoints if e.service in known])


def resolve_served(text: str, served: tuple[Endpoint, ...]) -> Endpoint:
    """The endpoint that `text` means among those that an MLflow serves, without a checkout.

    Raises UsageError as `resolve` does.
    """
    wanted = text.strip()
    return _only(wanted, _fitting(wanted, Catalog(served, {}, {}), {}), list(served))


def resolve_field(path: str, endpoint: Endpoint, catalog: Catalog) -> str:
    """The dotted proto path itself (`params.key`), where the request has such a field.

    Raises UsageError where it has none, naming the fields that stand at that place.
    """
    message: Message | None = endpoint.request
    for part in path.split("."):
        field = message.field(part) if message else None
        if field is None:
            owner = message.name if message else f"a field of {endpoint.request.name}"
            names = [one.name for one in message.fields] if message else []
            raise UsageError(
                f"{owner} has no field {part or 'without a name'}",
                next=f"--explain one of {', '.join(names)}" if names else "name a field above it",
            )
        message = catalog.message_of(field)
    return path


def _fitting(wanted: str, catalog: Catalog, go_names: Mapping[str, str]) -> list[Endpoint]:
    """All endpoints of that name or route; `go_names` are the services' other names."""
    if _ROUTE.fullmatch(wanted):
        return _by_route(wanted, catalog)
    return _by_name(wanted, catalog, go_names)


def _only(wanted: str, here: list[Endpoint], known: list[Endpoint]) -> Endpoint:
    if len(here) == 1:
        return here[0]
    if here:
        listed = ", ".join(_described(endpoint) for endpoint in here)
        raise UsageError(
            f"{wanted} means more than one endpoint: {listed}",
            next=f"name one of them: {' or '.join(endpoint.id for endpoint in here)}",
        )
    raise _unknown(wanted, known)


def _by_name(wanted: str, catalog: Catalog, go_names: Mapping[str, str]) -> list[Endpoint]:
    service, slash, name = wanted.rpartition("/")
    if not slash:
        service, _, name = wanted.rpartition(".")
    found = [e for e in catalog.endpoints if spelled(e.name) == spelled(name) and spelled(name)]
    if not service:
        return found
    meant = spelled(go_names.get(spelled(service), service))
    return [e for e in found if spelled(e.service) == meant]


def _by_route(wanted: str, catalog: Catalog) -> list[Endpoint]:
    found = _ROUTE.fullmatch(wanted)
    assert found is not None
    method, path = found["method"], _plain(found["path"])
    return [
        endpoint
        for endpoint in catalog.endpoints
        if any(
            _plain(route.path) == path and (not method or route.method == method.upper())
            for route in endpoint.routes
        )
    ]


def _plain(path: str) -> str:
    """A path without its `/api/2.0` and with its variables unnamed."""
    bare = _PREFIX.sub("", path.partition("?")[0]).rstrip("/")
    return "/" + _VARIABLE.sub("{}", bare).lstrip("/")


def _unknown(wanted: str, endpoints: list[Endpoint]) -> UsageError:
    route = _ROUTE.fullmatch(wanted)
    if route:
        spellings = {_plain(r.path): str(r) for e in endpoints for r in e.routes}
    else:
        spellings = {spelled(e.name): e.name for e in endpoints}
    text = _plain(route["path"]) if route else spelled(wanted.rpartition("/")[2])
    near = difflib.get_close_matches(text, spellings, n=3, cutoff=0.6)
    names = ", ".join(dict.fromkeys(spellings[found] for found in near))
    hint = f"did you mean {names}?" if names else "no name comes near it"
    return UsageError(
        f"there is no endpoint {wanted or 'without a name'}; {hint}",
        next="list all endpoints: porter status",
    )


def _described(endpoint: Endpoint) -> str:
    return f"{endpoint.id} ({endpoint.routes[0]})"
