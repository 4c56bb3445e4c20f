"""An upload that was refused while it arrived: there is a name and a size, and nothing to read."""

from typing import Any, NoReturn

from django.core.files.uploadedfile import UploadedFile

from .refusal import UploadRefused


class RefusedUpload(UploadedFile):  # type: ignore[type-arg]
    """Whoever reads it, a field of a form or a storage, raises the `UploadRefused` that says why."""

    def __init__(self, refusal: UploadRefused, name: str, content_type: str | None, size: int) -> None:
        content: Any = _Unread(refusal)
        super().__init__(content, name, content_type, size)
        self.refusal = refusal

    @property
    def temporary_file_path(self) -> NoReturn:
        """Asked for before Django's storage makes a file."""
        raise self.refusal

    def open(self, mode: Any = None, *args: Any, **kwargs: Any) -> NoReturn:
        raise self.refusal

    def chunks(self, chunk_size: Any = None) -> NoReturn:
        raise self.refusal

    def __iter__(self) -> NoReturn:
        raise self.refusal


class _Unread:
    """In the place of the octets."""

    closed = False

    def __init__(self, refusal: UploadRefused) -> None:
        self._refusal = refusal

    def read(self, *_: Any) -> NoReturn:
        raise self._refusal

    readline = readlines = seek = tell = fileno = read

    def readable(self) -> bool:
        return True

    seekable = readable

    def close(self) -> None:
        """There is nothing to close."""
