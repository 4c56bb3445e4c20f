"""Changes, each of one file and harmless when it is made twice: set aside, take back, delete, mend a mode."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from clearway.media.quarantine import Note

from .columns import UnreadableError
from .examine import REASON, Home, Wanted, examine, grounds, named_by_now
from .findings import Orphan
from .ground import DirectoryGround, Ground, Unread

_BATCH = 200  # names that the database is asked for at once


@dataclass(frozen=True, slots=True)
class Change:
    """Of one file; `problem` is why it was not made."""

    storage: str
    name: str
    note: str = ""
    problem: str = ""


@dataclass
class Changes:
    """What was done, or would be. `unread` is what had to be read first and could not be."""

    action: str
    applied: bool
    files: list[Change] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    @property
    def code(self) -> int:
        """0 when nothing is left to do, 1 when something is, 2 when something could not be examined."""
        if self.unread:
            return 2
        undone = self.files if not self.applied else [each for each in self.files if each.problem]
        return int(bool(undone))


def set_aside(wanted: Wanted, *, apply: bool) -> Changes:
    """Hold the orphans, unless a column could not be read: then none of any storage."""
    found = examine(wanted)
    made = Changes("quarantine", apply, unread=found.unread)
    if found.blind:
        return made
    homes = {home.ground.label: home for home in grounds(wanted)}
    for batch in _batches(found.orphans):
        for label in {each.storage for each in batch}:
            some = [each for each in batch if each.storage == label]
            made.files += _held(homes[label], some, apply, made.unread)
            wanted.tell("set aside", len(made.files))
    return made


def _held(home: Home, orphans: list[Orphan], apply: bool, unread: list[Unread]) -> Iterator[Change]:
    """The rows are asked once more: a row may have come while others were read."""
    try:
        named = named_by_now(home, [each.name for each in orphans]) if apply else set()
    except UnreadableError as error:
        unread.append(Unread(f"{home.ground.label} in the database {error.database}", error.reason))
        return
    for each in orphans:
        if each.name in named:
            continue
        hold = (lambda name: home.ground.quarantine.hold(name, REASON)) if apply else _nothing
        yield _tried(home.ground, each.name, hold, f"{each.size}")


def take_back(wanted: Wanted, names: Iterable[str]) -> Changes:
    """Restore these names among what is held, or all orphans when none is given."""
    made, given = Changes("restore", True), list(dict.fromkeys(names))
    for home in grounds(wanted):
        quarantine = home.ground.quarantine
        orphans = [] if given else [each.name for each in _notes(home, made) if each.reason == REASON]
        chosen = [name for name in given if name in quarantine] if given else orphans
        made.files += [_tried(home.ground, name, quarantine.restore) for name in chosen]
    return _with_unknown(made, given, wanted)


def delete(wanted: Wanted, names: Iterable[str], *, apply: bool) -> Changes:
    """Delete these names among what is held."""
    made, given = Changes("discard", apply), list(dict.fromkeys(names))
    for home in grounds(wanted):
        quarantine = home.ground.quarantine
        remove = quarantine.discard if apply else _nothing
        made.files += [_tried(home.ground, name, remove) for name in given if name in quarantine]
    return _with_unknown(made, given, wanted)


def purge(wanted: Wanted, *, apply: bool) -> Changes:
    """Delete what was held as an orphan for long enough and no row names; the rest of the quarantine stays."""
    made, before = Changes("purge", apply), time.time() - wanted.older_than
    for home in grounds(wanted):
        notes = [each for each in _notes(home, made) if each.reason == REASON and 0 < each.held < before]
        for batch in _batches(notes):
            try:
                named = named_by_now(home, [each.name for each in batch])
            except UnreadableError as error:
                made.unread.append(Unread(f"{home.ground.label} in the database {error.database}", error.reason))
                break
            remove = home.ground.quarantine.discard if apply else _nothing
            made.files += [_tried(home.ground, each.name, remove) for each in batch if each.name not in named]
        if apply:
            home.ground.quarantine.heal()
    return made


def mend_modes(wanted: Wanted, *, apply: bool) -> Changes:
    """Give files and directories the modes that the storage would have given."""
    made = Changes("modes", apply)
    for home in grounds(wanted):
        place = home.ground
        if isinstance(place, DirectoryGround):
            made.files += _mended(place, apply)
            made.unread += place.unread
    return made


def _mended(place: DirectoryGround, apply: bool) -> Iterator[Change]:
    """A directory is mended before it is entered."""
    for_files, for_folders = place.modes()
    for entry in place.entries():
        right = for_files if entry.is_file else for_folders
        if right is None or entry.mode is None or entry.mode & 0o777 == right & 0o777:
            continue
        mend = partial(place.set_mode, mode=right) if apply else _nothing
        yield _tried(place, entry.name, mend, f"{entry.mode & 0o777:04o} to {right & 0o777:04o}")


def held(wanted: Wanted) -> tuple[list[tuple[str, Note]], list[Unread]]:
    """(storage, note) of all that is held, for whatever reason, and what could not be listed."""
    made = Changes("held", False)
    found = [(home.ground.label, note) for home in grounds(wanted) for note in _notes(home, made)]
    return sorted(found, key=lambda each: (each[0], each[1].name)), made.unread


def _notes(home: Home, made: Changes) -> list[Note]:
    try:
        return list(home.ground.quarantine)
    except Exception as error:  # each service has its own
        made.unread.append(Unread(f"the quarantine of {home.ground.label}", str(error) or type(error).__name__))
        return []


def _with_unknown(made: Changes, given: list[str], wanted: Wanted) -> Changes:
    """A name that is held nowhere is a problem, unless it is where it should be."""
    known = {each.name for each in made.files}
    for name in given:
        if name not in known and not (made.action == "restore" and _is_somewhere(name, wanted)):
            made.files.append(Change(wanted.storage, name, problem="is not held"))
    return made


def _is_somewhere(name: str, wanted: Wanted) -> bool:
    try:
        return any(home.ground.identity(home.ground.name_of("", name)) is not None for home in grounds(wanted))
    except (OSError, ValueError):
        return False


def _tried(place: Ground, name: str, change: Callable[[str], Any], note: str = "") -> Change:
    try:
        change(name)
    except Exception as error:  # each service has its own
        said = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return Change(place.label, name, note, said)
    return Change(place.label, name, note)


def _batches(found: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(found)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _nothing(name: str) -> None:
    """What a dry run does."""
