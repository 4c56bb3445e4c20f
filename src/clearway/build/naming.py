"""Published names: from what a file will contain, in the form of Django's manifest storage."""

from collections.abc import Callable
from hashlib import md5
from posixpath import split, splitext

Naming = Callable[[str, bytes], str]
"""From a logical name and the octets that decide, to the published name."""


def hashed_name(name: str, data: bytes) -> str:
    """`a/root.<12 hex of MD5>.ext`, as Django's `hashed_name` and `file_hash` give it."""
    return with_hash(name, md5(data, usedforsecurity=False).hexdigest())


def with_hash(name: str, hex_digest: str) -> str:
    """The same from a digest."""
    folder, base = split(name)
    root, extension = splitext(base)
    digest = hex_digest[:12]
    return f"{folder}/{root}.{digest}{extension}" if folder else f"{root}.{digest}{extension}"
