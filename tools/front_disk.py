"""The files of a case, with their rights, on the disk."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from clearway.fronts import acl
from tools.front_case import Entry, Place

_FIRST_TIME = 1_700_000_000


def lay_out(entries: Sequence[Entry], place: Place) -> None:
    """The files of a case, with their rights."""
    for number, entry in enumerate(entries):
        _make(place, entry, _FIRST_TIME + number)
    # The rights come last, the deepest first: a closed directory is closed to us too where we are not root.
    for entry in sorted(entries, key=lambda each: each.path, reverse=True):
        _rights(place.documents / entry.path, entry)


def _make(place: Place, entry: Entry, moment: int) -> None:
    path = place.documents / entry.path
    if os.path.lexists(path):
        return
    # A case that was made smaller may name a file below another, or through a link.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if entry.is_directory:
            path.mkdir()
        elif entry.target is not None:
            path.symlink_to(place.fill(entry.target))
        else:
            path.write_bytes(content(place, entry.path))
            os.utime(path, (moment, moment))


def content(place: Place, path: str) -> bytes:
    """Of a file below the documents: its own name, which no other has."""
    return f"{place.number}:{path}\n".encode("utf-8", "surrogateescape")


def _rights(path: Path, entry: Entry) -> None:
    if entry.target is not None or path.is_symlink() or not path.exists():
        return
    if os.geteuid() == 0 and entry.owner != (0, 0):
        os.chown(path, *entry.owner)
    if entry.rules:
        os.setxattr(path, acl.ATTRIBUTE, acl.pack(entry.rules))
    usual = 0o755 if entry.is_directory else 0o644
    if not entry.rules and entry.mode != usual:
        path.chmod(entry.mode)
