"""`clearway.media.MediaStorage`: users' files in a directory, whole, with the modes and names they should have."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

from clearway.catalog.reading import open_regular
from clearway.policy.file_names import safe_name
from clearway.stores.directory import Directory, Modes

from .drafts import Draft, moved_draft, new_draft
from .gate.held import FileHeld
from .gate.scanned import NOT_SCANNED, is_clean
from .mismatch import check_content
from .naming import alternative, checked_path, naming
from .quarantine import Quarantine
from .rolled_back import watch

_DEFAULT = Modes()


@deconstructible(path="clearway.media.MediaStorage")
class MediaStorage(FileSystemStorage):
    """Django's `FileSystemStorage`, with its arguments, and:

    - a file appears under its name when all of it is on the disk, and never in the place of another,
      unless `allow_overwrite` says so;
    - files and directories have `file_permissions_mode` and `directory_permissions_mode` (0644 and 0755 where neither
      these nor Django's settings say any), whatever the umask and the size of the upload;
    - names are safe on every file system, see `clearway.policy.file_names`;
    - a content that contradicts the name is told, see `clearway.media.mismatch`;
    - where a scanner is set, what is infected is not kept, and what could not be scanned is not served, see
      `clearway.media.gate.held`.

    names    "kept"; "opaque": each file in a directory with a random name; "content": in one named by its content, so
             that the same file is kept once. The last part of the path is the original name.
    fan_out  levels of directories above these, 256 at most in each

    Raises `ImproperlyConfigured`, and what Django's raises.
    """

    def __init__(
        self,
        location: str | os.PathLike[str] | None = None,
        base_url: str | None = None,
        file_permissions_mode: int | None = None,
        directory_permissions_mode: int | None = None,
        allow_overwrite: bool = False,
        names: str = "kept",
        fan_out: int = 0,
    ) -> None:
        super().__init__(
            location, base_url, file_permissions_mode, directory_permissions_mode, allow_overwrite=allow_overwrite
        )
        self._overwrites, self._naming = allow_overwrite, naming(names, fan_out)

    def get_valid_name(self, name: str) -> str:
        """What Django makes of the name that a person gave, made safe."""
        return safe_name(super().get_valid_name(name))

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A safe name that is free, with room for what the place has more than the name."""
        room = max_length and max(max_length - self._naming.extra, 1)
        return super().get_available_name(checked_path(name), max_length=room)

    def get_alternative_name(self, file_root: str, file_ext: str) -> str:
        """Django's, within the length that file systems take."""
        return alternative(super().get_alternative_name(file_root, file_ext), file_root, file_ext)

    def is_name_available(self, name: str, max_length: int | None = None) -> bool:
        """In a directory of its own every name is free."""
        if self._naming.extra:
            return not (max_length and len(name) > max_length)
        return super().is_name_available(name, max_length=max_length)

    def _save(self, name: str, content: Any) -> str:
        name = checked_path(name)  # again: a subclass may have named it since
        folder = self._ready(os.path.dirname(name))
        with _draft(content, folder) as draft:
            check_content(type(self), name, draft.head())
            held = not is_clean(content, draft, holds=not self._overwrites)
            draft.settle(self._modes.file)
            place = self._named(draft, name, held)
        if not self._naming.shares:  # what another upload may share is not this one's to delete
            watch(self, place)
        return place

    def _named(self, draft: Draft, name: str, held: bool) -> str:
        digest = draft.digest() if self._naming.shares or held else ""
        give = self._hold if held else self._show
        while True:
            place = self._naming.place(name, digest)
            try:
                give(draft, place, digest)
            except FileExistsError:
                if self._naming.shares and self._has(place, digest):
                    return place
                name = self._another(name)
            else:
                return place

    def _show(self, draft: Draft, place: str, digest: str) -> None:
        path = self.path(place)
        self._ready(os.path.dirname(place))
        draft.replace(path) if self._overwrites else draft.give(path)

    def _hold(self, draft: Draft, place: str, digest: str) -> None:
        """Under its name in the quarantine, where it may not be anywhere else."""
        if os.path.lexists(self.path(place)):
            raise FileExistsError(f"{place} exists.")
        self.quarantine.admit(place, NOT_SCANNED, digest, draft.give)

    def _has(self, place: str, digest: str) -> bool:
        note = self.quarantine.held(place)
        return (note is not None and note.sha256 == digest) or _holds(self.path(place), digest)

    def _open(self, name: str, mode: str = "rb") -> Any:
        try:
            return super()._open(name, mode)  # type: ignore[misc]
        except FileNotFoundError:
            note = self.quarantine.held(_posix(name))
            if note is None:
                raise
            raise FileHeld(note) from None

    def exists(self, name: str) -> bool:
        """Whether the name is taken, also by a file that is held."""
        return super().exists(name) or _posix(name) in self.quarantine

    def delete(self, name: str) -> None:
        """Django's, and of a file that is held."""
        super().delete(name)
        if _posix(name) in self.quarantine:
            self.quarantine.discard(_posix(name))

    @property
    def quarantine(self) -> Quarantine:
        """The files that are kept here and not served."""
        return Quarantine(Path(self.location), self._modes)

    def _another(self, name: str) -> str:
        """Raises `FileExistsError` where a subclass has no other name for a file that is there."""
        if self._naming.shares:
            folder, last = os.path.split(name)
            return os.path.join(folder, self.get_alternative_name(*os.path.splitext(last)))
        other = self.get_available_name(name)
        if other == name and not self._naming.extra and self.exists(name):
            raise FileExistsError(f"{name} exists, and {type(self).__name__} gives no other name.")
        return other

    @property
    def _modes(self) -> Modes:
        file, directory = self.file_permissions_mode, self.directory_permissions_mode
        return Modes(_DEFAULT.file if file is None else file, _DEFAULT.directory if directory is None else directory)

    def _ready(self, folder: str) -> str:
        """The path of a directory that is there now. Raises `FileExistsError` where something else is in its way."""
        path = self.path(folder)
        store = Directory(Path(path), self._modes)
        try:
            store.ensure()
        except NotADirectoryError:
            raise FileExistsError(f"{path} exists and is not a directory.") from None
        store.flush()
        return path


@contextmanager
def _draft(content: Any, folder: str) -> Iterator[Draft]:
    """The content in a file of its own, which is there for the block: moved where it lies on the same disk."""
    path = content.temporary_file_path() if hasattr(content, "temporary_file_path") else None
    moved = moved_draft(path, folder) if path else None
    draft = moved or new_draft(folder)
    try:
        if moved is None:
            draft.write(_octets(content))
        yield draft
    finally:
        draft.close()
    if path:
        with suppress(OSError):
            os.unlink(path)


def _posix(name: str) -> str:
    return str(name).replace(os.sep, "/")


def _octets(content: Any) -> Iterator[bytes]:
    for chunk in content.chunks():
        yield chunk if isinstance(chunk, bytes) else str(chunk).encode()


def _holds(path: str, digest: str) -> bool:
    """Whether a file has this content."""
    try:
        with open_regular(path) as file:
            return file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False
