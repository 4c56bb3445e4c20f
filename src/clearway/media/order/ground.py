"""The files of one place: what is there, and what can be asked of each."""

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any, Protocol

from clearway.catalog.beneath import open_beneath
from clearway.media.moving import folder_beneath
from clearway.media.quarantine import FOLDER, Note, Quarantine
from clearway.media.storage import MediaStorage
from clearway.policy.signatures import HEAD
from clearway.stores.directory import Modes, is_temporary

from .held_objects import HeldObjects
from .places import Place, bare, name_below, name_in, place_of

# for a file that its owner may not read, too
_UNOPENED = getattr(os, "O_PATH", os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in a place. `mode` is None where there are none, `is_file` False for a directory."""

    name: str
    is_file: bool
    mode: int | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be examined, and why."""

    what: str
    reason: str


class Ground(Protocol):
    """`label` names it to people; `unread` is what a walk could not see; `storage` keeps the files."""

    label: str
    place: Place
    storage: Any
    unread: list[Unread]
    quarantine: Any

    def entries(self) -> Iterator[Entry]:
        """All files, and the directories between them where there are any."""

    def name_of(self, prefix: str, name: str) -> str:
        """The name of a row, from the root of the place. Raises `OddNameError`."""

    def note(self, prefix: str, name: str) -> Note | None:
        """Why a file is held, of a storage that begins at `prefix`."""

    def identity(self, name: str) -> Any:
        """What two names of one file share; None where there is no file. Raises `OSError` and others."""

    def size(self, name: str) -> int: ...

    def changed(self, name: str) -> float:
        """When a file came or changed, in seconds since 1970. Raises `NotImplementedError` where nothing says."""

    def head(self, name: str) -> bytes:
        """The first octets of a file."""

    def modes(self) -> tuple[int | None, int | None]:
        """The modes that a file and a directory should have; None where any is right."""


class DirectoryGround:
    """A directory. No link is followed in it: `links` are those that walks passed by."""

    def __init__(self, label: str, storage: Any) -> None:
        self.label, self.storage, self.unread = label, bare(storage), list[Unread]()
        self.place = place_of(storage)
        self.root, self.links = self.place.path, list[str]()
        self.quarantine = Quarantine(Path(self.root), self.given_modes)

    def entries(self) -> Iterator[Entry]:
        if not os.path.isdir(self.root):
            return
        yield from self._below(self.root, "")

    def _below(self, folder: str, prefix: str) -> Iterator[Entry]:
        try:
            found = os.scandir(folder)
        except OSError as error:
            self.unread.append(Unread(folder, error.strerror or str(error)))
            return
        with found:
            for entry in found:
                if entry.name == FOLDER or is_temporary(entry.name):
                    continue
                try:
                    mode = entry.stat(follow_symlinks=False).st_mode
                except OSError:  # gone meanwhile
                    continue
                if stat.S_ISLNK(mode):
                    self.links.append(entry.path)
                if stat.S_ISDIR(mode):
                    yield Entry(f"{prefix}{entry.name}", False, stat.S_IMODE(mode))
                    yield from self._below(entry.path, f"{prefix}{entry.name}/")
                elif stat.S_ISREG(mode):
                    yield Entry(f"{prefix}{entry.name}", True, stat.S_IMODE(mode))

    def name_of(self, prefix: str, name: str) -> str:
        return name_below(self.root, prefix, name)

    def note(self, prefix: str, name: str) -> Note | None:
        inner = Quarantine(Path(self.root, prefix)) if prefix else self.quarantine
        return self.quarantine.held(name) or inner.held(name.removeprefix(prefix))

    def identity(self, name: str) -> Any:
        try:
            status = os.stat(os.path.join(self.root, name))
        except ValueError:  # what no file system can have as a name
            return None
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP):
                return None
            raise
        return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None

    def size(self, name: str) -> int:
        return os.lstat(os.path.join(self.root, name)).st_size

    def changed(self, name: str) -> float:
        """A file that was moved here keeps the time of its content: the later one counts."""
        status = os.lstat(os.path.join(self.root, name))
        return max(status.st_mtime, status.st_ctime)

    def head(self, name: str) -> bytes:
        with self.open(name) as file:
            return file.read(HEAD)

    def open(self, name: str) -> FileIO:
        return open_beneath(self.root, name)

    def modes(self) -> tuple[int | None, int | None]:
        file, folder = self.storage.file_permissions_mode, self.storage.directory_permissions_mode
        if isinstance(self.storage, MediaStorage):
            return self.storage._modes.file, self.storage._modes.directory
        return file, folder

    @property
    def given_modes(self) -> Modes:
        """Those of new files and directories, also where any is right."""
        (file, folder), default = self.modes(), Modes()
        return Modes(default.file if file is None else file, default.directory if folder is None else folder)

    def set_mode(self, name: str, mode: int) -> None:
        """Give a file or a directory its mode, by its descriptor; the bits beyond 0777 stay."""
        *folders, last = name.split("/")
        with folder_beneath(self.root, folders) as folder:
            descriptor = os.open(last, _UNOPENED | os.O_NOFOLLOW, dir_fd=folder)
            try:
                status = os.fstat(descriptor)
                if stat.S_ISLNK(status.st_mode):
                    raise FileNotFoundError(errno.ENOENT, "a link now", name)
                os.chmod(f"/dev/fd/{descriptor}", mode | stat.S_IMODE(status.st_mode) & ~0o777)
            finally:
                os.close(descriptor)


class ObjectGround:
    """A bucket, or whatever else a storage lists."""

    def __init__(self, label: str, storage: Any) -> None:
        self.label, self.storage, self.unread = label, bare(storage), list[Unread]()
        self.place = place_of(storage)
        self.quarantine = HeldObjects(self.storage)

    def entries(self) -> Iterator[Entry]:
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                inner, files = self.storage.listdir(folder)
            except FileNotFoundError:
                continue
            except NotImplementedError:
                self.unread.append(Unread(self.label, f"{type(self.storage).__name__} cannot list its files"))
                return
            except Exception as error:  # each service has its own
                self.unread.append(Unread(f"{self.label}/{folder}".rstrip("/"), str(error) or type(error).__name__))
                continue
            prefix = f"{folder}/" if folder else ""
            folders += [prefix + each for each in inner if each not in ("", ".", FOLDER)]
            yield from (Entry(prefix + each, True) for each in files if each not in ("", "."))

    def name_of(self, prefix: str, name: str) -> str:
        return name_in(prefix, name.replace("\\", "/"))

    def note(self, prefix: str, name: str) -> Note | None:
        held: Note | None = self.quarantine.held(name)
        return held

    def identity(self, name: str) -> Any:
        return name if self.storage.exists(name) else None

    def size(self, name: str) -> int:
        return int(self.storage.size(name))

    def changed(self, name: str) -> float:
        return float(self.storage.get_modified_time(name).timestamp())

    def head(self, name: str) -> bytes:
        with self.storage.open(name, "rb") as file:
            return bytes(file.read(HEAD))

    def modes(self) -> tuple[int | None, int | None]:
        return None, None


def ground(label: str, storage: Any) -> DirectoryGround | ObjectGround:
    """What keeps the files of a storage."""
    return DirectoryGround(label, storage) if place_of(storage).kind == "directory" else ObjectGround(label, storage)
