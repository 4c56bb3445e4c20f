"""Faults, put around the system calls of a child process: never a hook in the package."""

import errno
import mmap
import os
import signal
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

CALLS = ("replace", "rename", "link", "unlink", "fsync", "mkdir", "rmdir", "fchmod", "ftruncate")
Fault = Callable[[int, Callable[[], Any]], Any]  # number of the call, the call


class Shared:
    """Numbers that parent and child both see."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 64)

    def __getitem__(self, place: int) -> int:
        value: int = struct.unpack_from("<q", self._memory, place * 8)[0]
        return value

    def __setitem__(self, place: int, value: int) -> None:
        struct.pack_into("<q", self._memory, place * 8, value)


COUNT, STOP, PASSES = range(3)


def install(fault: Fault, shared: Shared) -> None:
    """Hand every call that changes the disk to `fault`, in this process, from now on."""

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            shared[COUNT] += 1
            return fault(shared[COUNT], lambda: call(*args, **kwargs))

        return wrapped

    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))
    real_open, real_fdopen = os.open, os.fdopen
    creating = counted(real_open)

    def opened(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        descriptor: int = (creating if flags & os.O_CREAT else real_open)(path, flags, *rest, **more)
        return descriptor

    setattr(os, "open", opened)  # noqa: B010  # as for the names above
    os.fdopen = lambda *args, **kw: _File(real_fdopen(*args, **kw), counted)  # type: ignore[assignment]


class _File:
    """A file whose writes count; each reaches the kernel at once, in two halves, so that half of it can be there."""

    def __init__(self, file: Any, counted: Callable[..., Any]) -> None:
        self._file, self._write_half = file, counted(self._written)

    def _written(self, data: bytes) -> None:
        self._file.write(data)
        self._file.flush()

    def write(self, data: bytes) -> int:
        for half in (data[: len(data) // 2], data[len(data) // 2 :]):
            self._write_half(half)
        return len(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def none() -> Fault:
    return lambda number, call: call()


def kill(moment: int, *, after: bool) -> Fault:
    """SIGKILL before or after the call of this number."""

    def fault(number: int, call: Callable[[], Any]) -> Any:
        if number == moment and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = call()
        if number == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return fault


def fill(moment: int, ballast: Path) -> Fault:
    """Use up the disk before the call of this number, and leave it full."""

    def fault(number: int, call: Callable[[], Any]) -> Any:
        if number == moment:
            _fill(ballast)
        return call()

    return fault


_open, _write, _close = os.open, os.write, os.close  # as they were before anything was put around them


def _fill(ballast: Path) -> None:
    descriptor = _open(ballast, os.O_WRONLY | os.O_CREAT)
    for size in (1 << 16, 1 << 12, 1):
        try:
            while True:
                _write(descriptor, b"\0" * size)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
    _close(descriptor)


def child(run: Callable[[], None], fault: Fault, shared: Shared, quiet: tuple[type[BaseException], ...] = ()) -> int:
    """Fork a process that carries out `run` under a fault; its id. It ends with 0, or with 3 for a `quiet` error."""
    shared[COUNT] = 0
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        install(fault, shared)
        run()
        code = 0
    except quiet:
        code = 3
    except BaseException as error:
        print(f"soak: the run failed: {error!r}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)


def ended(pid: int) -> int:
    """Wait; the exit code, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@contextmanager
def reader(check: Callable[[], list[str]], shared: Shared) -> Iterator[list[str]]:
    """A process that checks all the time meanwhile; its complaints are in the list afterwards."""
    shared[STOP], found = 0, list[str]()
    out, into = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(out)
        _read_all_the_time(check, shared, into)
    os.close(into)
    try:
        yield found
    finally:
        shared[STOP] = 1
        with os.fdopen(out, "rb") as pipe:
            found += pipe.read().decode().splitlines()
        ended(pid)


def _read_all_the_time(check: Callable[[], list[str]], shared: Shared, into: int) -> None:
    try:
        while True:
            last = bool(shared[STOP])  # one whole pass after the end, too
            try:
                seen = check()
            except Exception as error:
                seen = [f"the reader failed: {error!r}"]
            shared[PASSES] += 1
            if seen or last:
                os.write(into, "\n".join(seen[:20]).encode())
                break
            time.sleep(0.0002)
    finally:
        os._exit(0)
