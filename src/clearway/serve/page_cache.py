"""Reading what the system holds in memory, without ever waiting for the disk (Linux: preadv2 with RWF_NOWAIT)."""

import os
from io import FileIO
from threading import local

LARGEST = 128 * 1024  # octets per read: it stays in the processor's cache on the way from kernel to socket

_NOWAIT = getattr(os, "RWF_NOWAIT", None)
_HERE = -1  # preadv2: at the file's own position, which moves on


class _Scratch(local):
    """Each thread's own, since a read lets other threads run."""

    def __init__(self) -> None:
        self.view = memoryview(bytearray(LARGEST))


_scratch = _Scratch()


def read_cached(file: FileIO, count: int) -> bytes | None:
    """At most `count` octets at the file's position, and at most LARGEST; None when a read might have to wait.

    None too where the system, or the file system, knows no such read, and at the end of the file: some kernels
    (Linux 5.9) say "end" where they mean "not in memory", so that only an ordinary read can tell.
    """
    if _NOWAIT is None:
        return None
    view = _scratch.view[:count]
    try:
        read = os.preadv(file.fileno(), [view], _HERE, _NOWAIT)
    except OSError:
        return None
    return bytes(view[:read]) or None
