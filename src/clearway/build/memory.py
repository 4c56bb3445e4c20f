"""What the last run found out, so that the next one need not read what did not change.

A memory belongs to one STATIC_ROOT on one machine. It is a hint: whatever it does not know is read. It knows files
only by their identity (device, inode, size, time of modification and of the last change of any kind, in
nanoseconds), which no copying tool can forge, and only when they had settled: a file that is changed twice within
one tick of the file system's clock would keep its identity.
"""

import marshal
import os
import stat
import struct
from collections.abc import Iterable
from hashlib import blake2b
from time import time_ns

from .cache import Cache

SETTLED = 2_000_000_000  # nanoseconds: the coarsest clock of a file system that is in use (FAT)
_IDENTITY = struct.Struct("<IQQQqq")
_UNSIGNED = (1 << 64) - 1
_HAS_CHANGE_TIME = os.name == "posix"  # elsewhere st_ctime is when the file was made, and identities prove nothing


class Memory:
    """Rows of octets by octets, each asked for once in a run. What a run did not ask for is forgotten when it saves."""

    def __init__(self, cache: Cache | None = None, key: str = "") -> None:
        self._cache, self._key = cache or Cache(), f"memory {key}"
        self._unasked = self._saved()
        self._learned: dict[bytes, bytes] = {}
        self.is_new = not self._unasked

    def get(self, key: bytes) -> bytes | None:
        """What is remembered. What was asked for is let go: a large site has more rows than other data."""
        found = self._unasked.pop(key, None)
        return self._learned.get(key) if found is None else found

    def put(self, key: bytes, value: bytes) -> None:
        """Remember."""
        self._learned[key] = value

    def save(self) -> None:
        """Keep what was asked for or learned in this run, if that is news."""
        if self._learned or self._unasked:
            rows = self._saved()
            for key in self._unasked:
                rows.pop(key, None)
            rows |= self._learned
            self._cache.put(self._key, marshal.dumps(rows))

    def _saved(self) -> dict[bytes, bytes]:
        return _rows(self._cache.get(self._key))


def _rows(data: bytes | None) -> dict[bytes, bytes]:
    """The cache has checked the digest, so this is what a run has written, if perhaps one of another version."""
    try:
        rows = marshal.loads(data) if data else {}
    except (EOFError, ValueError, TypeError):
        return {}
    return rows if isinstance(rows, dict) else {}


def key(*parts: bytes) -> bytes:
    """A short key for some octets."""
    made = blake2b(digest_size=16)
    for part in parts:
        made.update(part)
    return made.digest()


def identity(path: str) -> tuple[bytes, int] | None:
    """What tells a file from all others and from itself after a change, and when that was; None without a file."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    changed = max(found.st_mtime_ns, found.st_ctime_ns)
    return _packed(found), changed


def identities(paths: Iterable[str]) -> list[bytes | None]:
    """The identity of each path, cheaply: of whatever is there, since what is no file was never remembered."""
    found: list[bytes | None] = []
    for path in paths:
        try:
            found.append(_packed(os.stat(path)))
        except (OSError, ValueError):
            found.append(None)
    return found


def _packed(found: os.stat_result) -> bytes:
    return _IDENTITY.pack(
        found.st_mode,
        found.st_dev & _UNSIGNED,
        found.st_ino & _UNSIGNED,
        found.st_size,
        found.st_mtime_ns,
        found.st_ctime_ns,
    )


def is_settled(changed: int) -> bool:
    """Whether a file that was last changed at `changed` can be known by its identity from now on."""
    return _HAS_CHANGE_TIME and time_ns() - changed > SETTLED
