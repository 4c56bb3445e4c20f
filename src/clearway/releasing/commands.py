"""Commands that belong to the project: run to their end, with their output kept."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic, sleep
from typing import IO

from .routine import Command

_TICK = 0.05  # seconds
_GRACE = 10.0  # seconds that a command has to end by itself once it is told to
_MOST = 64 * 1024  # octets of output that are kept: the last ones
_NOT_FOUND = 127  # as shells have it


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code (negative for a signal), and the end of what it said."""

    code: int
    output: str
    errors: str = ""
    is_late: bool = False

    @property
    def how(self) -> str:
        """In words."""
        if self.is_late:
            return "did not end in time and was stopped"
        return f"ended with exit code {self.code}" if self.code >= 0 else f"was ended by signal {-self.code}"


def run(
    command: Command, more: Mapping[str, str] | None = None, seconds: float | None = None, *, apart: bool = False
) -> Ended:
    """Run it with `more` in its environment, and without a terminal; what it starts in the background goes on.

    With `apart`, stderr is kept apart from stdout. After `seconds`, and when we are stopped, it is ended.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        try:
            process = _started(command, {**os.environ, **(more or {})}, out, errors if apart else out)
        except OSError as error:
            return Ended(_NOT_FOUND, f"{command}: {error.strerror or error}")
        is_late = not _waited(process, seconds)
        return Ended(process.returncode, _end_of(out, None if apart else _MOST), _end_of(errors, _MOST), is_late)


def _started(command: Command, environ: dict[str, str], out: IO[bytes], errors: IO[bytes]) -> "subprocess.Popen[bytes]":
    """In a session of its own: a Ctrl-C is for us, who end it in our time."""
    return subprocess.Popen(
        command.words,
        shell=isinstance(command.words, str),
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=errors,
        start_new_session=True,
    )


def _waited(process: "subprocess.Popen[bytes]", seconds: float | None) -> bool:
    """Whether it ended by itself."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        return False
    except BaseException:
        _end(process)
        raise
    return True


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Tell it and what it started to end, and end it when it does not."""
    until = monotonic() + _GRACE
    try:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
        while _signal(process, 0) and monotonic() < until:  # a shell ends before what it started
            sleep(_TICK)
    finally:
        _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
        process.wait()


def _signal(process: "subprocess.Popen[bytes]", number: int) -> bool:
    """Send it to the process and what it started; whether there is anybody to hear it."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
            return False
        os.killpg(process.pid, number)
        return True
    return False


def _end_of(file: IO[bytes], octets: int | None) -> str:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - octets) if octets else 0)
    return file.read().decode("utf-8", "replace")
