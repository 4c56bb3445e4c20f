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
    """Meanwhile the first signal raises `Stopped`, and others are without effect from then on."""

    def stop(number: int, frame: Any) -> None:
        _set(_nothing)
        raise Stopped(f"stopped by {signal.Signals(number).name}")

    with _handled_by(stop):
        yield


@contextmanager
def calm() -> Iterator[None]:
    """Meanwhile signals are without effect."""
    with _handled_by(_nothing):
        yield


@contextmanager
def _handled_by(handler: Callable[[int, Any], None]) -> Iterator[None]:
    if current_thread() is not main_thread():  # no other may
        yield
        return
    before = {number: signal.getsignal(number) for number in _numbers()}
    _set(handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _numbers() -> list[signal.Signals]:
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


def _set(handler: Callable[[int, Any], None]) -> None:
    for number in _numbers():
        signal.signal(number, handler)


def _nothing(number: int, frame: Any) -> None:
    """Unlike SIG_IGN, this is not handed on to the commands that we start."""
