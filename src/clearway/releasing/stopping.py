"""What a signal means to a release: the first one ends it, and it is rolled back in peace."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import Any

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Stopped(KeyboardInterrupt):
    """A signal came."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Meanwhile the first signal raises `Stopped`, and others are without effect from then on; all are after `calm`."""

    def stop(number: int, frame: Any) -> None:
        _set(_nothing)
        raise Stopped(f"stopped by {signal.Signals(number).name}")

    if not _may_be_told():
        yield
        return
    before = {number: signal.getsignal(number) for number in _numbers()}
    _set(stop)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def calm() -> None:
    """From now on signals are without effect, until what is `stoppable` ends."""
    if _may_be_told():
        _set(_nothing)


def _may_be_told() -> bool:
    """Python lets no other thread say what a signal does."""
    return current_thread() is main_thread()


def _numbers() -> list[signal.Signals]:
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


def _set(handler: Callable[[int, Any], None]) -> None:
    for number in _numbers():
        signal.signal(number, handler)


def _nothing(number: int, frame: Any) -> None:
    """Unlike SIG_IGN, this is not handed on to the commands that we start."""
