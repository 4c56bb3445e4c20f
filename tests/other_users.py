"""What an account without root's rights sees: a block, or a child, as another user; a directory that all may enter."""

import os
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

NOBODY = 65534
_LOOK = 60  # seconds


@contextmanager
def unprivileged() -> Iterator[None]:
    """Without root's right to read everything, for the length of a block."""
    if os.geteuid() != 0:
        yield
        return
    try:
        os.seteuid(NOBODY)
    except OSError as error:
        pytest.skip(f"needs to become another user: {error}")
    try:
        yield
    finally:
        os.seteuid(0)


def seen_by(uid: int, look: Callable[[], str]) -> str:
    """What a function returns in a child process that is this user, and in the group of the same number, for good.

    It has run here before: the user may not read the modules of an interpreter in root's home, nor may a codec be
    looked up there for the first time. AssertionError with what it raises in the child, which always ends.
    """
    look()
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: the child only looks, and ends
        child = os.fork()
    if child == 0:
        _look_as(uid, look, writing)
    os.close(writing)
    with os.fdopen(reading) as given:
        said = given.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code == 0, f"{code}: {said}"
    return said


def _look_as(uid: int, look: Callable[[], str], writing: int) -> None:
    """In the child; never returns."""
    code = 1
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(_LOOK)
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
        os.write(writing, look().encode())
        code = 0
    except BaseException as error:
        os.write(writing, repr(error).encode())
    finally:
        os._exit(code)


@contextmanager
def open_directory() -> Iterator[Path]:
    """A temporary directory that every user may enter."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
