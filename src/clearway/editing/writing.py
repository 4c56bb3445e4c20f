"""An edit on the disk: the file is the old one or the new one at every instant, and the old one is kept beside it."""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from . import backup
from .backup import Named
from .edit import Edit, octets
from .errors import ChangedError, EditError

_MEANT = ("system.", "user.")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class Written:
    """The file that was written, which no link stands for any more, and its backup; None where it is new."""

    path: Path
    backup: Path | None


def write(edit: Edit, named: Named = backup.beside) -> Written:
    """Make the edit, and make it durable. Mode, owner, access list and links stay as they are.

    Raises `ChangedError` where the file is not `before` any more, and `EditError` where it cannot be written; the file
    is the old one then.
    """
    target = edit.path.resolve()
    _unchanged(edit, target)
    try:
        if edit.before is None:
            return _made(target, edit.after)
        return _replaced(target, edit, named)
    except OSError as error:
        raise EditError(f"{target} cannot be written: {error.strerror}") from error


def undo(written: Written) -> None:
    """Put the backup back in its place, in one step; a file that was new goes away."""
    try:
        if written.backup is None:
            written.path.unlink()
        else:
            written.backup.replace(written.path)
    except OSError as error:
        raise EditError(f"{written.path} cannot be put back: {error.strerror}") from error


def moved(path: Path, named: Named = backup.beside) -> Path:
    """Take a file away, which stays under the name of a backup. Raises `EditError`."""
    try:
        for kept in named(path):
            with suppress(FileExistsError):
                os.link(path, kept, follow_symlinks=False)
                path.unlink()
                synced(path.parent)
                return kept
    except OSError as error:
        raise EditError(f"{path} cannot be taken away: {error.strerror}") from error
    raise AssertionError("names of backups do not end")


def _made(target: Path, data: bytes) -> Written:
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = staged(target, data, 0o666 & ~_umask())
    try:
        placed(temporary, target)
    except FileExistsError:
        raise ChangedError(f"{target} was made by somebody else meanwhile") from None
    finally:
        temporary.unlink(missing_ok=True)
    return Written(target, None)


def _replaced(target: Path, edit: Edit, named: Named) -> Written:
    status = target.stat()
    if not os.access(target, os.W_OK):
        raise EditError(f"{target} may not be written by this user")
    temporary = staged(target, edit.after, stat.S_IMODE(status.st_mode), like=target)
    try:
        kept = _kept(target, edit.before or b"", named)
        _unchanged(edit, target)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    synced(target.parent)
    return Written(target, kept)


def _kept(target: Path, data: bytes, named: Named) -> Path:
    """The backup with this content, which may be there already."""
    temporary = staged(target, data, stat.S_IMODE(target.stat().st_mode), like=target)
    try:
        for path in named(target):
            with suppress(FileExistsError):
                placed(temporary, path)
                return path
            if not path.is_symlink() and path.is_file() and path.read_bytes() == data:
                return path
        raise AssertionError("names of backups do not end")
    finally:
        temporary.unlink(missing_ok=True)


def _unchanged(edit: Edit, target: Path) -> None:
    if octets(target) != edit.before:
        raise ChangedError(f"{edit.path} was changed by somebody else meanwhile")


def staged(target: Path, data: bytes, mode: int, like: Path | None = None) -> Path:
    """A temporary file beside the target, durable, with its mode; owner and attributes are those of `like`."""
    temporary = target.with_name(f".clearway-{token_hex(8)}.tmp")
    descriptor = os.open(temporary, _NEW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            _adopt(file.fileno(), mode, like)
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def placed(temporary: Path, path: Path) -> None:
    """Give the file a name that nothing has. Raises `FileExistsError`."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        temporary.rename(path)
    synced(path.parent)


def _adopt_on_posix(descriptor: int, mode: int, like: Path | None) -> None:
    if like is not None:
        wanted, have = like.stat(), os.fstat(descriptor)
        if (wanted.st_uid, wanted.st_gid) != (have.st_uid, have.st_gid):
            _give(descriptor, wanted, like)
    os.fchmod(descriptor, mode)
    if like is not None and hasattr(os, "listxattr"):
        for name in os.listxattr(like):
            if name.startswith(_MEANT):  # the others are the system's own to set
                os.setxattr(descriptor, name, os.getxattr(like, name))


def _give(descriptor: int, wanted: os.stat_result, like: Path) -> None:
    try:
        os.fchown(descriptor, wanted.st_uid, wanted.st_gid)
    except PermissionError:
        raise EditError(f"{like} belongs to another user or group, who would lose it; edit it as its owner") from None


def _synced_on_posix(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    """There is no way to read it but to set it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _nothing(*_: object) -> None:
    """Windows has no modes, and no descriptors of directories."""


_ON_POSIX = os.name == "posix"
_adopt = _adopt_on_posix if _ON_POSIX else _nothing
synced = _synced_on_posix if _ON_POSIX else _nothing
