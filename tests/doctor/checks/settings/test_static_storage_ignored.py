"""STATICFILES_STORAGE, which Django does not read any more."""

from typing import Any

import pytest
from tests.doctor.fake_facts import LOCAL, MANIFEST, Fake, found

WHITENOISE = "whitenoise.storage.CompressedManifestStaticFilesStorage"


@pytest.mark.parametrize("meant", [WHITENOISE, MANIFEST.backend, "storages.backends.s3boto3.S3StaticStorage"])
def test_it_fires(meant: str) -> None:
    [finding] = found("CW117", Fake(settings={"STATICFILES_STORAGE": meant}, static_storage=LOCAL))
    assert finding.evidence[0] == f"STATICFILES_STORAGE = {meant!r}"
    assert meant in finding.fix.summary


@pytest.mark.parametrize(
    ("given", "storage"),
    [
        ({}, LOCAL),
        ({"STATICFILES_STORAGE": LOCAL.backend}, LOCAL),
        ({"STATICFILES_STORAGE": MANIFEST.backend}, MANIFEST),
        ({"STATICFILES_STORAGE": WHITENOISE}, MANIFEST),
        ({"STATICFILES_STORAGE": WHITENOISE, "DEBUG": True}, LOCAL),
    ],
)
def test_it_is_silent(given: dict[str, Any], storage: Any) -> None:
    assert found("CW117", Fake(settings=given, static_storage=storage)) == []
