"""What `UploadHandler` gives to views, and what it keeps."""

import errno
import gc
import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import InMemoryUploadedFile, TemporaryUploadedFile
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.test import override_settings
from tests.media.gate.uploads import HANDLER, body, part, request_of, uploaded
from tests.policy.inspection.pictures import picture, png

from clearway.media.gate import spool

PNG = picture("PNG")
DJANGO = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path) -> Any:
    """Where large uploads lie for a moment."""
    with override_settings(FILE_UPLOAD_TEMP_DIR=str(tmp_path)):
        yield tmp_path
    gc.collect()


@pytest.mark.parametrize("size", [0, 1, 10, 70_000, 300_000])
@pytest.mark.parametrize("room", [0, 10, 100_000, 10_000_000])
def test_a_file_is_what_the_handlers_of_django_give(size: int, room: int) -> None:
    content = os.urandom(size)
    with override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=room):
        with uploaded(("a file.bin", content), handlers=DJANGO) as (expected,):
            shown = (expected.name, expected.size, expected.content_type, expected.read())
        with uploaded(("a file.bin", content)) as (file,):
            assert (file.name, file.size, file.content_type, file.read()) == shown
            assert isinstance(file, InMemoryUploadedFile if size <= room else TemporaryUploadedFile)
            file.seek(0)
            assert b"".join(file.chunks()) == content


def test_what_lies_in_memory_is_counted_over_all_files_of_a_request() -> None:
    content = os.urandom(60)
    with override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=100), uploaded(*[("a.bin", content)] * 3) as files:
        assert [type(file) for file in files[:2]] == [InMemoryUploadedFile, TemporaryUploadedFile]
        assert [file.read() for file in files] == [content] * 3


def test_a_file_brings_what_is_known_of_it() -> None:
    with uploaded(("a.png", PNG + b"more")) as (file,):
        assert (file.inspection.width, file.inspection.height, file.inspection.found) == (37, 21, "image/png")
        assert [(finding.code, finding.refused) for finding in file.findings] == [("trailing", False)]


REFUSED = [
    ({"max_size": 1000}, "a.bin", bytes(1001), "too_large"),
    ({"max_pixels": 776}, "a.png", PNG, "too_many_pixels"),
    ({}, "a.png", png(60000, 60000), "too_many_pixels"),
    ({"max_frames": 2}, "a.gif", picture("GIF", 4), "too_many_frames"),
    ({"accept": ["image/*"]}, "a.pdf", b"%PDF-1.7", "type_not_accepted"),
    ({}, "a.png", b"<script>1</script>", "wrong_type"),
    ({}, "a.png", PNG + b"<script >1</script>", "hidden_markup"),
]


@pytest.mark.parametrize(("settings", "name", "content", "code"), REFUSED)
def test_what_is_refused_cannot_be_read(settings: dict[str, Any], name: str, content: bytes, code: str) -> None:
    with uploaded((name, content), **settings) as (file,):
        assert (file.name, file.size) == (name, len(content))
        for read in (file.read, file.open, file.chunks, lambda: list(file), lambda: file.seek(0), file.readline):
            with pytest.raises(ValidationError) as refused:
                read()
            assert code in {error.code for error in refused.value.error_list}


def test_nor_kept_by_a_storage_and_without_a_form_that_is_a_400(tmp_path: Path) -> None:
    with uploaded(("a.bin", bytes(9)), max_size=8) as (file,), pytest.raises(SuspiciousOperation):
        FileSystemStorage(tmp_path / "media").save("a.bin", file)
    assert not (tmp_path / "media" / "a.bin").exists()


@pytest.mark.parametrize("size", [999, 1000, 1001])
def test_the_limit_itself_is_accepted(size: int) -> None:
    with uploaded(("a.bin", bytes(size)), max_size=1000) as (file,):
        assert any(finding.refused for finding in file.findings) == (size > 1000)


def test_nothing_is_written_from_the_limit_on(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    write = spool.Spool.write
    monkeypatch.setattr(spool.Spool, "write", lambda self, data: (written.append(len(data)), write(self, data)))
    files = (("a.bin", bytes(5_000_000)), ("b.bin", b"small"))
    with override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=0), uploaded(*files, max_size=200_000) as (large, small):
        assert (large.size, small.read()) == (5_000_000, b"small")
        assert len(list(temporary.iterdir())) == 1
    assert sum(written) <= 200_000 + 5


def test_the_length_that_a_part_says_is_not_believed() -> None:
    content = body(part("file", "a.bin", bytes(1001), "Content-Length: 3"))
    with override_settings(FILE_UPLOAD_HANDLERS=HANDLER, CLEARWAY={"media": {"max_size": 1000}}):
        file = request_of(content=content).FILES["file"]
        assert [finding.code for finding in file.findings] == ["too_large"]


def test_octets_are_counted_as_they_are_decoded() -> None:
    content = body(part("file", "a.bin", b"QUJD" * 100, "Content-Transfer-Encoding: base64"))
    with override_settings(FILE_UPLOAD_HANDLERS=HANDLER, CLEARWAY={"media": {"max_size": 300}}):
        assert request_of(content=content).FILES["file"].read() == b"ABC" * 100


def test_the_files_beyond_the_number_are_refused() -> None:
    with uploaded(*[("a.bin", b"x")] * 4, max_files=2) as files:
        assert [[finding.code for finding in file.findings] for file in files] == [[], [], *[["too_many_files"]] * 2]


class _Full(io.BytesIO):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.name = path

    def write(self, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_an_error_of_the_form(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def temporary_file(*args: Any, **kwargs: Any) -> TemporaryUploadedFile:
        file = TemporaryUploadedFile(*args, **kwargs)
        file.file.file.close()
        file.file.file = _Full(file.file.name)
        return file

    monkeypatch.setattr(spool, "TemporaryUploadedFile", temporary_file)
    with (
        override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=10),
        uploaded(("a.bin", bytes(100_000))) as (file,),
        pytest.raises(ValidationError, match="no room"),
    ):
        file.read()


def test_a_disk_that_is_really_full_is_one_too() -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("only on Linux")
    room = spool.Room()
    room.left = 0
    names = ("file_name", "content_type", "charset", "content_type_extra", "field_name")
    kept = spool.Spool(room, dict.fromkeys(names, "a"))
    kept.write(b"")
    kept._on_disk, kept._file = None, open("/dev/full", "wb")  # noqa: SIM115
    kept._on_disk = kept._file
    with pytest.raises(OSError, match="No space"):
        kept.write(bytes(1_000_000))
    kept.discard()
    assert kept._file.closed


@pytest.mark.parametrize("whole", [10, 200_000])
def test_an_upload_that_is_cut_off_keeps_nothing(temporary: Path, whole: int) -> None:
    class Gone(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if data := super().read(size):
                return data
            raise OSError("the client is gone")

    with override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=100, FILE_UPLOAD_HANDLERS=HANDLER):
        data = body(part("file", "a.bin", bytes(150)), part("file", "b.bin", bytes(whole)))
        request = request_of(content=data)
        request._stream = request.environ["wsgi.input"] = Gone(data[: len(data) - 70])
        with pytest.raises((UnreadablePostError, MultiPartParserError)):
            _ = request.FILES
        request.close()
    del request
    gc.collect()
    assert list(temporary.iterdir()) == []


def test_a_part_without_its_end_keeps_nothing(temporary: Path) -> None:
    with override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=0, FILE_UPLOAD_HANDLERS=HANDLER):
        request = request_of(content=body(part("file", "a.bin", bytes(300)))[:-60])
        assert "file" not in request.FILES or request.FILES["file"].size
        request.close()
    gc.collect()
    assert list(temporary.iterdir()) == []


def test_a_view_can_have_limits_of_its_own() -> None:
    from clearway.media import UploadHandler
    from clearway.policy.limits import Limits

    with override_settings(FILE_UPLOAD_HANDLERS=HANDLER, CLEARWAY={"media": {"max_size": 5}}):
        request = request_of(("a.bin", bytes(10)))
        request.upload_handlers = [UploadHandler(request, Limits(max_size=10))]
        assert request.FILES["file"].read() == bytes(10)
