"""`uvicorn --http clearway.uvicorn:Protocol …`: static files answered before the application is asked.

`gunicorn -k clearway.uvicorn.Worker …` is the same protocol in the worker of the package uvicorn-worker.
"""

from typing import Any

from .lanes import lane_of
from .serve.lanes.uvicorn import LaneProtocol


class Protocol(LaneProtocol):
    """uvicorn's HTTP protocol with the lane of the application that it serves."""

    find_lane = staticmethod(lane_of)


def __getattr__(name: str) -> Any:
    """Make `Worker` when it is asked for: uvicorn alone needs neither gunicorn nor uvicorn-worker."""
    if name != "Worker":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from uvicorn_worker import UvicornWorker

    own = {"CONFIG_KWARGS": {**UvicornWorker.CONFIG_KWARGS, "http": Protocol}, "__module__": __name__}
    worker = globals()[name] = type(name, (UvicornWorker,), own)
    return worker
