"""A file before and after, in octets: no encoding, line end or byte order mark changes that the edit is not about."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from .errors import EditError


@dataclass(frozen=True)
class Edit:
    """`before` is None where there is no file yet. `path` may be a link: what it leads to is edited."""

    path: Path
    before: bytes | None
    after: bytes

    @classmethod
    def of(cls, path: Path, after: bytes) -> "Edit":
        """What makes the file, as it is now, be `after`. Raises `EditError` for what is no regular file."""
        return cls(path, octets(path), after)

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing."""
        return self.before == self.after


def octets(path: Path) -> bytes | None:
    """The file, or what a link leads to; None where there is none. Raises `EditError` where it cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        if path.is_symlink():
            raise EditError(f"{path} is a link that leads nowhere") from None
        return None
    except OSError as error:
        raise EditError(f"{path} cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise EditError(f"{path} is no regular file")
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def lines(data: bytes) -> list[bytes]:
    """With their ends; what ends a line is a line feed, and nothing else. The last may have none."""
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
