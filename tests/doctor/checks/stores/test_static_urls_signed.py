"""CW703: signed URLs of static files."""

from typing import Any

import pytest
from tests.doctor.checks.stores.buckets import AZURE, GCS, LOCAL, S3, STATIC, facts, kept
from tests.doctor.fake_facts import found

from clearway.doctor.facts import Storage, Unavailable


@pytest.mark.parametrize(
    ("storage", "settings"),
    [
        (kept(S3), {}),
        (kept(STATIC, querystring_auth=True), {}),
        (kept(GCS), {}),
        (kept(AZURE), {"AZURE_URL_EXPIRATION_SECS": 600}),
        (kept(S3), {"AWS_S3_CUSTOM_DOMAIN": "d1.cloudfront.net", "AWS_CLOUDFRONT_KEY_ID": "K1"}),
    ],
)
def test_it_fires(storage: Storage, settings: dict[str, Any]) -> None:
    [finding] = found("CW703", facts(static=storage, settings=settings))
    assert (finding.cause, finding.level) == ("cache-unhashed", "warning")


@pytest.mark.parametrize(
    ("storage", "settings"),
    [
        (kept(STATIC), {}),
        (kept("storages.backends.s3boto3.S3ManifestStaticStorage"), {}),
        (kept(S3), {"AWS_QUERYSTRING_AUTH": False}),
        (kept(S3, querystring_auth=False), {}),
        (kept(S3), {"AWS_S3_CUSTOM_DOMAIN": "cdn.example"}),
        (kept(GCS), {"GS_QUERYSTRING_AUTH": False}),
        (kept(GCS), {"GS_DEFAULT_ACL": "publicRead"}),
        (kept(AZURE), {}),
        (kept(S3), {"DEBUG": True}),
    ],
)
def test_it_is_silent(storage: Storage, settings: dict[str, Any]) -> None:
    assert found("CW703", facts(static=storage, settings=settings)) == []


def test_it_is_skipped_without_a_bucket() -> None:
    with pytest.raises(Unavailable, match="no object store"):
        found("CW703", facts(static=LOCAL))
