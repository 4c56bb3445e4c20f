"""`uvicorn --http clearway.uvicorn:Protocol …`: static files answered before the application is asked.

`gunicorn -k clearway.uvicorn.Worker …` is the same protocol in the worker of the package uvicorn-worker.
"""

import logging
from typing import Any

from .lanes import lane_of

_log = logging.getLogger("clearway")


def _protocol() -> Any:
    """uvicorn's HTTP protocol with the lane of the application that it serves; where that cannot be, uvicorn's own."""
    try:
        from .serve.lanes.uvicorn import LaneProtocol
    except ImportError as error:
        reason = "httptools is not installed (uvicorn[standard] has it)" if error.name == "httptools" else str(error)
        _log.warning("Static files take the ordinary road, not the lane: %s.", reason)
        from uvicorn.protocols.http.auto import AutoHTTPProtocol

        return AutoHTTPProtocol
    return type("Protocol", (LaneProtocol,), {"find_lane": staticmethod(lane_of), "__module__": __name__})


Protocol = _protocol()


def __getattr__(name: str) -> Any:
    """Make `Worker` when it is asked for: uvicorn alone needs neither gunicorn nor uvicorn-worker."""
    if name != "Worker":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from uvicorn_worker import UvicornWorker

    own = {"CONFIG_KWARGS": {**UvicornWorker.CONFIG_KWARGS, "http": Protocol}, "__module__": __name__}
    worker = globals()[name] = type(name, (UvicornWorker,), own)
    return worker
