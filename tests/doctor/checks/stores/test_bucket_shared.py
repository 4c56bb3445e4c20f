"""CW713: one place for static files and uploads."""

from typing import Any

import pytest
from tests.doctor.checks.stores.buckets import S3, STATIC, facts, kept
from tests.doctor.fake_facts import found

FIELDS = ("shop.Photo.image",)


def test_it_fires() -> None:
    [finding] = found("CW713", facts(static=kept(STATIC), media=kept(S3), file_fields=FIELDS))
    assert finding.level == "note"


@pytest.mark.parametrize(
    ("options", "settings", "fields"),
    [
        ({"staticfiles": {"location": "static"}}, {}, FIELDS),
        ({"default": {"bucket_name": "uploads"}}, {}, FIELDS),
        ({}, {}, ()),
        ({}, {"AWS_STORAGE_BUCKET_NAME": ""}, FIELDS),
        ({}, {"DEBUG": True}, FIELDS),
    ],
)
def test_it_is_silent(options: dict[str, Any], settings: dict[str, Any], fields: tuple[str, ...]) -> None:
    given = facts(static=kept(STATIC), media=kept(S3), options=options, settings=settings, file_fields=fields)
    assert found("CW713", given) == []
