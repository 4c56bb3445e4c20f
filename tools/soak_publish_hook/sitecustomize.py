"""What the soak changes in the process of a publisher, by the variable SOAK: its clock, its patience, locks and disk.

Python imports this before anything else, since its folder is on PYTHONPATH. Never a hook in the package.
"""

import errno
import fcntl
import json
import os
import signal
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

from tools.soak_faults import Shared, _fill, install

_numbers = count(1)  # one step of the interpreter: threads share it


def _skew(seconds: float) -> None:
    real, real_ns = time.time, time.time_ns
    time.time = lambda: real() + seconds
    time.time_ns = lambda: real_ns() + int(seconds * 10**9)


def _killed(moment: int, after: bool) -> Callable[[int, Callable[[], Any]], Any]:
    def fault(_: int, call: Callable[[], Any]) -> Any:
        number = next(_numbers)
        if number == moment and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        done = call()
        if number == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    return fault


def _filled(moment: int, ballast: str) -> Callable[[int, Callable[[], Any]], Any]:
    def fault(_: int, call: Callable[[], Any]) -> Any:
        if next(_numbers) == moment:
            _fill(Path(ballast))
        return call()

    return fault


def _refused(*_: object) -> NoReturn:
    raise OSError(errno.ENOLCK, "No locks available")


def _carry_out(plan: dict[str, Any]) -> None:
    if plan.get("skew"):
        _skew(plan["skew"])
    if plan.get("no_locks"):
        fcntl.flock = _refused
    if plan.get("timeout"):
        from clearway.stores import claims, lease, object_store

        object_store._TIMEOUT = plan["timeout"]
        claims.ARRIVING = lease.ARRIVING = plan["arriving"]
    if plan.get("kill"):
        install(_killed(*plan["kill"]), Shared())
    if plan.get("fill"):
        install(_filled(*plan["fill"]), Shared())


_carry_out(json.loads(os.environ.get("SOAK", "{}")))
