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
from secrets import token_hex
from time import time

LIMIT = 1 << 30  # octets; what was not used for the longest time goes first
_DIGEST = 32  # octets
_USED_AGAIN_AFTER = 86_400  # seconds: noting each use would be a write for each read
_log = logging.getLogger(__name__)


class Cache:
    """Entries below `folder`, which is made with the first of them; without a folder, nothing is kept."""

    def __init__(self, folder: Path | None = None, limit: int = LIMIT) -> None:
        self.folder = folder
        self._limit = limit
        self._grew = False

    def get(self, key: str) -> bytes | None:
        """What was put under a key; None when there is nothing whole."""
        if self.folder is None:
            return None
        path = self._path(key)
        try:
            entry = path.read_bytes()
            if path.stat().st_mtime < time() - _USED_AGAIN_AFTER:
                os.utime(path)
        except OSError:
            return None
        return entry[_DIGEST:] if sha256(entry[_DIGEST:]).digest() == entry[:_DIGEST] else None

    def put(self, key: str, data: bytes) -> None:
        """Keep some octets. When that fails, one line says so and nothing is kept from then on."""
        if self.folder is None:
            return
        try:
            _swap(self._path(key), sha256(data).digest() + data)
            self._grew = True
        except OSError as error:
            _log.warning("the cache %s cannot be written (%s); the build goes on without it", self.folder, error)
            self.folder = None

    def prune(self) -> None:
        """Remove the entries that were used longest ago until the rest is within the limit."""
        if self.folder is None or not self._grew:
            return
        entries = sorted(self._entries(), reverse=True)
        total = 0
        for _, size, path in entries:
            total += size
            if total > self._limit:
                with suppress(OSError):
                    path.unlink()

    def _path(self, key: str) -> Path:
        name = sha256(key.encode()).hexdigest()
        return Path(self.folder or "", name[:2], name[2:])

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """(last use, octets, path) of everything in the folder."""
        for folder, _, names in os.walk(self.folder or ""):
            for name in names:
                path = Path(folder, name)
                with suppress(OSError):
                    status = path.stat()
                    yield status.st_mtime, status.st_size, path


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
