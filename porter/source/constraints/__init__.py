"""What Python demands of a request: an abstract interpreter over MLflow's handlers and stores.

It starts at an rpc's handler with the request's fields as symbols, follows them through the schema,
the body, the store and whatever they call, keeps the conditions on the path, and reads a constraint
off every exception that leaves the handler. Nothing of the target is run. What it does not
understand it says in notes; it never raises for code that it cannot read.
"""

from porter.source.constraints.run import Refusal, handlers, infer_constraints, refusals, served

__all__ = ["Refusal", "handlers", "infer_constraints", "refusals", "served"]
