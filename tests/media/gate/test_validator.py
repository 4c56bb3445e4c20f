"""Forms, models, serializers and views with `validate_upload` and `UploadLimits`."""

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import models
from django.db.migrations.writer import MigrationWriter
from django.test import override_settings
from django.utils import translation
from tests.media.gate.uploads import HANDLER, uploaded
from tests.policy.inspection.pictures import picture, png, saved

from clearway.media import MediaStorage, UploadLimits, UploadRefused, validate_upload

PNG = picture("PNG")
DJANGO = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
BOMB = png(60000, 60000)


class Upload(forms.Form):
    file = forms.FileField(validators=[validate_upload])


class Picture(forms.Form):
    file = forms.ImageField(validators=[validate_upload])


class ManyInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """As Django's documentation has it."""

    widget = ManyInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        single = super().clean
        return [single(each, initial) for each in data] if isinstance(data, list | tuple) else [single(data, initial)]


class Many(forms.Form):
    file = ManyFiles(validators=[validate_upload])


def errors(form: forms.Form) -> list[tuple[str, str]]:
    return [(error["code"], error["message"]) for error in form.errors.get_json_data().get("file", ())]


@pytest.mark.parametrize("handlers", [HANDLER, DJANGO])
@pytest.mark.parametrize(
    ("settings", "name", "content", "code", "message"),
    [
        (
            {"max_pixels": 50_000_000},
            "a.png",
            BOMB,
            "too_many_pixels",
            "This picture is 60000 × 60000 pixels; at most 50 million pixels are accepted.",
        ),
        (
            {"max_pixels": 500},
            "a.png",
            PNG,
            "too_many_pixels",
            "This picture is 37 × 21 pixels; at most 500 pixels are accepted.",
        ),
        ({"max_pixels": 1_500_000}, "a.png", BOMB, "too_many_pixels", "at most 1.5 million pixels"),
        ({"max_size": 5 * 1024 * 1024}, "a.bin", bytes(5242881), "too_large", "at most 5.0\xa0MB are accepted"),
        ({"max_frames": 2}, "a.gif", picture("GIF", 4), "too_many_frames", "This picture has more than 2 frames."),
        (
            {"accept": ["image/*", "application/pdf"]},
            "a.zip",
            b"PK\5\6" + bytes(18),
            "type_not_accepted",
            "Accepted are: image/*, application/pdf.",
        ),
        (
            {},
            "a.pdf",
            b"PK\3\4" + bytes(40),
            "wrong_type",
            "promises application/pdf, and its content is application/zip",
        ),
        ({}, "a.jpg", picture("JPEG") + b"<?php x", "hidden_markup", "a program in it"),
        ({"refuse": ["truncated"]}, "a.png", PNG[:-5], "truncated", "The end of this file is missing."),
    ],
)
def test_a_form_says_what_is_wrong(
    handlers: list[str], settings: dict[str, Any], name: str, content: bytes, code: str, message: str
) -> None:
    with uploaded((name, content), handlers=handlers, **settings) as (file,):
        ((said, sentence),) = errors(Upload(files={"file": file}))
        assert said == code
        assert message in sentence


@pytest.mark.parametrize("handlers", [HANDLER, DJANGO])
def test_a_good_file_is_at_its_beginning_afterwards(handlers: list[str]) -> None:
    with uploaded(("a.png", PNG), handlers=handlers) as (file,):
        form = Upload(files={"file": file})
        assert errors(form) == []
        assert form.cleaned_data["file"].read() == PNG


def test_a_picture_is_refused_before_anybody_decodes_it() -> None:
    with uploaded(("a.png", BOMB)) as (file,):
        assert [code for code, _ in errors(Picture(files={"file": file}))] == ["too_many_pixels"]


def test_a_good_picture_is_one_for_django_too() -> None:
    with uploaded(("a.png", PNG)) as (file,):
        assert errors(Picture(files={"file": file})) == []


@pytest.mark.parametrize("handlers", [HANDLER, DJANGO])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_every_file_of_a_field_is_validated(handlers: list[str], place: int) -> None:
    files = [("a.png", PNG)] * 3
    files[place] = ("b.png", b"<script>1</script>")
    with uploaded(*files, handlers=handlers) as found:
        assert [code for code, _ in errors(Many(files={"file": found}))] == ["wrong_type"]
        with pytest.raises(ValidationError):
            validate_upload(found)


def test_a_field_can_be_stricter() -> None:
    strict = UploadLimits(max_size=100, accept=["image/gif"])
    with uploaded(("a.png", PNG), max_size=1_000_000) as (file,):
        with pytest.raises(UploadRefused) as refused:
            strict(file)
        assert [error.code for error in refused.value.error_list] == ["too_large", "type_not_accepted"]
        validate_upload(file)


def test_but_not_looser_than_what_the_handler_has_dropped() -> None:
    with uploaded(("a.png", PNG), max_size=100) as (file,), pytest.raises(UploadRefused):
        UploadLimits(max_size=None)(file)


def test_without_the_handler_it_can() -> None:
    with uploaded(("a.png", PNG), handlers=DJANGO, max_size=100) as (file,):
        UploadLimits(max_size=None)(file)


def test_the_limits_that_a_field_does_not_have_are_those_of_the_project_at_that_moment() -> None:
    limits = UploadLimits(accept=["image/png"])
    for most, refused in ((10, True), (1_000_000, False)):
        with override_settings(CLEARWAY={"media": {"max_size": most}}):
            if refused:
                with pytest.raises(UploadRefused):
                    limits(SimpleUploadedFile("a.png", PNG))
            else:
                limits(SimpleUploadedFile("a.png", PNG))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"max_sise": 1}, "did you mean 'max_size'"),
        ({"x": 1}, "these are max_size"),
        ({"max_size": "5 MB"}, "must be None, or a whole number of octets, 1 or more, not '5 MB'"),
        ({"max_pixels": 0}, "1 or more"),
        ({"accept": "image/png"}, "a list of media types"),
        ({"accept": ["image"]}, "a list of media types"),
        ({"refuse": ["bad"]}, "a list of any of wrong_type"),
    ],
)
def test_what_is_no_limit_is_an_error_that_says_what_is_right(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=message):
        UploadLimits(**given)


def test_a_migration_can_write_it() -> None:
    assert MigrationWriter.serialize(validate_upload)[0] == "clearway.media.UploadLimits()"
    written, imports = MigrationWriter.serialize(UploadLimits(max_size=5, accept=["image/*"]))
    assert written == "clearway.media.UploadLimits(accept=['image/*'], max_size=5)"
    assert imports == {"import clearway.media"}
    assert UploadLimits(max_size=5) == UploadLimits(max_size=5) != UploadLimits(max_size=6)


@pytest.fixture
def photo(tmp_path: Path) -> type[models.Model]:
    class Photo(models.Model):
        file = models.FileField(storage=MediaStorage(tmp_path, "/media/"), validators=[validate_upload])

        class Meta:
            app_label = "gate_tests"

    from django.apps import apps

    apps.all_models.pop("gate_tests", None)
    return Photo


def test_a_model_says_it_too_and_does_not_read_what_is_stored(photo: Any, tmp_path: Path) -> None:
    with pytest.raises(ValidationError) as refused:
        photo(file=SimpleUploadedFile("a.png", BOMB)).full_clean(exclude=["id"])
    assert refused.value.message_dict == {
        "file": ["This picture is 60000 × 60000 pixels; at most 100 million pixels are accepted."]
    }
    photo(file=SimpleUploadedFile("a.png", PNG)).full_clean(exclude=["id"])
    (tmp_path / "old.png").write_bytes(BOMB)
    photo(file="old.png").full_clean(exclude=["id"])


def test_a_serializer_says_it_too() -> None:
    from rest_framework import serializers

    class Serializer(serializers.Serializer):  # type: ignore[type-arg]
        file = serializers.FileField(validators=[validate_upload])

    for handlers in (HANDLER, DJANGO):
        with uploaded(("a.png", BOMB), handlers=handlers) as (file,):
            serializer = Serializer(data={"file": file})
            assert not serializer.is_valid()
            assert [error.code for error in serializer.errors["file"]] == ["too_many_pixels"]


def test_a_view_that_is_a_coroutine_has_the_same(tmp_path: Path) -> None:
    async def view() -> list[str]:
        with uploaded(("a.png", BOMB)) as (file,):
            return [code for code, _ in errors(Upload(files={"file": file}))]

    assert asyncio.run(view()) == ["too_many_pixels"]


def test_the_sentences_are_of_the_language_of_the_person() -> None:
    with translation.override("de"), uploaded(("a.bin", bytes(2049)), max_size=2048) as (file,):
        ((_, sentence),) = errors(Upload(files={"file": file}))
    assert "2,0" in sentence


def test_a_file_that_is_not_seekable_twice_is_read_once() -> None:
    class Once(io.BytesIO):
        reads = 0

        def read(self, size: int | None = -1) -> bytes:
            self.reads += 1
            return super().read(size)

    content = Once(bytes(200_000))
    file: UploadedFile[Any] = UploadedFile(content, "a.bin", size=200_000)
    validate_upload(file)
    assert (content.tell(), content.reads) == (0, 5)
    validate_upload(file)
    assert content.reads == 5


def test_a_file_of_the_code_is_validated_as_well() -> None:
    validate_upload(ContentFile(PNG, "a.png"))
    with pytest.raises(UploadRefused):
        validate_upload(File(io.BytesIO(b"<html>"), "a.png"))


def test_what_is_odd_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "clearway.media")
    with uploaded(("a.jpg", saved("PNG") + b"more")):
        pass
    assert [record.message.split(": ", 1)[1].split(" {")[0] for record in caplog.records] == [
        "trailing told",
        "other_type told",
    ]
