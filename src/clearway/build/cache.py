"""The cache: octets by what they were made from, in files that machines and runs at the same time may share.

Nothing in it is needed and nothing is trusted: an entry begins with the digest of the rest, and a damaged one is as
good as none. It can be deleted at any time. No name and no path of a project is in it.
"""

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from random import random
from secrets import token_hex
from time import time

LIMIT = 1 << 30  # octets; what was not used for the longest time goes first
_DIGEST = 32  # octets
_UNNOTICED = 1 / 64  # of the limit: a run that put more looks in any case
_USED_AGAIN_AFTER = 86_400  # seconds: noting each use would be a write for each read
_log = logging.getLogger(__name__)


class Cache:
    """Entries below `folder`, which is made with the first of them; without a folder, nothing is kept."""

    def __init__(self, folder: Path | None = None, limit: int = LIMIT) -> None:
        self.folder = folder
        self._limit = limit
        self._put = 0  # octets

    def get(self, key: str) -> bytes | None:
        """What was put under a key; None when there is nothing whole."""
        if self.folder is None:
            return None
        path = self._path(key)
        try:
            with open(path, "rb", buffering=0) as file:
                entry = file.read()
                if os.fstat(file.fileno()).st_mtime < time() - _USED_AGAIN_AFTER:
                    os.utime(path)
        except OSError:
            return None
        data = memoryview(entry)[_DIGEST:]
        return bytes(data) if sha256(data).digest() == entry[:_DIGEST] else None

    def put(self, key: str, data: bytes) -> None:
        """Keep some octets. When that fails, one line says so and nothing is kept from then on."""
        if self.folder is None:
            return
        try:
            _swap(Path(self._path(key)), sha256(data).digest() + data)
            self._put += len(data)
        except OSError as error:
            _log.warning("the cache %s cannot be written (%s); the build goes on without it", self.folder, error)
            self.folder = None

    def prune(self) -> None:
        """Remove the entries that were used longest ago until the rest is within the limit.

        Looking at all of them takes longer than a small run, so the more a run has put, the likelier it looks.
        """
        if self.folder is None or self._put <= random() * self._limit * _UNNOTICED:
            return
        entries = list(self._entries(os.fspath(self.folder)))
        if sum(size for _, size, _ in entries) <= self._limit:
            return
        total = 0
        for _, size, path in sorted(entries, reverse=True):
            total += size
            if total > self._limit:
                with suppress(OSError):
                    os.unlink(path)

    def _path(self, key: str) -> str:
        name = sha256(key.encode()).hexdigest()
        return f"{self.folder}/{name[:2]}/{name[2:]}"

    def _entries(self, folder: str) -> Iterator[tuple[float, int, str]]:
        """(last use, octets, path) of everything in a folder."""
        with suppress(OSError), os.scandir(folder) as found:
            for each in found:
                if each.is_dir(follow_symlinks=False):
                    yield from self._entries(each.path)
                    continue
                with suppress(OSError):
                    status = each.stat()
                    yield status.st_mtime, status.st_size, each.path


def cache_folder(setting: Path | None, environment: Mapping[str, str]) -> Path | None:
    """Where the cache is: `CLEARWAY_CACHE` (`off` or a directory) goes before the setting. None: nowhere."""
    wanted = environment.get("CLEARWAY_CACHE", "")
    if wanted == "off":
        return None
    return Path(wanted) if wanted else setting


def user_folder(environment: Mapping[str, str], platform: str = sys.platform) -> Path | None:
    """The user's cache directory as the system has it; None for a user without a home."""
    home = Path("~").expanduser()
    if platform == "win32":
        base, default = environment.get("LOCALAPPDATA", ""), home / "AppData" / "Local"
    elif platform == "darwin":
        base, default = "", home / "Library" / "Caches"
    else:
        base, default = environment.get("XDG_CACHE_HOME", ""), home / ".cache"
    folder = Path(base) if Path(base).is_absolute() else default
    return folder / "clearway" if folder.is_absolute() else None


def _swap(path: Path, data: bytes) -> None:
    """In one step, but without fsync: what a power cut leaves here is found out by its digest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{token_hex(8)}")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
