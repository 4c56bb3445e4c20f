"""Files that no scanner has seen yet: kept in the quarantine of their storage, and not served until one has.

Meanwhile `exists` says yes, so that the name is taken; `url` is what it will be, and answers 404; `open` raises
`FileHeld`; `delete` deletes.
"""

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clearway.media.quarantine import Note, Quarantine
from clearway.media.setting import gate_setting

from .scanned import INFECTED, NOT_SCANNED, Scan, scan, scanner_of


class FileHeld(FileNotFoundError):  # noqa: N818 - a state, and no mistake
    """A file that is kept and not served, and why."""

    def __init__(self, note: Note) -> None:
        super().__init__(errno.ENOENT, f"held: {note.reason}", note.name)


@dataclass(frozen=True)
class Scanned:
    """A held file and what a scanner said of it; where it is clean, it is served now."""

    name: str
    scan: Scan


def scan_held(storage: Any) -> Iterator[Scanned]:
    """Scan what a `MediaStorage` holds unscanned: clean files are served, infected ones stay with the name of it.

    A clean file whose name was taken in the meantime stays as it is. Raises `OSError`.
    """
    scanner = scanner_of(gate_setting())
    quarantine: Quarantine = storage.quarantine
    for note in [note for note in quarantine if note.reason == NOT_SCANNED] if scanner else []:
        assert scanner is not None
        with quarantine.open(note.name) as file:
            found = scan(scanner, file, note.name)
        if found.clean:
            found = _served(quarantine, note.name)
        elif found.name:
            quarantine.explain(note.name, f"{INFECTED}{found.name}")
        yield Scanned(note.name, found)


def _served(quarantine: Quarantine, name: str) -> Scan:
    try:
        quarantine.restore(name)
    except FileExistsError:
        return Scan(unknown="clean, and its name was taken in the meantime")
    return Scan()
