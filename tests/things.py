"""A made-up checkout and MLflow with tests that reach a made-up endpoint in every known way."""

from __future__ import annotations

from porter.core.endpoint import Catalog, Endpoint, Message, Route
from porter.core.layout import Layout, Service
from porter.core.task import Task
from porter.core.view import Memory

SQL_STORE = """
class SqlAlchemyStore:
    def __init__(self, uri): self.find_things()
    def find_things(self): ...
    def rename_thing(self, id, name): ...
    def rename_all(self, names):
        for name in names: self.rename_thing(name, name)
    def drop_thing(self, id): ...
"""

REST_STORE = """
from mlflow.protos.service_pb2 import RenameThing, DropThing
class RestStore:
    def rename_thing(self, id, name): self._call_endpoint(RenameThing, id, name)
    def drop_thing(self, id): self._call_endpoint(DropThing, id)
"""

CLIENT = """
class InnerClient:
    @property
    def store(self): ...
    def rename_thing(self, id, name): return self.store.rename_thing(id, name)
    def drop_thing(self, id): return self.store.drop_thing(id)

class MlflowClient:
    def change_name(self, id, name): return self._inner_client.rename_thing(id, name)
    def drop_thing(self, id): return self._inner_client.drop_thing(id)
"""

FLUENT = """
from mlflow.tracking.client import MlflowClient
def rename(name): MlflowClient().change_name(0, name)
def start():
    return Active()
class Active:
    def __enter__(self): ...
    def __exit__(self, *a): rename("x")
    def unused(self): MlflowClient().drop_thing(0)
"""

COMMANDS = """
import click
@click.group("things")
def commands(): ...
@commands.command("rename")
def rename_things(id):
    store = _get_store()
    store.rename_thing(id, "x")
"""

HANDLERS = """
class Registry:
    def _sql(cls, uri):
        from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
        return SqlAlchemyStore(uri)
class Other: ...
"""

STORE_TESTS = """
import pytest
from unittest import mock
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from tests.shared import rename_twice

@pytest.fixture
def store(): return SqlAlchemyStore("uri")
@pytest.fixture
def renamed(store): store.rename_thing(1, "x")

def test_by_store(store): store.rename_thing(1, "x")
def test_inside(store):
    def inner(): store.rename_thing(1, "x")
    inner()
def test_by_closure(store): store.rename_all(["x"])
def test_by_fixture(renamed): ...
@pytest.mark.usefixtures("renamed")
def test_by_mark(): ...
def test_by_helper(store): rename_twice(store)
def test_other(store): store.drop_thing(1)
def test_word(store): assert "rename_thing" in dir(store)
class TestMore:
    def _go(self, store): store.rename_thing(1, "x")
    def test_by_method(self, store): self._go(store)
def test_replaced(store): store.rename_thing(1, "x")
"""

REST_TESTS = """
import mlflow, pytest, requests
from mlflow import MlflowClient
from tests.shared import _serve, call

@pytest.fixture
def client():
    with _serve() as url: yield MlflowClient(url)

def test_by_client(client): client.change_name(1, "x")
def test_by_path(client): requests.post(f"{client.url}/api/2.0/mlflow/things/{1}/rename", json={})
def test_by_whole_path(client): call("/api/2.0/mlflow/things/7/rename")
def test_longer_path(client): call("/api/2.0/mlflow/things/7/renamed")
def test_by_fluent(client): mlflow.rename("x")
def test_by_with(client):
    with mlflow.start(): ...
def test_by_command(client, run): run(mlflow.things.commands, ["rename", "--id", "1"])
def test_other_command(client, run): run(mlflow.things.commands, ["drop"])
def test_other_client(client): client.drop_thing(1)
"""

SHARED = """
def rename_twice(store):
    for _ in range(2): rename_once(store)
def rename_once(store): store.rename_thing(1, "x")
def call(path): ...
def _serve(): ...
"""

ELSEWHERE = """
import mlflow
import sklearn.linear_model
from mlflow import MlflowClient
from mlflow.tracking.fluent import rename
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

def test_by_fluent(): mlflow.rename("x")
def test_by_name(): rename("x")
def test_by_client(): MlflowClient().change_name(1, "x")
def test_by_store(tmp_path):
    store = SqlAlchemyStore(tmp_path)
    store.rename_thing(1, "x")
def test_of_a_flavor(): mlflow.sklearn.rename("x")
def test_of_another(frame): frame.rename("x")
"""

MLFLOW = {
    "mlflow/__init__.py": "",
    "mlflow/store/tracking/sqlalchemy_store.py": SQL_STORE,
    "mlflow/store/tracking/rest_store.py": REST_STORE,
    "mlflow/tracking/client.py": CLIENT,
    "mlflow/tracking/fluent.py": FLUENT,
    "mlflow/things.py": COMMANDS,
    "mlflow/server/handlers.py": HANDLERS,
    "tests/shared.py": SHARED,
    "tests/store/test_store.py": STORE_TESTS,
    "tests/rest/test_rest.py": REST_TESTS,
    "tests/elsewhere/test_fluent.py": ELSEWHERE,
    "tests/elsewhere/test_file_store.py": "def test_by_store(store): store.rename_thing(1, 'x')\n",
}

CHECKOUT = {
    "magefiles/tests.go": 'package m\nvar f = []string{\n"mlflow.repo/tests/rest/test_rest.py",\n'
    '"mlflow.repo/tests/store/test_store.py",\n}\n',
    "magefiles/generate/endpoints.go": "package generate\n",
    "conftest.py": "PATCHES = (\n"
    '("tests.shared._serve", "tests/override_server.py"),\n'
    '("tests.store.test_store.test_replaced", "tests/override_store.py"),\n)\n',
    "tests/override_server.py": "from mlflow.server.handlers import Registry\n"
    "def _serve(): Registry().get('uri')\n",
    "tests/override_store.py": "def test_replaced(store): ()\n",
    "pkg/store/things.py": "class _Store:\n"
    "    def rename_thing(self, id, name):\n"
    "        return self.service.call(get_lib().ThingServiceRenameThing, 1)\n"
    "    def __init__(self): super().__init__()\n"
    "    def find_things(self): return self.service.call(get_lib().ThingServiceFindThings, 1)\n",
}


def endpoint(name: str, message: str, method: str, path: str) -> Endpoint:
    request = Message(f"mlflow.{message}", "mlflow", ())
    return Endpoint("ThingService", name, (Route(method, path),), request, request)


RENAME = endpoint("renameThing", "RenameThing", "POST", "/mlflow/things/{id}/rename")
FIND = endpoint("findThings", "FindThings", "GET", "/mlflow/things/find")
LOST = endpoint("loseThing", "LoseThing", "POST", "/mlflow/things/lose")


def task(wanted: Endpoint, *, binding: str | None = "pkg/store/things.py") -> Task:
    service = Service(
        "ThingService", "ThingService", "things", "protos", "pkg/things/service", None, None,
        binding, "_Store", frozenset({wanted.name}),
    )  # fmt: skip
    layout = Layout(
        "standalone", "example.com/x", "", "pkg", "magefiles/generate/endpoints.go", None, None,
        "magefiles/generate", "pkg/protos", "pkg/contract", "pkg/routes", "pkg/lib", None,
        (service,), "mlflow.repo",
    )  # fmt: skip
    tree = Memory({path: text.encode() for path, text in CHECKOUT.items()})
    mlflow = Memory({path: text.encode() for path, text in MLFLOW.items()})
    return Task(wanted, layout, tree, mlflow, Catalog((wanted,), {}, {}))
