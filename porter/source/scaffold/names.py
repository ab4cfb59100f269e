"""What a store method is called in Go."""

from __future__ import annotations

from porter.core.endpoint import Endpoint
from porter.source.mlflow.handlers import StoreCall
from porter.source.scaffold.initialisms import exported, words_of


def method_name(endpoint: Endpoint, call: StoreCall) -> str:
    """The endpoint's name with a capital and initialisms.

    Where the Python store does something of another name to the same noun (`updateExperiment`
    calls `rename_experiment`), people take that name.
    """
    _, *noun = words_of(endpoint.name)
    verb, *other = words_of(call.method)
    if noun == other and verb != words_of(endpoint.name)[0]:
        return exported(call.method)
    return exported(endpoint.name)
