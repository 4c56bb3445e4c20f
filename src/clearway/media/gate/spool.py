"""Where an upload lies until the form has seen it: in memory, or in a temporary file when a request has much."""

from contextlib import suppress
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, TemporaryUploadedFile, UploadedFile


class Room:
    """How many octets of one request may still lie in memory: `FILE_UPLOAD_MAX_MEMORY_SIZE` of all its files."""

    def __init__(self) -> None:
        self.left: int = settings.FILE_UPLOAD_MAX_MEMORY_SIZE

    def take(self, octets: int) -> bool:
        """Whether so many more may."""
        self.left -= octets
        return self.left >= 0


class Spool:
    """The octets of one upload. `told` are the arguments of Django's `FileUploadHandler.new_file`.

    Every method but `discard` raises `OSError`, as for a full disk.
    """

    def __init__(self, room: Room, told: dict[str, Any]) -> None:
        self._room, self._told = room, told
        self._file: Any = BytesIO()
        self._on_disk: TemporaryUploadedFile | None = None
        self._size = 0

    def write(self, data: bytes) -> None:
        """The next octets."""
        if self._on_disk is None and not self._room.take(len(data)):
            self._move()
        self._file.write(data)
        self._size += len(data)

    def change(self, edits: list[tuple[int, bytes]]) -> None:
        """Put octets in the place of others."""
        apply(self._file, edits)

    def finished(self) -> "UploadedFile[Any]":
        """What Django's own handlers give: at the beginning, with its true size."""
        self._file.flush()
        self._file.seek(0)
        if self._on_disk is not None:
            self._on_disk.size = self._size
            return self._on_disk
        told = self._told
        return InMemoryUploadedFile(
            self._file,
            told["field_name"],
            told["file_name"],
            told["content_type"],
            self._size,
            told["charset"],
            told["content_type_extra"],
        )

    def discard(self) -> None:
        """Keep nothing."""
        with suppress(OSError):  # what a full disk did not take is still to be written
            (self._on_disk or self._file).close()

    def _move(self) -> None:
        told = self._told
        self._on_disk = TemporaryUploadedFile(
            told["file_name"], told["content_type"], 0, told["charset"], told["content_type_extra"]
        )
        self._on_disk.write(self._file.getbuffer())
        self._room.left += self._size
        self._file = self._on_disk


def apply(file: Any, edits: list[tuple[int, bytes]]) -> None:
    """Put octets in the place of others in an open file. Raises `OSError`."""
    for place, octets in edits:
        file.seek(place)
        file.write(octets)
    if edits:
        file.flush()
