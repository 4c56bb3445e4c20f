"""Scanning what is held until a scanner has seen it."""

from collections.abc import Iterator

from clearway.media.gate.held import Scanned, scan_held
from clearway.media.storage import MediaStorage

from .changes import Change, Changes
from .examine import Wanted, grounds
from .ground import Unread
from .places import bare


def scan(wanted: Wanted) -> Changes:
    """Of every `MediaStorage` that a `FileField` uses: clean files are served from now on, the others stay."""
    made = Changes("scan", applied=True)
    for label, storage in _storages(wanted):
        try:
            for found in scan_held(storage):
                made.files.append(Change(label, found.name, problem=_problem(found)))
                wanted.tell("scanned", len(made.files))
        except OSError as error:
            made.unread.append(Unread(label, str(error)))
    return made


def _storages(wanted: Wanted) -> Iterator[tuple[str, MediaStorage]]:
    seen: set[str] = set()
    for home in grounds(wanted):
        for column, _ in home.columns:
            storage = bare(column.storage) if column.storage is not None else None
            if isinstance(storage, MediaStorage) and str(storage.location) not in seen:
                seen.add(str(storage.location))
                yield home.ground.label, storage


def _problem(found: Scanned) -> str:
    return f"infected: {found.scan.name}" if found.scan.name else found.scan.unknown
