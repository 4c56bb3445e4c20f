"""Where a file is kept: under its own name, or under it in a directory of its own that nobody can guess, or shares.

The directory is the key and the last part stays the original name, so that a URL, a listing, a backup and a download
say the name that a person gave, and nothing beside the path has to remember it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.files.utils import validate_file_name

from clearway.policy.file_names import LONGEST, safe_path, shortened

_KEY = 32  # hexadecimal digits, 128 bits
_MOST_LEVELS = 4
_LONGEST = 1024  # octets of a path: more is no key of a bucket, and thousands of directories are nobody's name


def checked_path(name: str) -> str:
    """A relative path with safe parts. Raises `SuspiciousFileOperation` for one that leads out, or is endless."""
    path = str(name).replace("\\", "/")
    folder, last = os.path.split(path)
    if ".." in folder.split("/"):
        raise SuspiciousFileOperation(f"Detected path traversal attempt in '{folder}'")
    validate_file_name(last)
    if path.startswith("/"):
        raise SuspiciousFileOperation(f"Detected path traversal attempt in '{path}'")
    safe = safe_path(path) if path.count("/") < _LONGEST else path
    if len(safe.encode("utf-8", "replace")) > _LONGEST:
        raise SuspiciousFileOperation(f"A path of more than {_LONGEST} octets: '{path[:80]}...'")
    return safe


def alternative(name: str, root: str, extension: str) -> str:
    """Another name that a storage made of `root` and `extension`, within the length that file systems take."""
    if len(os.fsencode(name)) <= LONGEST:
        return name
    return shortened(f"{root}{extension}", suffix=name.removeprefix(root).removesuffix(extension))


class Naming(Protocol):
    """`extra` is how many characters a place has more than the name; `shares` whether equal content is kept once."""

    @property
    def extra(self) -> int: ...

    @property
    def shares(self) -> bool: ...

    def place(self, name: str, digest: str) -> str:
        """The path to try for a name and the SHA-256 of the content, in hexadecimal."""


class Kept:
    """The name itself."""

    extra, shares = 0, False

    def place(self, name: str, digest: str) -> str:
        return name


@dataclass(frozen=True)
class Keyed:
    """A directory by a key, below `levels` directories of its first digits, two each."""

    key: Callable[[str], str]
    shares: bool
    levels: int

    @property
    def extra(self) -> int:
        return _KEY + self.levels + 1

    def place(self, name: str, digest: str) -> str:
        folder, slash, last = name.rpartition("/")
        key, cut = self.key(digest), 2 * self.levels
        parts = [key[at : at + 2] for at in range(0, cut, 2)]
        return f"{folder}{slash}{'/'.join([*parts, key[cut:], last])}"


def naming(names: str, fan_out: int) -> Naming:
    """By the options of a storage. Raises `ImproperlyConfigured`."""
    if isinstance(fan_out, bool) or not isinstance(fan_out, int) or not 0 <= fan_out <= _MOST_LEVELS:
        raise ImproperlyConfigured(f"fan_out must be 0 to {_MOST_LEVELS} levels of directories, not {fan_out!r}.")
    if names == "kept":
        if fan_out:
            raise ImproperlyConfigured('fan_out divides keys; files that keep their names need names="opaque".')
        return Kept()
    if names == "opaque":
        return Keyed(lambda digest: token_hex(_KEY // 2), shares=False, levels=fan_out)
    if names == "content":
        return Keyed(lambda digest: digest[:_KEY], shares=True, levels=fan_out)
    raise ImproperlyConfigured(f'names must be "kept", "opaque" or "content", not {names!r}.')
