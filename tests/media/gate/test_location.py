"""`strip_location`: what is kept of an upload has no place."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from tests.media.gate.uploads import uploaded
from tests.policy.inspection.pictures import saved
from tests.policy.inspection.test_location import SECRET, UNCLEAN, exif, read

from clearway.media import MediaStorage, UploadRefused, validate_upload

PHOTO = saved("JPEG", exif=exif())
DJANGO = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]


@pytest.mark.parametrize("handlers", [["clearway.media.UploadHandler"], DJANGO])
@pytest.mark.parametrize("room", [0, 10_000_000])
def test_what_is_kept_has_no_place(tmp_path: Path, handlers: list[str], room: int) -> None:
    storage = MediaStorage(tmp_path)
    with (
        override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=room),
        uploaded(("a.jpg", PHOTO), handlers=handlers, strip_location=True) as (file,),
    ):
        validate_upload(file)
        kept = Path(storage.path(storage.save("a.jpg", file))).read_bytes()
    assert read(kept) == {**read(PHOTO), "place": {}}
    assert not any(secret in kept for secret in SECRET)


def test_it_is_kept_unless_the_project_asks() -> None:
    with uploaded(("a.jpg", PHOTO)) as (file,):
        validate_upload(file)
        assert file.read() == PHOTO


@pytest.mark.parametrize("which", UNCLEAN)
def test_what_cannot_be_cleaned_is_refused(which: str) -> None:
    named, data = UNCLEAN[which]
    name = f"a.{named.partition('/')[2]}"
    with uploaded((name, data), strip_location=True) as (file,), pytest.raises(UploadRefused) as refused:
        validate_upload(file)
    assert "location_kept" in {error.code for error in refused.value.error_list}


def test_so_is_a_file_that_cannot_be_written() -> None:
    class Fixed(io.BytesIO):
        def write(self, data: Any) -> int:
            raise io.UnsupportedOperation("not writable")

    with override_settings(CLEARWAY={"media": {"strip_location": True}}):
        with pytest.raises(UploadRefused, match="cannot be removed"):
            validate_upload(File(Fixed(PHOTO), "a.jpg"))
        validate_upload(SimpleUploadedFile("a.jpg", PHOTO))
