"""The transport over a directory: a mounted share, or a tree that another program copies further.

Header fields are not kept: whoever serves the directory knows the types, and finds variants by their suffixes.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from hashlib import sha256
from pathlib import Path
from time import sleep

from clearway.catalog import layout

from .directory import Directory, Modes, is_temporary
from .errors import ChangedError, LockedError, StoreError
from .lock import exclusive
from .transport import Entry, Fields, Version

_NO_LINKS = (errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP)  # how file systems say it, FAT and gcsfuse among them
_PATIENCE = 100  # tries, a twentieth of a second apart


class SharedDirectory:
    """Files below `root`, with the modes that a build gives them; the version of a file is its SHA-256."""

    def __init__(self, root: Path, modes: Modes | None = None) -> None:
        self.where = str(root)
        self._files = Directory(root, modes)
        self._records = Directory(root / layout.FOLDER, modes)
        self._is_alone = False

    def list(self) -> Iterator[Entry]:
        for folder, _, names in os.walk(self._files.root):
            for name in names:
                path = Path(folder, name).relative_to(self._files.root).as_posix()
                found = None if is_temporary(name) else self._files.head(path)
                if found:
                    yield Entry(path, found.size, Version(None), found.changed)

    def head(self, name: str) -> Entry | None:
        found = self._files.head(name)
        digest = self._files.digest(name) if found else None
        return Entry(name, found.size, Version(digest), found.changed) if found else None

    def read(self, name: str) -> tuple[bytes, Entry]:
        try:
            data, found = self._files.read(name), self._files.head(name)
        except (FileNotFoundError, NotADirectoryError):
            raise FileNotFoundError(f"{self.where}/{name} does not exist") from None
        return data, Entry(name, len(data), _version(data), found.changed if found else 0)

    def fields(self, name: str) -> Fields | None:
        return None

    def create(self, name: str, data: bytes, fields: Fields) -> Version | None:
        try:
            return _version(data) if self._files.create(name, data) else None
        except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
            raise StoreError(f"{self.where}/{name}: a file and a directory have the same name there") from error
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            raise StoreError(
                f"{self.where} is on a file system without hard links, and without them one run cannot keep another "
                "from overwriting its files; publish to a disk, to NFS, or to the bucket itself"
            ) from error

    def swap(self, name: str, data: bytes, fields: Fields, expected: Version) -> Version:
        with nullcontext() if self._is_alone else _waiting(self._records):
            if self._files.digest(name) != expected.etag:
                raise ChangedError(f"{self.where}/{name}")
            return self.put(name, data, fields)

    def put(self, name: str, data: bytes, fields: Fields) -> Version:
        self._files.swap(name, data)
        return _version(data)

    def copy(self, source: str, target: str) -> None:
        self._files.swap(target, self.read(source)[0])

    def delete(self, names: Sequence[str]) -> None:
        for name in names:
            self._files.delete(name)

    def flush(self) -> None:
        self._files.flush()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the records, as every verb does that changes them."""
        with exclusive(self._records):
            self._is_alone = True
            try:
                yield
            finally:
                self._is_alone = False


@contextmanager
def _waiting(records: Directory) -> Iterator[None]:
    """Hold the records for one write. Raises `LockedError` when another run keeps them."""
    with ExitStack() as stack:
        for pause in (0.05,) * _PATIENCE + (None,):
            try:
                stack.enter_context(exclusive(records))
                break
            except LockedError:
                if pause is None:
                    raise
                sleep(pause)
        yield


def _version(data: bytes) -> Version:
    return Version(sha256(data).hexdigest())
