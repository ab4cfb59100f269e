"""Calls a service in the Go library."""

import json

from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import ErrorCode

from mlflow_go_backend.lib import get_ffi, get_lib


class _ServiceProxy:
    def __init__(self, create, destroy, **config):
        content = json.dumps(config).encode()
        self.id = create(content, len(content))
        if self.id < 0:
            raise MlflowException("The Go service could not be created: its log says why")
        self._destroy = destroy

    def __del__(self):
        if getattr(self, "id", -1) >= 0:
            self._destroy(self.id)

    def call_endpoint(self, endpoint, request):
        """Sends a request to an export of the library, and raises the error it answers with."""
        data = request.SerializeToString()
        size = get_ffi().new("int *")
        pointer = endpoint(self.id, data, len(data), size)
        try:
            content = bytes(get_ffi().buffer(pointer, abs(size[0])))
        finally:
            get_lib().free(pointer)

        # A negative size says that this is no response but an error.
        if size[0] < 0:
            error = json.loads(content)
            raise MlflowException(error["message"], ErrorCode.Value(error["error_code"]))
        return type(request).Response.FromString(content)
