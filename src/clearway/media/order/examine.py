"""One examination: the files are listed, the rows are read, and what has no counterpart is looked at again."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from clearway.media.setting import type_of_name
from clearway.policy.signatures import contradicts

from .columns import Column, UnreadableError, rows, still_named
from .derived import all_columns, is_left, left_alone, of_others
from .findings import Findings, Orphan, Row, WrongMode, WrongType
from .ground import Entry, Ground, Unread, ground
from .names import Names
from .places import OddNameError, Place, aliases, label_of, place_of

Tell = Callable[[str, int], None]
REASON = "orphan"  # of what was set aside because no row named it


@dataclass(frozen=True)
class Wanted:
    """What is asked for. `older_than` in seconds; `contents` also reads the first octets of objects in buckets."""

    older_than: float = 86_400
    leave: tuple[str, ...] = ()
    named_by: tuple[str, ...] = ()
    storage: str = ""
    contents: bool = False
    only_orphans: bool = False
    tell: Tell = lambda text, number: None


@dataclass
class Home:
    """A place with the columns that name files in it."""

    ground: Ground
    columns: list[tuple[Column, str]] = field(default_factory=list)  # with the prefix of the column's own storage
    leave: list[str] = field(default_factory=list)
    there: Names = field(default_factory=Names)
    named: Names = field(default_factory=Names)
    identities: set[Any] = field(default_factory=set)


def grounds(wanted: Wanted) -> list[Home]:
    """The places of all storages that a `FileField` uses. Raises `ImproperlyConfigured`."""
    known = list(aliases().items())
    every = all_columns(wanted.named_by)
    places = {id(column): place_of(column.storage) for column in every if column.storage is not None}
    made: list[Home] = []
    for column in sorted((c for c in every if id(c) in places), key=lambda c: len(places[id(c)].parts)):
        place = places[id(column)]
        home = next((each for each in made if each.ground.place.contains(place)), None)
        if home is None:
            home = Home(ground(label_of(column.storage, known), column.storage))
            made.append(home)
        home.columns.append((column, home.ground.place.prefix_of(place)))
    _complete(made, every, wanted, [place_of(storage) for _, storage in known])
    made.sort(key=lambda each: (each.ground.label != "default", each.ground.label))
    return [each for each in made if not wanted.storage or each.ground.label == wanted.storage]


def _complete(made: list[Home], every: list[Column], wanted: Wanted, others: list[Place]) -> None:
    used = {place_of(column.storage) for column in every if column.storage is not None}
    patterns = left_alone(wanted.leave)
    for home in made:
        home.columns += [(column, "") for column in every if column.storage is None]
        home.leave = [*patterns, *of_others(home.ground.place, [each for each in others if each not in used])]


def examine(wanted: Wanted) -> Findings:
    """Everything of every place. Raises `ImproperlyConfigured`."""
    found = Findings()
    for home in grounds(wanted):
        found.storages.append(home.ground.label)
        _list(home, wanted, found)
        _read(home, wanted, found)
        found.unread += home.ground.unread
        home.ground.unread.clear()
        if home.ground.label not in found.blind:
            found.orphans += sorted(_orphans(home, wanted, found), key=lambda each: each.name)
            home.ground.unread.clear()  # said already
    return found


def _list(home: Home, wanted: Wanted, found: Findings) -> None:
    modes = home.ground.modes()
    for entry in home.ground.entries():
        if entry.is_file:
            home.there.add(entry.name)
            found.files += 1
            wanted.tell("looking at files", found.files)
        if not wanted.only_orphans:
            _judge(home, entry, modes, wanted, found)


def _judge(home: Home, entry: Entry, modes: tuple[int | None, int | None], wanted: Wanted, found: Findings) -> None:
    label, right = home.ground.label, modes[0] if entry.is_file else modes[1]
    if right is not None and entry.mode is not None and entry.mode & 0o777 != right & 0o777:
        found.modes.append(WrongMode(label, entry.name, entry.mode, right))
    if entry.is_file and (entry.mode is not None or wanted.contents) and not is_left(entry.name, home.leave):
        try:
            named = type_of_name(entry.name)
            other = contradicts(named, home.ground.head(entry.name))
        except FileNotFoundError:
            return
        except Exception as error:  # each service has its own
            found.unread.append(Unread(f"{label}: {entry.name}", _said(error)))
            return
        if other:
            found.types.append(WrongType(label, entry.name, named, other))


def _read(home: Home, wanted: Wanted, found: Findings) -> None:
    """The rows. What has no file of exactly its name is asked for: a link or a file system may know it as another."""
    for column, prefix in home.columns:
        try:
            for database, key, name in rows(column):
                found.rows += 1
                wanted.tell("reading rows", found.rows)
                _match(home, Row(home.ground.label, *_of(column), str(key), database, name), column, prefix, found)
        except UnreadableError as error:
            what = f"{column.label} in the database {error.database}"
            found.unread.append(Unread(what, error.reason))
            found.blind.add(home.ground.label)


def _match(home: Home, row: Row, column: Column, prefix: str, found: Findings) -> None:
    try:
        name = home.ground.name_of(prefix, row.name)
    except OddNameError:
        if column.storage is not None:
            found.odd.append(row)
        return
    home.named.add(name)
    if name in home.there:
        return
    try:
        identity = home.ground.identity(name)
        if identity is not None:
            home.identities.add(identity)
        elif column.storage is not None:
            note = home.ground.note(prefix, name)
            if note is None:
                found.missing.append(row)
            elif note.reason == REASON:
                found.held.append(row)
    except Exception as error:  # each service has its own
        found.unread.append(Unread(f"{row.storage}: {row.name}", _said(error)))


def _orphans(home: Home, wanted: Wanted, found: Findings) -> Iterator[Orphan]:
    now = time.time()
    for entry in home.ground.entries():
        if not entry.is_file or entry.name in home.named:
            continue
        if is_left(entry.name, home.leave):
            found.left += 1
            continue
        try:
            if home.identities and home.ground.identity(entry.name) in home.identities:
                continue
            changed = home.ground.changed(entry.name)
            if now - changed < wanted.older_than:
                found.young += 1
                continue
            yield Orphan(home.ground.label, entry.name, home.ground.size(entry.name), int(changed))
        except FileNotFoundError:
            continue
        except Exception as error:  # each service has its own
            found.unread.append(Unread(f"{home.ground.label}: {entry.name}", _said(error)))


def named_by_now(home: Home, names: Iterable[str]) -> set[str]:
    """Those of a few names that a row has by now. Raises `UnreadableError`."""
    taken: set[str] = set()
    for column, prefix in home.columns:
        inner = [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
        taken |= {home.ground.name_of(prefix, name) for name in still_named(column, inner)} if inner else set()
    return taken


def _of(column: Column) -> tuple[str, str]:
    return column.model._meta.label, column.field


def _said(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error) or type(error).__name__
