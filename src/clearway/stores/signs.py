"""Signs of life: how a run in a store says that it is at it, and how another one finds out that it was killed.

A sign changes while its run lives. Whoever waits watches it with its own clock, so that clocks which differ decide
nothing. Of a process of the same machine the kernel tells.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from threading import Event, Thread
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self

PAUSE = 1.0  # seconds between two looks
Sign = Mapping[str, Any]
"""`owner` (a token), `machine`, `process`, and `beat`, which counts."""


def own_sign() -> dict[str, Any]:
    """The first sign of a run."""
    return {"owner": token_hex(8), "machine": _machine(), "process": os.getpid(), "beat": 0}


def is_of(sign: Sign | None, own: Sign) -> bool:
    """Whether a sign is one of this run, at any time."""
    return sign is not None and sign.get("owner") == own["owner"]


def named(sign: Sign) -> str:
    """Who gives a sign, for people."""
    where = "this machine" if _is_here(sign) else "another machine"
    return f"process {sign['process']} of {where}" if sign.get("process") else "somebody"


def is_over(look: Callable[[], Sign | None], silence: float, patience: float = 0, arriving: float = 0) -> bool:
    """Wait until a sign is gone, its process is dead, or it did not change for `silence` seconds.

    After a death it waits for `arriving` seconds, in which the store does what the process had asked for last. False
    when the sign changed, and is still there after `patience` seconds: its run lives.
    """
    began = heard = monotonic()
    first = last = look()
    while last is not None:
        if _is_dead(last):
            sleep(arriving)
            return True
        now = monotonic()
        if now - heard >= silence:
            return True
        if last != first and now - began >= patience:
            return False
        sleep(min(PAUSE, silence))
        found = look()
        if found != last:
            heard, last = monotonic(), found
    return True


class Heart:
    """Calls `beat` every so many seconds in a thread of its own, until the `with` block ends or it raises."""

    def __init__(self, beat: Callable[[], None], seconds: float) -> None:
        self._beat = beat
        self._seconds = seconds
        self._over = Event()
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)

    def check(self) -> None:
        """Raise what ended it."""
        if self._error:
            raise self._error

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._seconds):
            try:
                self._beat()
            except Exception as error:
                self._error = error
                return


def _is_dead(sign: Sign) -> bool:
    """Whether the kernel says so: only of a process of this machine, and of the same space of process numbers."""
    process = sign.get("process")
    if not _is_here(sign) or not isinstance(process, int) or process <= 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        pass
    return False


def _is_here(sign: Sign) -> bool:
    return bool(_machine()) and sign.get("machine") == _machine()


@cache
def _machine() -> str:
    """What no other machine, boot or container has; empty where the system does not tell."""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")
        return sha256(f"{boot}{Path('/proc/self/ns/pid').readlink()}".encode()).hexdigest()[:16]
    return ""
