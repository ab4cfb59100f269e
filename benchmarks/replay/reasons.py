"""Why a case cannot be predicted: commentary beside a miss, shown only where it is one.

These sentences decide nothing. What counts as a miss is read from the commits alone.
"""

from __future__ import annotations

_NO_STORE = "this commit brought the service its first store: at the parent there is none"
_DROPPED = "the person answers nothing where Python's store and rest_store answer the entity"
_ERROR = "the person answers `error` where the methods beside it answer *contract.Error"

_SIGNED = {
    "getLatestVersions": _NO_STORE,
    "updateRun": "the person gives the store a whole run, and reads it in the service before",
    "deleteTraceTag": "the person reads the tag in the service and gives the store the row",
    "setTraceTag": _ERROR,
    "endTrace": _ERROR,
    "getModelVersion": "the person added a parameter for callers of his own (eager)",
}
_REASONS: dict[str, dict[str, str]] = {
    "store method name": {
        "getLatestVersions": _NO_STORE,
        "startTrace": "the person's own name; endpoint and Python's store say start_trace",
    },
    "parameter types and results": _SIGNED,
    "parameter names": {
        **_SIGNED,
        "updateExperiment": "the person's is `name`; proto and Python say new_name",
        "logParam": "the person calls a parameter `metric`, as in the method he copied",
        "getTraceInfo": "a typing error of the person's (reqeustID)",
    },
    "thin service method": {
        "getLatestVersions": _NO_STORE,
        "startTrace": "the store method has a name of the person's own",
    },
    "binding equal": {
        "updateRun": "the person's update_run overrides nothing: Python's is update_run_info; and "
        "run_uuid is filled, which the binding beside it leaves out",
        "setTraceTag": "another order of the keywords than in the binding beside it",
        "endTrace": "the person leaves out rest_store's to_proto(), and tests the wrong list",
        "getRegisteredModel": "the person sets back a description that the Go entity may leave "
        "unset, and the versions of aliases",
        "getModelVersionByAlias": "porter corrects the entity as the binding beside it does",
        "createRegisteredModel": "the person asks HasField of the answer, and leaves out what the "
        "binding beside it sets back",
        "updateModelVersion": _DROPPED,
        "transitionModelVersionStage": _DROPPED,
        "setRegisteredModelAlias": "a version without str(), which every other binding has",
    },
}


def reason(measure: str, endpoint: str) -> str:
    """Why this miss was to be expected, or ""."""
    return _REASONS.get(measure, {}).get(endpoint, "")
