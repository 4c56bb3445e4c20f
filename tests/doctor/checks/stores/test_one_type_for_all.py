"""CW707: one header for every object."""

from typing import Any

import pytest
from tests.doctor.checks.stores.buckets import LOCAL, S3, STATIC, facts, kept
from tests.doctor.fake_facts import found


@pytest.mark.parametrize("given", [{"ContentType": "text/plain"}, {"ContentEncoding": "gzip", "CacheControl": "x"}])
def test_it_fires(given: dict[str, Any]) -> None:
    settings = {"AWS_S3_OBJECT_PARAMETERS": given}
    assert len(found("CW707", facts(static=kept(STATIC), settings=settings))) == 1
    assert len(found("CW707", facts(static=kept(STATIC), options={"staticfiles": {"object_parameters": given}}))) == 1


@pytest.mark.parametrize("given", [{}, {"CacheControl": "max-age=60"}, None])
def test_it_is_silent(given: Any) -> None:
    assert found("CW707", facts(static=kept(STATIC), settings={"AWS_S3_OBJECT_PARAMETERS": given})) == []


def test_uploads_may_all_be_of_one_type() -> None:
    settings = {"AWS_S3_OBJECT_PARAMETERS": {"ContentType": "image/jpeg"}}
    assert found("CW707", facts(static=LOCAL, media=kept(S3), settings=settings)) == []
