"""Requests with files, as a browser sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.test import RequestFactory, override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT

HANDLER = ["clearway.media.UploadHandler"]
LINE = b"\r\n"


def part(name: str, file_name: str, content: bytes, *more: str) -> bytes:
    head = [
        f"--{BOUNDARY}",
        f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"',
        "Content-Type: image/png",
        *more,
    ]
    return LINE.join([*(line.encode() for line in head), b"", content, b""])


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def request_of(*files: tuple[str, bytes], content: bytes | None = None) -> HttpRequest:
    """A POST of files, each in the field `file`."""
    data = content if content is not None else body(*(part("file", *file) for file in files))
    return RequestFactory().generic("POST", "/", data, content_type=MULTIPART_CONTENT)


@contextmanager
def uploaded(*files: tuple[str, bytes], handlers: list[str] = HANDLER, **settings: Any) -> Iterator[list[UploadedFile]]:
    """The files as a view has them, under `CLEARWAY["media"]`."""
    with override_settings(FILE_UPLOAD_HANDLERS=handlers, CLEARWAY={"media": settings}):
        request = request_of(*files)
        try:
            yield request.FILES.getlist("file")
        finally:
            request.close()
