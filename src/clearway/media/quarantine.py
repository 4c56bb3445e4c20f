"""Files that are kept and not served: each in a tree of the same shape, with a note that says why.

    <root>/.clearway-quarantine/files/<name>            the file; a name is held if and only if it is here
    <root>/.clearway-quarantine/notes/<key>.json        {"schema": 1, "name", "reason", "held", "sha256"}

`key` is the SHA-256 of the name, since a name has no room for a suffix. The note is there before the file, and a file
moves in one step: a crash leaves it in one place, and a note of no file is removed by the next use of the name.
"""

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from io import FileIO
from pathlib import Path
from time import time
from typing import Any

from clearway.catalog.beneath import open_beneath
from clearway.catalog.names import is_canonical
from clearway.stores.directory import Modes, adopt, temporary_path

from .moving import folder_beneath, is_there, move, regular

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

FOLDER = ".clearway-quarantine"
_FILES, _NOTES = (FOLDER, "files"), (FOLDER, "notes")
_CLOSED = 0o700  # for nobody else, whatever the umask
_NO_SUCH = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG})
_NOWHERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP})
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True, slots=True)
class Note:
    """Why a file is held and since when (seconds since 1970), and the SHA-256 of its content in hexadecimal."""

    name: str
    reason: str
    held: int
    sha256: str


class Quarantine:
    """Of the files below `root`, by their names there. `modes` are those of a file that is restored.

    Every method may raise `OSError`, and those that change something `ValueError` for a name that cannot be one.
    Processes take turns.
    """

    def __init__(self, root: Path, modes: Modes | None = None) -> None:
        self._root, self._modes = os.fspath(root), modes or Modes()

    def __contains__(self, name: object) -> bool:
        """Whether a name is held, and taken for new files."""
        if not isinstance(name, str) or not is_canonical(name) or not os.path.lexists(self._home):
            return False
        *folders, last = name.split("/")
        try:
            with folder_beneath(self._root, [*_FILES, *folders]) as folder:
                return is_there(folder, last)
        except UnicodeEncodeError:
            return False
        except OSError as error:
            if error.errno in _NO_SUCH:
                return False
            raise

    def __iter__(self) -> Iterator[Note]:
        """The notes of all files that are held, in no order. A file whose note was lost has one of unknown reason."""
        for name in self._names(os.path.join(self._home, "files"), ""):
            if note := self.held(name):
                yield note

    def held(self, name: str) -> Note | None:
        """The note of a file that is held."""
        if name not in self:
            return None
        try:
            with open_beneath(self._root, "/".join([*_NOTES, key_of(name)])) as file:
                read = json.loads(file.read())
            return Note(name, str(read["reason"]), int(read["held"]), str(read["sha256"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return Note(name, "unknown", 0, "")

    def open(self, name: str) -> FileIO:
        """A file that is held, for reading. Raises `FileNotFoundError`."""
        return open_beneath(self._root, "/".join([*_FILES, _checked(name)]))

    def hold(self, name: str, reason: str) -> Note:
        """Move the file that stands at `name` here. Raises `FileNotFoundError`; `FileExistsError` where one is held."""
        *folders, last = _checked(name).split("/")
        with open_beneath(self._root, name) as file:
            seen, digest = os.fstat(file.fileno()), file_digest(file, "sha256").hexdigest()
        with self._locked(), self._place(folders) as target, folder_beneath(self._root, folders) as source:
            if is_there(target, last):
                raise FileExistsError(errno.EEXIST, "held already", name)
            note = self._note(name, reason, digest)
            if not _is_same(regular(source, last), seen):
                raise FileNotFoundError(errno.ENOENT, "changed while it was read", name)
            move(last, source, target)
            os.fsync(target)
            os.fsync(source)
        return note

    def admit(self, name: str, reason: str, digest: str, give: Callable[[str], None]) -> Note:
        """Take a new file that never was at `name`: `give` gets the path where it is to appear, in one step.

        Raises `FileExistsError` where one is held, and what `give` raises.
        """
        *folders, last = _checked(name).split("/")
        with self._locked(), self._place(folders) as target:
            if is_there(target, last):
                raise FileExistsError(errno.EEXIST, "held already", name)
            note = self._note(name, reason, digest)
            try:
                give(os.path.join(self._home, "files", *folders, last))
            except BaseException:
                self._forget(name, folders)
                raise
            os.fsync(target)
        return note

    def explain(self, name: str, reason: str) -> Note:
        """Another reason for a file that is held. Raises `FileNotFoundError`."""
        with self._locked():
            note = self.held(name)
            if note is None:
                raise FileNotFoundError(errno.ENOENT, "not held", name)
            return self._note(name, reason, note.sha256)

    def restore(self, name: str) -> None:
        """Move a file back to `name`, with its modes. Raises `FileNotFoundError`; `FileExistsError` where one is."""
        *folders, last = _checked(name).split("/")
        with self._locked():
            with self._held_in(name, folders) as source:
                regular(source, last)
                with folder_beneath(self._root, folders, self._modes.directory) as target:
                    self._settle(last, source, target)
                    move(last, source, target)
                    os.fsync(target)
                    os.fsync(source)
            self._forget(name, folders)

    def discard(self, name: str) -> None:
        """Delete a file that is held. Raises `FileNotFoundError`."""
        *folders, last = _checked(name).split("/")
        with self._locked():
            with self._held_in(name, folders) as source:
                os.unlink(last, dir_fd=source)
                os.fsync(source)
            self._forget(name, folders)

    def heal(self) -> None:
        """Remove the notes, and what was written of notes, whose file never came or is gone."""
        if not os.path.lexists(self._home):
            return
        with self._locked(), folder_beneath(self._root, _NOTES, _CLOSED) as notes, os.scandir(notes) as found:
            for entry in list(found):
                with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
                    if not entry.name.endswith(".json"):
                        os.unlink(entry.name, dir_fd=notes)
                        continue
                    with open_beneath(self._root, "/".join([*_NOTES, entry.name])) as file:
                        if json.loads(file.read())["name"] not in self:
                            os.unlink(entry.name, dir_fd=notes)

    @property
    def _home(self) -> str:
        return os.path.join(self._root, FOLDER)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with folder_beneath(self._root, [FOLDER], _CLOSED) as home:
            fcntl.flock(home, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(home, fcntl.LOCK_UN)

    @contextmanager
    def _place(self, folders: list[str]) -> Iterator[int]:
        with folder_beneath(self._root, [*_FILES, *folders], _CLOSED) as folder:
            yield folder

    @contextmanager
    def _held_in(self, name: str, folders: list[str]) -> Iterator[int]:
        if name not in self:
            self._forget(name, folders)
            raise FileNotFoundError(errno.ENOENT, "not held", name)
        with folder_beneath(self._root, [*_FILES, *folders]) as folder:
            yield folder

    def _settle(self, last: str, source: int, target: int) -> None:
        descriptor = os.open(last, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0), dir_fd=source)
        try:
            adopt(descriptor, f"/dev/fd/{target}", self._modes.file)
        finally:
            os.close(descriptor)

    def _note(self, name: str, reason: str, digest: str) -> Note:
        note = Note(name, reason, int(time()), digest)
        hidden = os.path.basename(temporary_path(""))
        with folder_beneath(self._root, _NOTES, _CLOSED) as notes:
            descriptor = os.open(hidden, _NEW, 0o600, dir_fd=notes)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                json.dump({"schema": 1, **asdict(note)}, file)
                file.flush()
                os.fsync(descriptor)
            os.rename(hidden, key_of(name), src_dir_fd=notes, dst_dir_fd=notes)
            os.fsync(notes)
        return note

    def _forget(self, name: str, folders: list[str]) -> None:
        """Remove the note, and the directories that are empty now."""
        with suppress(FileNotFoundError), folder_beneath(self._root, _NOTES) as notes:
            os.unlink(key_of(name), dir_fd=notes)
        for depth in range(len(folders), 0, -1):
            try:
                with folder_beneath(self._root, [*_FILES, *folders[: depth - 1]]) as above:
                    os.rmdir(folders[depth - 1], dir_fd=above)
            except OSError:
                return

    def _names(self, folder: str, prefix: str) -> Iterator[str]:
        try:
            entries = os.scandir(folder)
        except FileNotFoundError:
            return
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from self._names(entry.path, f"{prefix}{entry.name}/")
                else:
                    yield f"{prefix}{entry.name}"


def _checked(name: str) -> str:
    if not is_canonical(name) or name.split("/", maxsplit=1)[0] == FOLDER:
        raise ValueError(f"{name!r} names no file that can be held")
    return name


def key_of(name: str) -> str:
    """The file name of the note of a name."""
    return f"{sha256(os.fsencode(name)).hexdigest()}.json"


def _is_same(one: os.stat_result, other: os.stat_result) -> bool:
    return all(getattr(one, field) == getattr(other, field) for field in ("st_dev", "st_ino", "st_size", "st_mtime_ns"))
