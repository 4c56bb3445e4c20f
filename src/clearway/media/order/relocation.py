"""A move of all files from one storage to another: copied, read back and compared; nothing is deleted or replaced.

A journal, one JSON object a line, has what was compared, so that a run that was ended goes on where it was. Without it
nothing is wrong: what is there is compared with the source once more.
"""

import json
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from django.core.files.base import File

from clearway.media.drafts import new_draft
from clearway.media.guarded import GuardedStorage
from clearway.stores.directory import Directory

from .changes import Change, Changes
from .derived import matches
from .examine import Tell
from .ground import DirectoryGround, Ground, Unread, ground
from .names import Names
from .places import bare

_BLOCK = 256 * 1024  # octets
_PAUSES = (0.5, 2.0)  # seconds before another attempt


@dataclass(frozen=True)
class Journey:
    """From where to where, and how: `jobs` copies at once, names that match `leave` are not copied."""

    source: Any
    target: Any
    journal: Path
    jobs: int = 8
    leave: tuple[str, ...] = ()
    labels: tuple[str, str] = ("source", "target")
    pauses: tuple[float, ...] = _PAUSES
    tell: Tell = lambda text, number: None


class DifferentError(Exception):
    """Something else has the name at the target."""


def plan(journey: Journey) -> Changes:
    """What a move would copy: the names that are not at the target, and those that no journal calls compared."""
    source, target = _both(journey)
    there, known = _names(target), _journal(journey.journal)
    made = Changes("move", False)
    for name in _names_of(source, journey):
        if not _is_known(source, name, known) or name not in there:
            made.files.append(Change(source.label, name, "compare" if name in there else "copy"))
        journey.tell("looking at files", len(made.files))
    made.unread += [*target.unread, *_unread(source)]
    return made


def move(journey: Journey) -> Changes:
    """Copy what is not there yet and compare what is. Problems are by file; the others go on."""
    source, target = _both(journey)
    there, known = _names(target), _journal(journey.journal)
    made = Changes("move", True, unread=list(target.unread))
    if made.unread:
        return made
    with journey.journal.open("a", encoding="utf-8") as journal, ThreadPoolExecutor(journey.jobs) as pool:

        def one(name: str) -> tuple[Change, str]:
            return _tried(journey, source, target, name)

        names = (name for name in _names_of(source, journey) if not (_is_known(source, name, known) and name in there))
        with closing(_each(pool, one, names, 4 * journey.jobs)) as results:
            for change, line in results:
                made.files.append(change)
                if line:
                    journal.write(line)
                    journal.flush()
                journey.tell("moved", len(made.files))
    made.unread += _unread(source)
    return made


def _unread(source: Ground) -> list[Unread]:
    """What could not be listed, and the links, whose files rows may name."""
    links = [Unread(link, "a symbolic link is not copied") for link in getattr(source, "links", ())]
    return [*source.unread, *links]


def _both(journey: Journey) -> tuple[Ground, Ground]:
    """Objects are stored with the project's policy, also where the storage is not wrapped."""
    target = journey.target if isinstance(journey.target, GuardedStorage) else GuardedStorage(bare(journey.target))
    return ground(journey.labels[0], journey.source), ground(journey.labels[1], target)


def _names(place: Ground) -> Names:
    found = Names()
    for entry in place.entries():
        if entry.is_file:
            found.add(entry.name)
    return found


def _names_of(source: Ground, journey: Journey) -> Iterator[str]:
    for entry in source.entries():
        if entry.is_file and not matches(entry.name, journey.leave):
            yield entry.name


def _tried(journey: Journey, source: Ground, target: Ground, name: str) -> tuple[Change, str]:
    for pause in (*journey.pauses, None):
        try:
            size, changed = source.size(name), source.changed(name)
            note = _moved(source, target, name)
            row = {"name": name, "size": size, "changed": changed}
            return Change(target.label, name, note), f"{json.dumps(row)}\n"
        except DifferentError as error:
            return Change(target.label, name, problem=str(error)), ""
        except Exception as error:  # each service has its own
            if pause is None:
                return Change(target.label, name, problem=str(error) or type(error).__name__), ""
            time.sleep(pause)
    raise AssertionError


def _moved(source: Ground, target: Ground, name: str) -> str:
    digest = _digest(source, name)
    if target.identity(name) is not None:
        if _digest(target, name) != digest:
            raise DifferentError("another content has this name there")
        return "compared"
    with _opened(source, name) as file:
        put(target, name, file)
    if _digest(target, name) != digest:
        raise OSError("what was read back is not what was copied")
    return "copied"


def put(place: Ground, name: str, content: IO[bytes]) -> None:
    """A new file under exactly this name. Raises `FileExistsError`, and what the storage raises."""
    if isinstance(place, DirectoryGround):
        _put_on_disk(place, name, content)
        return
    given = place.storage.save(name, File(content, name))
    if given != name:
        place.storage.delete(given)
        raise DifferentError(f"the storage would keep it as {given}")


def _put_on_disk(place: DirectoryGround, name: str, content: IO[bytes]) -> None:
    path = Path(place.root, name)
    store = Directory(path.parent, place.given_modes)
    store.ensure()
    store.flush()
    draft = new_draft(str(path.parent))
    try:
        draft.write(iter(lambda: content.read(_BLOCK), b""))
        draft.settle(place.given_modes.file)
        draft.give(str(path))
    finally:
        draft.close()


def _digest(place: Ground, name: str) -> str:
    digest = sha256()
    with _opened(place, name) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _opened(place: Ground, name: str) -> Any:
    return place.open(name) if isinstance(place, DirectoryGround) else place.storage.open(name, "rb")


def _journal(path: Path) -> dict[int, tuple[int, float]]:
    """What was compared: size and time of the source by the hash of the name."""
    known = {}
    with suppress(FileNotFoundError), path.open(encoding="utf-8") as file:
        for line in file:
            with suppress(ValueError, KeyError, TypeError):  # the last line of a run that was killed
                row = json.loads(line)
                known[hash(row["name"])] = (int(row["size"]), float(row["changed"]))
    return known


def _is_known(source: Ground, name: str, known: dict[int, tuple[int, float]]) -> bool:
    row = known.get(hash(name))
    return row is not None and row == (source.size(name), source.changed(name))


def _each(
    pool: ThreadPoolExecutor, function: Callable[[str], Any], names: Iterator[str], most: int
) -> Generator[Any, None, None]:
    """The results as they come, with at most so many names under way."""
    under_way: set[Future[Any]] = set()
    for name in names:
        under_way.add(pool.submit(function, name))
        if len(under_way) >= most:
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            yield from (each.result() for each in done)
    yield from (each.result() for each in under_way)
