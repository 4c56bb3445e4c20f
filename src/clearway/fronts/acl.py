"""POSIX access lists as Linux keeps them in an extended attribute (acl(5), linux/posix_acl_xattr.h)."""

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from clearway.fronts import ids

ATTRIBUTE = "system.posix_acl_access"
_VERSION = 2
_HEADER = struct.Struct("<I")
_ENTRY = struct.Struct("<HHI")


class Tag(IntEnum):
    """Whom an entry is about."""

    OWNER = 1
    USER = 2
    OWNING_GROUP = 4
    GROUP = 8
    MASK = 16
    OTHER = 32


@dataclass(frozen=True)
class Entry:
    """One line of the list; `permissions` has the bits 4, 2 and 1, `id` means something for USER and GROUP alone."""

    tag: int
    permissions: int
    id: int = 0

    def __str__(self) -> str:
        """As getfacl(1) prints it."""
        name = _NAMES[self.tag](self.id) if self.tag in _NAMES else ""
        return f"{_WORDS.get(self.tag, self.tag)}:{name}:{bits(self.permissions)}"


_NAMES: dict[int, Callable[[int], str]] = {Tag.USER: ids.user, Tag.GROUP: ids.group}
_WORDS: dict[int, str] = {
    Tag.OWNER: "user",
    Tag.USER: "user",
    Tag.OWNING_GROUP: "group",
    Tag.GROUP: "group",
    Tag.MASK: "mask",
    Tag.OTHER: "other",
}


def parse(value: bytes) -> tuple[Entry, ...]:
    """The entries in their order; none where the value is no list of the version that is known."""
    if len(value) < _HEADER.size or _HEADER.unpack_from(value)[0] != _VERSION:
        return ()
    whole = len(value) - (len(value) - _HEADER.size) % _ENTRY.size
    return tuple(Entry(*fields) for fields in _ENTRY.iter_unpack(value[_HEADER.size : whole]))


def pack(entries: tuple[Entry, ...]) -> bytes:
    """The value of the attribute."""
    return _HEADER.pack(_VERSION) + b"".join(_ENTRY.pack(each.tag, each.permissions, each.id) for each in entries)


def of(path: str) -> tuple[Entry, ...]:
    """The list of a file or directory that is no link; none where it has none or the system knows none."""
    try:
        return parse(os.getxattr(path, ATTRIBUTE, follow_symlinks=False))
    except (OSError, AttributeError):
        return ()


def bits(permissions: int) -> str:
    """`r-x` of 5."""
    return "".join(letter if permissions & bit else "-" for letter, bit in (("r", 4), ("w", 2), ("x", 1)))
