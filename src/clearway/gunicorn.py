"""`gunicorn -k clearway.gunicorn.ThreadWorker …`: static files answered before a thread is asked."""

import logging
from typing import Any

from gunicorn.workers import gthread

from .lanes import lane_of
from .serve.lanes.gunicorn_versions import why_not

_log = logging.getLogger("clearway")


def _worker() -> Any:
    """Gunicorn's gthread worker with the lane of the application that it serves; gunicorn's own where not."""
    reason = why_not()
    if reason:
        _log.warning("Static files take the ordinary road, not the lane: %s.", reason)
        return gthread.ThreadWorker
    from .serve.lanes.gunicorn import LaneThreadWorker

    return type("ThreadWorker", (LaneThreadWorker,), {"find_lane": staticmethod(lane_of), "__module__": __name__})


ThreadWorker = _worker()
