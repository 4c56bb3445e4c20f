"""`gunicorn -k clearway.gunicorn.ThreadWorker …`: static files answered before a thread is asked."""

from .lanes import lane_of
from .serve.lanes.gunicorn import LaneThreadWorker


class ThreadWorker(LaneThreadWorker):
    """Gunicorn's gthread worker with the lane of the application that it serves."""

    find_lane = staticmethod(lane_of)
