"""DEFAULT_FILE_STORAGE, which Django does not read any more."""

from typing import Any

import pytest
from tests.doctor.deployments import BUCKET, MEDIA
from tests.doctor.fake_facts import Fake, found

NAMED = {"DEFAULT_FILE_STORAGE": "storages.backends.s3boto3.S3Boto3Storage"}


def test_it_fires() -> None:
    [finding] = found("CW118", Fake(settings=NAMED, media_storage=MEDIA))
    assert finding.evidence == (
        "DEFAULT_FILE_STORAGE = 'storages.backends.s3boto3.S3Boto3Storage'",
        "STORAGES['default'] is django.core.files.storage.FileSystemStorage",
    )


@pytest.mark.parametrize(
    ("given", "storage"),
    [
        ({}, MEDIA),
        (NAMED, BUCKET),
        (NAMED | {"DEBUG": True}, MEDIA),
        ({"DEFAULT_FILE_STORAGE": MEDIA.backend}, MEDIA),
    ],
)
def test_it_is_silent(given: dict[str, Any], storage: Any) -> None:
    assert found("CW118", Fake(settings=given, media_storage=storage)) == []
