"""The versions of gunicorn whose worker the lane knows from the inside."""

from gunicorn import __version__, version_info
from gunicorn.workers import gthread

FIRST, BEFORE = (25, 3), (28,)  # tested with each minor version between
_PARTS = {
    gthread.ThreadWorker: (
        "accept",
        "enqueue_req",
        "finish_request",
        "murder_keepalived",
        "murder_pending",
        "on_client_socket_readable",
        "on_pending_socket_readable",
        "set_accept_enabled",
        "wait_for_and_dispatch_events",
    ),
    gthread.TConn: ("close", "init", "set_timeout"),
    gthread: ("DEFAULT_WORKER_DATA_TIMEOUT",),
}


def why_not() -> str | None:
    """Why the installed gunicorn has no lane; None where it has one."""
    if not FIRST <= tuple(version_info) < BEFORE:
        first, last = ".".join(map(str, FIRST)), BEFORE[0] - 1
        return f"the lane is made for gunicorn {first} to {last}, and this is {__version__}"
    lost = [name for owner, names in _PARTS.items() for name in names if not hasattr(owner, name)]
    return f"this gunicorn has no {lost[0]}" if lost else None
