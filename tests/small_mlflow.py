"""The Python side of the small checkout: handlers, stores and models of a made-up garden."""

from __future__ import annotations

MLFLOW: dict[str, str] = {
    "mlflow/__init__.py": "",
    "mlflow/exceptions.py": """\
from mlflow.protos.databricks_pb2 import INTERNAL_ERROR, INVALID_PARAMETER_VALUE


class MlflowException(Exception):
    def __init__(self, message, error_code=INTERNAL_ERROR):
        self.error_code = error_code

    @classmethod
    def invalid_parameter_value(cls, message):
        return cls(message, error_code=INVALID_PARAMETER_VALUE)
""",
    "mlflow/server/handlers.py": """from mlflow.protos.service_pb2 import (
    CreatePlant, GetPlant, ListArtifacts, PruneHedge, SetTag, WaterPlant,
)


def _water_plant():
    request_message = _get_request_message(
        WaterPlant(), schema={"plant_id": [_assert_required, _assert_string]}
    )
    _get_tracking_store().water_plant(request_message.plant_id, request_message.litres)
    return _wrap_response(WaterPlant.Response())


def _create_plant():
    request_message = _get_request_message(CreatePlant(), schema={"name": [_assert_required]})
    plant_id = _get_tracking_store().create_plant(request_message.name)
    response_message = CreatePlant.Response()
    response_message.plant_id = plant_id
    return _wrap_response(response_message)


def _get_plant():
    request_message = _get_request_message(GetPlant(), schema={"plant_id": [_assert_required]})
    plant = _get_tracking_store().get_plant(request_message.plant_id)
    response_message = GetPlant.Response()
    response_message.plant.MergeFrom(plant.to_proto())
    return _wrap_response(response_message)


def _set_tag():
    request_message = _get_request_message(SetTag(), schema={"plant_id": [_assert_required]})
    _get_tracking_store().set_tag(
        request_message.plant_id, request_message.key, request_message.value
    )
    return _wrap_response(SetTag.Response())


def _prune_hedge():
    request_message = _get_request_message(PruneHedge(), schema={"hedge_id": [_assert_required]})
    _get_tracking_store().prune_hedge(request_message.hedge_id)
    return _wrap_response(PruneHedge.Response())


def _list_artifacts():
    request_message = _get_request_message(ListArtifacts(), schema={})
    return _wrap_response(ListArtifacts.Response())


HANDLERS = {
    CreatePlant: _create_plant,
    GetPlant: _get_plant,
    ListArtifacts: _list_artifacts,
    PruneHedge: _prune_hedge,
    SetTag: _set_tag,
    WaterPlant: _water_plant,
}
""",
    "mlflow/store/tracking/sqlalchemy_store.py": """from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_STATE, RESOURCE_DOES_NOT_EXIST
from mlflow.store.tracking.dbmodels.models import SqlHedge, SqlPlant, SqlTag

ALIVE = "alive"
MAX_LITRES = 40


class SqlAlchemyStore:
    def create_plant(self, name):
        with self.ManagedSessionMaker() as session:
            session.add(SqlPlant(name=name))

    def get_plant(self, plant_id):
        with self.ManagedSessionMaker() as session:
            return self._get_plant(session, plant_id).to_mlflow_entity()

    def _get_plant(self, session, plant_id):
        plants = session.query(SqlPlant).filter(SqlPlant.plant_id == plant_id).all()
        if len(plants) == 0:
            raise MlflowException(f"No plant {plant_id} at 100%", RESOURCE_DOES_NOT_EXIST)
        return plants[0]

    def _check_plant_is_alive(self, plant):
        if plant.stage != ALIVE:
            raise MlflowException(
                "The plant {} is {stage}".format(plant.plant_id, stage=plant.stage), INVALID_STATE
            )

    def water_plant(self, plant_id, litres):
        with self.ManagedSessionMaker() as session:
            plant = self._get_plant(session, plant_id)
            self._check_plant_is_alive(plant)
            if litres > MAX_LITRES:
                # TODO: ask the gardener
                raise MlflowException.invalid_parameter_value("Too much water")
            for tag in plant.tags:
                session.query(SqlTag).filter(SqlTag.key == tag.key).delete()
            session.merge(SqlTag(key="watered", value=str(litres), plant_id=plant_id))

    def set_tag(self, plant_id, key, value):
        with self.ManagedSessionMaker() as session:
            self._check_plant_is_alive(self._get_plant(session, plant_id))
            session.merge(SqlTag(key=key, value=value, plant_id=plant_id))

    def prune_hedge(self, hedge_id):
        with self.ManagedSessionMaker() as session:
            session.add(SqlHedge(hedge_id=hedge_id))
""",
    "mlflow/store/tracking/rest_store.py": "class RestStore:\n    pass\n",
    "mlflow/store/tracking/dbmodels/models.py": """from sqlalchemy import (
    BigInteger, Boolean, Column, ForeignKey, Integer, PrimaryKeyConstraint, String,
)
from sqlalchemy.orm import backref, relationship

NAME = 250


class SqlPlant(Base):
    __tablename__ = "plants"
    plant_id = Column(String(32), primary_key=True)
    name = Column(String(NAME), nullable=False)
    stage = Column(String(20), default="alive")

    def to_mlflow_entity(self):
        return Plant(self.plant_id, [tag.to_mlflow_entity() for tag in self.tags])


class SqlTag(Base):
    __tablename__ = "tags"
    __table_args__ = (PrimaryKeyConstraint("key", "plant_id", name="tag_pk"),)
    key = Column(String(250))
    value = Column(String(5000), nullable=True)
    plant_id = Column(String(32), ForeignKey("plants.plant_id"))
    plant = relationship("SqlPlant", backref=backref("tags", cascade="all"))


class SqlHedge(Base):
    __tablename__ = "hedge"
    hedge_uuid = Column(String(32), primary_key=True)
    height = Column(Integer, nullable=False)
    grown = Column(BigInteger, nullable=True, default=None)
    trimmed = Column(Boolean, default=False)
""",
}
