"""How large a request a front hands on: the settings decide, by one rule."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import override_settings
from django.test.utils import isolate_apps

from clearway import front_uploads
from clearway.front_uploads import Upload, upload
from clearway.policy.limits import Limits

MEGABYTE = 1024 * 1024
DATA = 2_621_440  # Django's own


def asked(monkeypatch: pytest.MonkeyPatch, limits: Limits, fields: dict[str, int], data: int | None = DATA) -> Upload:
    monkeypatch.setattr(front_uploads, "_fields", lambda: fields)
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=data):
        return upload(limits)


@pytest.mark.parametrize(
    ("limits", "fields", "data", "octets"),
    [
        (Limits(), {}, DATA, DATA),
        (Limits(), {"shop.Photo": 1}, DATA, 0),
        (Limits(), {}, None, 0),
        (Limits(max_size=10 * MEGABYTE), {}, None, 0),
        (Limits(max_size=10 * MEGABYTE), {}, DATA, 11 * MEGABYTE + DATA),
        (Limits(max_size=10 * MEGABYTE), {"shop.Photo": 1, "shop.Offer": 3}, DATA, 31 * MEGABYTE + DATA),
        (Limits(max_size=10 * MEGABYTE, max_files=2), {"shop.Offer": 3}, DATA, 21 * MEGABYTE + DATA),
        (Limits(max_files=2), {"shop.Offer": 3}, DATA, 0),
        (Limits(max_size=1000), {}, 0, MEGABYTE + 1000),
    ],
)
def test_a_request_holds_the_files_of_a_form_and_what_is_around_them(
    monkeypatch: pytest.MonkeyPatch, limits: Limits, fields: dict[str, int], data: int | None, octets: int
) -> None:
    found = asked(monkeypatch, limits, fields, data)
    assert (found.octets, found.file) == (octets, limits.max_size or 0)


@pytest.mark.parametrize(
    ("limits", "fields", "said"),
    [
        (Limits(max_size=10 * MEGABYTE), {}, "one file of 10 MB"),
        (Limits(max_size=10 * MEGABYTE), {"shop.Offer": 3}, "3 files of 10 MB each"),
        (Limits(max_size=10 * MEGABYTE), {"shop.Offer": 3}, "fields of shop.Offer"),
        (Limits(max_size=10 * MEGABYTE, max_files=2), {}, "max_files"),
        (Limits(), {"shop.Photo": 1}, "max_size"),
    ],
)
def test_the_reason_names_what_it_is_made_of(
    monkeypatch: pytest.MonkeyPatch, limits: Limits, fields: dict[str, int], said: str
) -> None:
    assert said in asked(monkeypatch, limits, fields).reason


@isolate_apps("tests")
def test_file_fields_are_counted_by_model(monkeypatch: pytest.MonkeyPatch) -> None:
    class Offer(models.Model):
        picture = models.ImageField()
        sheet = models.FileField()
        name = models.CharField(max_length=9)

        class Meta:
            app_label = "tests"

    found: Any = [Offer]
    monkeypatch.setattr(apps, "get_models", lambda: found)
    assert front_uploads._fields() == {"tests.Offer": 2}
