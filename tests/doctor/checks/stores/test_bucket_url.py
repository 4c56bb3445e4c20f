"""CW704: STATIC_URL and the storage name different places."""

from typing import Any

import pytest
from tests.doctor.checks.stores.buckets import GCS, STATIC, facts, kept
from tests.doctor.fake_facts import found

from clearway.doctor.facts import Storage

CDN = {"AWS_S3_CUSTOM_DOMAIN": "cdn.example"}


@pytest.mark.parametrize(
    ("storage", "settings", "level"),
    [
        (kept(STATIC), CDN | {"AWS_LOCATION": "assets", "STATIC_URL": "https://cdn.example/static/"}, "warning"),
        (kept(STATIC), CDN | {"STATIC_URL": "https://cdn.example/static/"}, "warning"),
        (kept(STATIC), {"AWS_S3_CUSTOM_DOMAIN": "https://cdn.example"}, "error"),
        (kept(STATIC), {"AWS_S3_CUSTOM_DOMAIN": "cdn.example/"}, "error"),
        (kept(GCS), {"GS_CUSTOM_ENDPOINT": "cdn.example"}, "error"),
    ],
)
def test_it_fires(storage: Storage, settings: dict[str, Any], level: str) -> None:
    [finding] = found("CW704", facts(static=storage, settings=settings))
    assert (finding.cause, finding.level) == ("url-prefix-mismatch", level)


@pytest.mark.parametrize(
    ("storage", "settings"),
    [
        (kept(STATIC), {"STATIC_URL": "/static/"}),
        (kept(STATIC), CDN | {"STATIC_URL": "static/"}),
        (kept(STATIC), CDN | {"AWS_LOCATION": "static", "STATIC_URL": "https://cdn.example/static/"}),
        (kept(STATIC), CDN | {"AWS_LOCATION": "/static/", "STATIC_URL": "https://cdn.example/static/"}),
        (kept(STATIC), CDN | {"STATIC_URL": "https://static.example/x/"}),
        (kept(GCS), {"GS_CUSTOM_ENDPOINT": "https://cdn.example"}),
        (kept(STATIC), {"AWS_S3_CUSTOM_DOMAIN": "https://cdn.example", "DEBUG": True}),
    ],
)
def test_it_is_silent(storage: Storage, settings: dict[str, Any]) -> None:
    assert found("CW704", facts(static=storage, settings=settings)) == []
