"""The layout is found by what stands in the files, wherever they are and whatever their style."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import small

from porter.core.layout import Receiver
from porter.errors import PorterError, SourceError, UsageError
from porter.source.checkout import endpoints
from porter.source.checkout.layout import discover, folder_of, import_path
from porter.source.checkout.stores import interfaces

Files = dict[str, str | bytes | None]


def test_the_small_checkout() -> None:
    layout = discover(small.view())
    assert (layout.kind, layout.module, layout.go_root) == ("standalone", "example.org/garden", "")
    assert layout.package == "garden_go"
    assert layout.endpoints == "magefiles/generate/endpoints.go"
    assert layout.validations == "magefiles/generate/validations.go"
    assert layout.validation_tags == "pkg/validation/validation.go"
    assert (layout.protos_dir, layout.contract_dir) == ("pkg/protos", "pkg/contract")
    assert (layout.routes_dir, layout.lib_dir) == ("pkg/server/routes", "pkg/lib")
    assert (layout.entities_dir, layout.mlflow_repo) == ("pkg/entities", ".mlflow.repo")
    tracking = layout.service("MlflowService")
    assert tracking is not None and tracking.store is not None
    assert (tracking.dir, str(tracking.receiver)) == ("pkg/tracking/service", "ts TrackingService")
    assert tracking.enabled == {"createPlant", "getPlant"}
    assert (tracking.binding, tracking.binding_class) == (
        "garden_go/store/tracking.py", "_TrackingStore",
    )  # fmt: skip
    store = tracking.store
    assert (store.interface, store.field) == ("TrackingStore", "Store")
    assert (store.sql_dir, store.models_dir) == (
        "pkg/tracking/store/sql", "pkg/tracking/store/sql/models",
    )  # fmt: skip
    assert str(store.receiver) == "s TrackingSQLStore"
    assert store.mock == "pkg/tracking/store/mock_tracking_store.go"
    artifacts = layout.service("MlflowArtifactsService")
    assert artifacts is not None
    assert (artifacts.store, artifacts.binding, artifacts.protos_package) == (
        None, None, "artifacts",
    )  # fmt: skip


def test_it_is_found_once_a_view() -> None:
    tree = small.view()
    assert discover(tree) is discover(tree)


def moved(prefix: str) -> Files:
    """The Go code in a folder of its own, as in the older layouts."""
    files: Files = {path: None for path in small.TREE if path.endswith(".go")}
    for path, text in small.TREE.items():
        if path.endswith(".go"):
            place = path.replace("magefiles/generate/", "tools/generate/")
            files[f"{prefix}/{place}"] = text.replace(
                "example.org/garden/pkg", f"example.org/garden/{prefix}/pkg"
            )
    return files


def test_the_layout_inside_mlflow() -> None:
    files = moved("mlflow/go")
    files["mlflow/server/handlers.py"] = "HANDLERS = {}\n"
    layout = discover(small.view(files))
    assert (layout.kind, layout.mlflow_repo) == ("embedded", "")
    assert layout.go_root == "mlflow/go"
    assert layout.module == "example.org/garden/mlflow/go"
    assert layout.endpoints == "mlflow/go/tools/generate/endpoints.go"
    tracking = layout.service("MlflowService")
    assert tracking is not None and tracking.store is not None
    assert tracking.store.sql_dir == "mlflow/go/pkg/tracking/store/sql"


def test_import_paths_and_folders_are_one_another() -> None:
    for files, folder in (({}, "pkg/entities"), (moved("go"), "go/pkg/entities")):
        layout = discover(small.view(files))
        path = import_path(layout, folder)
        assert path.startswith("example.org/garden")
        assert folder_of(layout, path) == folder
        assert folder_of(layout, "gorm.io/gorm") is None


def in_store(text: str) -> Files:
    return {"pkg/tracking/store/sql/plants.go": text}


SQL = small.TREE["pkg/tracking/store/sql/plants.go"]
RECEIVERS = [
    (SQL.replace("(s Tr", "(s *Tr"), Receiver("s", "TrackingSQLStore", pointer=True)),
    (SQL.replace("(s Tr", "(store *Tr", 1), Receiver("store", "TrackingSQLStore", pointer=True)),
    ("package sql\n", Receiver("t", "TrackingSQLStore", pointer=True)),
    (SQL.replace("\n", "\r\n"), Receiver("s", "TrackingSQLStore")),
]


@pytest.mark.parametrize(("text", "receiver"), RECEIVERS)
def test_the_receiver_is_the_one_that_stands(text: str, receiver: Receiver) -> None:
    service = discover(small.view(in_store(text))).service("MlflowService")
    assert service is not None and service.store is not None
    assert service.store.receiver == receiver


def test_one_file_for_a_whole_service_and_its_store() -> None:
    parts = [small.TREE[f"pkg/tracking/service/{name}.go"] for name in ("service", "plants")]
    body = parts[1].split(")\n", 1)[1]
    one = parts[0].replace('import "', 'import (\n\t"context"\n\n\t"', 1)
    one = one.replace('/store"\n', '/store"\n\t"example.org/garden/pkg/protos"\n)\n', 1) + body
    files: Files = {
        "pkg/tracking/service/service.go": one, "pkg/tracking/service/plants.go": None,
    }  # fmt: skip
    service = discover(small.view(files)).service("MlflowService")
    assert service is not None and service.store is not None
    assert str(service.receiver) == "ts TrackingService"


def test_an_interface_over_two_files() -> None:
    text = small.TREE["pkg/tracking/store/store.go"]
    at = text.index("\ntype (")
    files: Files = {
        "pkg/tracking/store/store.go": text[:at],
        "pkg/tracking/store/parts.go": "package store\n" + text[at:],
    }
    tree = small.view(files)
    layout = discover(tree)
    service = layout.service("MlflowService")
    assert service is not None and service.store is not None
    found = [(file.path, i.name) for file, i in interfaces(tree, layout, service.store)]
    assert found == [
        ("pkg/tracking/store/store.go", "TrackingStore"),
        ("pkg/tracking/store/parts.go", "PlantTrackingStore"),
    ]


def test_crlf_everywhere() -> None:
    files: Files = {path: text.replace("\n", "\r\n") for path, text in small.TREE.items()}
    assert discover(small.view(files)) == discover(small.view())


MOCKERY = [
    ("packages:\n  example.org/garden/pkg/tracking/store:\n    interfaces:\n      Other:\n", None),
    ("packages:\n  example.org/garden/pkg/tracking/store:\n    config:\n      all: true\n",
     "pkg/tracking/store/mock_TrackingStore.go"),
    ("[]", None), (None, None),
    ("dir: mocks\nfilename: '{{.InterfaceNameSnake}}_mock.go'\n"
     "packages:\n  example.org/garden/pkg/tracking/store:\n    interfaces: {TrackingStore: {}}\n",
     "mocks/tracking_store_mock.go"),
]  # fmt: skip


@pytest.mark.parametrize(("config", "mock"), MOCKERY)
def test_the_mock_is_where_mockery_is_told_to_write(config: str | None, mock: str | None) -> None:
    service = discover(small.view({".mockery.yaml": config})).service("MlflowService")
    assert service is not None and service.store is not None
    assert service.store.mock == mock


BROKEN: list[tuple[Files, type[PorterError], str]] = [
    ({"magefiles/generate/endpoints.go": None}, UsageError, "not a checkout of mlflow-go"),
    ({"go.mod": None}, UsageError, "there is no go.mod"),
    ({"magefiles/generate/endpoints.go": b"package x\nvar ImplementedEndpoints = {"},
     SourceError, "endpoints.go:2 does not parse"),
    ({"pkg/tracking/store/store.go": "package store\n\ntype TrackingStore interface {\n"},
     SourceError, "store.go:"),
    ({".mockery.yaml": "not: [yaml"}, SourceError, ".mockery.yaml does not parse"),
    ({"garden_go/store/tracking.py": "class _S(:\n    x.CreateTrackingService()\n"},
     SourceError, "tracking.py does not parse"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "kind", "text"), BROKEN)
def test_bad_input_is_one_clear_error(files: Files, kind: type[PorterError], text: str) -> None:
    with pytest.raises(kind) as caught:
        discover(small.view(files))
    assert text in caught.value.message
    assert caught.value.next


def test_a_list_that_is_gone_says_what_was_looked_for() -> None:
    with pytest.raises(SourceError, match="no list ImplementedEndpoints"):
        endpoints.registry(small.view({"e.go": "package x\n"}), "e.go")


@pytest.mark.target
@pytest.mark.skipif("PORTER_TARGET" not in os.environ, reason="PORTER_TARGET names no checkout")
def test_a_real_checkout() -> None:
    from porter.work.checkout import Disk

    layout = discover(Disk(Path(os.environ["PORTER_TARGET"])))
    tracking = layout.service("MlflowService")
    assert tracking is not None and tracking.store is not None
    assert tracking.store.models_dir and tracking.store.mock and tracking.binding
