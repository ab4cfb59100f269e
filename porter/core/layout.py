"""Where things are in a checkout: discovered by `source.layout`, never assumed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Receiver:
    """A Go method receiver as it stands in the checkout: `ts TrackingService`."""

    name: str
    type: str
    pointer: bool = False

    def __str__(self) -> str:
        return f"{self.name} {'*' if self.pointer else ''}{self.type}"


@dataclass(frozen=True, slots=True)
class Store:
    """The Go store of a service. Paths are folders or files relative to the checkout."""

    interface: str
    """The name of the interface the service holds: `TrackingStore`."""
    interface_dir: str
    """The folder whose Go files declare the interface and those that it embeds."""
    sql_dir: str
    models_dir: str | None
    receiver: Receiver
    field: str
    """The service's field for the store, as it stands: `Store` or `store`."""
    mock: str | None
    """The file that mockery writes, or None where `.mockery.yaml` does not list the interface."""


@dataclass(frozen=True, slots=True)
class Service:
    """One of the proto services and where its Go and Python live."""

    name: str
    """The proto's: `MlflowService`, the key of ServiceInfoMap."""
    go_name: str
    """`TrackingService`: the interface, the receiver's type and the prefix of the FFI exports."""
    stem: str
    """File name of the generated files without extension: `tracking`."""
    protos_package: str
    """Go package of the messages: `protos`, or `artifacts`."""
    dir: str | None
    """The folder of the service methods, or None where the checkout has none."""
    receiver: Receiver | None
    store: Store | None
    binding: str | None
    """The Python file with the mixin over MLflow's SqlAlchemyStore, or None."""
    binding_class: str | None
    enabled: frozenset[str]
    """The names in ImplementedEndpoints, as endpoints.go writes them."""
    registered: bool = True
    """Whether endpoints.go knows the service at all."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A checkout of mlflow-go. All paths are relative to its root, with forward slashes."""

    kind: Literal["standalone", "embedded"]
    """`embedded` is the older layout inside MLflow itself (`mlflow/go/…`)."""
    module: str
    """The Go module path of go.mod, joined with the folder of the Go code where it is embedded."""
    go_root: str
    """The folder that holds `pkg` ("" at the root)."""
    package: str | None
    """The Python package: `mlflow_go`, `mlflow_go_backend`."""
    endpoints: str
    validations: str | None
    validation_tags: str | None
    """The Go file that registers the custom validators."""
    generator_dir: str
    protos_dir: str
    contract_dir: str
    routes_dir: str
    lib_dir: str
    entities_dir: str | None
    services: tuple[Service, ...]
    mlflow_repo: str
    """The folder with MLflow's own sources: `.mlflow.repo`, or "" where embedded."""

    @property
    def registered(self) -> tuple[str, ...]:
        """The proto names of the services that the checkout knows."""
        return tuple(service.name for service in self.services if service.registered)

    def service(self, name: str) -> Service | None:
        """The service of that proto name, or None where this checkout does not know it."""
        return next((service for service in self.services if service.name == name), None)
