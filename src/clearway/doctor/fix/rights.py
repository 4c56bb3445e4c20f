"""Letting a web server's worker read: modes and access lists, with a script that gives back what was before."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import ClassVar

from clearway.editing import backup
from clearway.editing.edit import Edit
from clearway.editing.errors import EditError
from clearway.editing.writing import write
from clearway.fronts import acl
from clearway.fronts.acl import Entry, Tag

from .action import Done, Surroundings

_READ, _SEARCH = 0o444, 0o111
_GIVEN_BACK = "the backup is a script for sh, which gives back the rights as they were"


@dataclass(frozen=True)
class Opening:
    """Everybody may read the files of a directory, and enter what lies in it; hidden ones and links are left out."""

    rank: ClassVar[int] = 2
    root: Path

    def do(self, around: Surroundings) -> Done:
        """Change the modes that have to change."""
        changes = [(path, old, new) for path, old in _walked(self.root) if (new := _open(old)) != old]
        if not changes:
            return Done()
        script = _script(self.root, [f"chmod {stat.S_IMODE(old):04o} {quote(str(path))}" for path, old, _ in changes])
        try:
            for path, _, new in changes:
                path.chmod(stat.S_IMODE(new))
        except OSError as error:
            raise EditError(f"{error.filename}: {error.strerror}; {script} gives back the modes") from error
        return Done((str(self.root),), (script,), _GIVEN_BACK)


@dataclass(frozen=True)
class Granting:
    """One user may do more with one file or directory: an entry in its access list, which gives nobody else more."""

    rank: ClassVar[int] = 2
    path: Path
    user: int
    permissions: int

    def do(self, around: Surroundings) -> Done:
        """Write the list."""
        try:
            mode, before = stat.S_IMODE(self.path.stat().st_mode), _list_of(self.path)
            after = _with(before or _of_mode(mode), self.user, self.permissions)
            if before == after:
                return Done()
            script = _script(self.path, _restoring(self.path, mode, before))
            os.setxattr(self.path, acl.ATTRIBUTE, acl.pack(after))
        except (OSError, AttributeError) as error:
            said = getattr(error, "strerror", None) or "there are no access lists here"
            raise EditError(f"the access list of {self.path} cannot be set: {said}") from error
        return Done((str(self.path),), (script,), _GIVEN_BACK)


def _walked(root: Path) -> Iterator[tuple[Path, int]]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(folder), *(Path(folder, name) for name in files if not name.startswith("."))):
            mode = path.lstat().st_mode
            if not stat.S_ISLNK(mode):
                yield path, mode


def _open(mode: int) -> int:
    """`chmod a+rX`."""
    return mode | _READ | (_SEARCH if stat.S_ISDIR(mode) or mode & _SEARCH else 0)


def _list_of(path: Path) -> tuple[Entry, ...]:
    """With an id only where one means something."""
    return tuple(
        Entry(each.tag, each.permissions, each.id if each.tag in (Tag.USER, Tag.GROUP) else 0)
        for each in acl.of(str(path))
    )


def _of_mode(mode: int) -> tuple[Entry, ...]:
    return (Entry(Tag.OWNER, mode >> 6 & 7), Entry(Tag.OWNING_GROUP, mode >> 3 & 7), Entry(Tag.OTHER, mode & 7))


def _with(entries: Sequence[Entry], user: int, permissions: int) -> tuple[Entry, ...]:
    """What the mask kept from others of its class is taken out of their entries, before it has to grow."""
    mask = next((each.permissions for each in entries if each.tag == Tag.MASK), 7)
    kept = [
        Entry(each.tag, each.permissions & mask, each.id) if each.tag in _MASKED else each
        for each in entries
        if each.tag != Tag.MASK
    ]
    mine = next((each for each in kept if (each.tag, each.id) == (Tag.USER, user)), None)
    others = [each for each in kept if each is not mine]
    own = Entry(Tag.USER, permissions | (mine.permissions if mine else 0), user)
    masked = own.permissions
    for each in others:
        masked |= each.permissions if each.tag in _MASKED else 0
    return tuple(sorted([*others, own, Entry(Tag.MASK, masked)], key=lambda each: (each.tag, each.id)))


_MASKED = (Tag.USER, Tag.OWNING_GROUP, Tag.GROUP)


def _restoring(path: Path, mode: int, before: Sequence[Entry]) -> list[str]:
    name = quote(str(path))
    if before:
        return [f"setfacl --set={','.join(map(str, before))} {name}"]
    return [f"setfacl -b {name}", f"chmod {mode:04o} {name}"]


def _script(root: Path, lines: Sequence[str]) -> str:
    """A script beside the root, or here where nothing may be written there; its path."""
    data = "\n".join([f"# sh: gives back the rights of {root!s} as they were", *lines, ""]).encode()
    for place in (root, Path.cwd() / root.name):
        path = next(each for each in backup.beside(place) if not os.path.lexists(each))
        try:
            return str(write(Edit(path, None, data)).path)
        except EditError:
            continue
    raise EditError(f"the rights of {root} cannot be noted down, neither beside it nor here")
