"""The end of a process whose work is done."""

import gc
import os
import threading

_PATIENCE = 2  # seconds


def end_soon(code: int = 0) -> None:
    """Threads that the application started may keep this process for a moment, and not for ever."""
    if hasattr(gc, "freeze"):  # CPython: a last search for cycles would take as long as many a verb
        gc.freeze()
    timer = threading.Timer(_PATIENCE, os._exit, (code,))
    timer.daemon = True
    timer.start()
