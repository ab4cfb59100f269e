"""The tracking store: what has no method here is answered by MLflow's own store."""

from mlflow.entities import (
    Experiment,
    Run,
)
from mlflow.protos.service_pb2 import (
    CreateExperiment,
    CreateRun,
    GetExperiment,
    GetRun,
    SetTag,
)
from mlflow.utils.uri import resolve_uri_if_local

from mlflow_go_backend.lib import get_lib
from mlflow_go_backend.store._service_proxy import _ServiceProxy


class _TrackingStore:
    def __init__(self, db_uri, default_artifact_root):
        # MLflow's constructor already calls methods that may be ported, so Go comes first.
        self.service = _ServiceProxy(
            get_lib().CreateTrackingService,
            get_lib().DestroyTrackingService,
            default_artifact_root=resolve_uri_if_local(default_artifact_root),
            tracking_store_uri=db_uri,
        )
        super().__init__(db_uri, default_artifact_root)

    def create_experiment(self, name, artifact_location=None, tags=None):
        request = CreateExperiment(
            name=name,
            artifact_location=artifact_location,
            tags=[tag.to_proto() for tag in tags] if tags else [],
        )
        response = self.service.call_endpoint(get_lib().TrackingServiceCreateExperiment, request)
        return response.experiment_id

    def get_experiment(self, experiment_id):
        request = GetExperiment(experiment_id=str(experiment_id))
        response = self.service.call_endpoint(get_lib().TrackingServiceGetExperiment, request)
        return Experiment.from_proto(response.experiment)

    def create_run(self, experiment_id, user_id, start_time, tags, run_name):
        request = CreateRun(
            experiment_id=str(experiment_id),
            user_id=user_id,
            start_time=start_time,
            tags=[tag.to_proto() for tag in tags] if tags else [],
            run_name=run_name,
        )
        response = self.service.call_endpoint(get_lib().TrackingServiceCreateRun, request)
        return Run.from_proto(response.run)

    def get_run(self, run_id):
        request = GetRun(run_id=run_id)
        response = self.service.call_endpoint(get_lib().TrackingServiceGetRun, request)
        return Run.from_proto(response.run)

    def set_tag(self, run_id, tag):
        request = SetTag(run_id=run_id, key=tag.key, value=tag.value)
        self.service.call_endpoint(get_lib().TrackingServiceSetTag, request)


def TrackingStore(cls):
    return type(cls.__name__, (_TrackingStore, cls), {})
