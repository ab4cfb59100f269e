"""Whether a store method is an endpoint's own, or another's that its handler looks things up by."""

from __future__ import annotations

from porter.core.endpoint import Catalog, Endpoint
from porter.source.mlflow import Index
from porter.source.mlflow.handlers import Handler
from porter.source.mlflow.reststore import senders
from porter.source.scaffold.initialisms import snake


def borrowed(index: Index, catalog: Catalog, endpoint: Endpoint, read: Handler) -> Endpoint | None:
    """The endpoint whose store method the handler calls, or None where it calls its own.

    `listArtifacts` asks the store for the run and then an artifact repository: `get_run` is
    getRun's. A method that the REST store sends this endpoint's request in is its own, whatever
    its name.
    """
    call = read.call
    if call is None or snake(endpoint.name) == call.method:
        return None
    names = {snake(other.name): other for other in catalog.endpoints if other.id != endpoint.id}
    other = names.get(call.method)
    if other is None or call.method in senders(index, endpoint, call.store):
        return None
    return other
