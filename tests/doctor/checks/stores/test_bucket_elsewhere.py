"""CW705: another region, or an endpoint with the bucket in it."""

from typing import Any

import pytest
from tests.doctor.checks.stores.buckets import GCS, STATIC, facts, kept
from tests.doctor.fake_facts import found

IRELAND = {"AWS_S3_REGION_NAME": "eu-west-1"}
WRONG = "AuthorizationHeaderMalformed: the region 'eu-west-1' is wrong; expecting 'eu-central-1'"


@pytest.mark.parametrize(
    ("papers", "settings"),
    [
        ({"location.json": '{"LocationConstraint": "eu-central-1"}'}, IRELAND),
        ({}, IRELAND | {"AWS_S3_CUSTOM_DOMAIN": "shop.s3.us-east-2.amazonaws.com"}),
        ({}, {"AWS_S3_ENDPOINT_URL": "https://shop.nyc3.digitaloceanspaces.com"}),
        ({"a.log": WRONG}, IRELAND),
        ({"a.log": "An error occurred (PermanentRedirect) when calling the PutObject operation"}, {}),
    ],
)
def test_it_fires(papers: dict[str, str], settings: dict[str, Any]) -> None:
    [finding] = found("CW705", facts(papers, static=kept(STATIC), settings=settings))
    assert finding.cause == "wrong-directory"


@pytest.mark.parametrize(
    ("papers", "settings"),
    [
        ({}, {}),
        ({"location.json": '{"LocationConstraint": "eu-west-1"}'}, IRELAND),
        ({"location.json": '{"LocationConstraint": null}'}, {"AWS_S3_REGION_NAME": "us-east-1"}),
        ({}, IRELAND | {"AWS_S3_CUSTOM_DOMAIN": "shop.s3.eu-west-1.amazonaws.com"}),
        ({}, IRELAND | {"AWS_S3_CUSTOM_DOMAIN": "shop.s3.amazonaws.com"}),
        ({}, {"AWS_S3_ENDPOINT_URL": "https://nyc3.digitaloceanspaces.com", "AWS_S3_REGION_NAME": "nyc3"}),
        ({}, {"AWS_S3_ENDPOINT_URL": "https://s3.shop.example"}),
        ({"a.log": WRONG}, {"AWS_S3_REGION_NAME": "eu-central-1"}),
        ({"a.log": WRONG}, IRELAND | {"DEBUG": True}),
    ],
)
def test_it_is_silent(papers: dict[str, str], settings: dict[str, Any]) -> None:
    assert found("CW705", facts(papers, static=kept(STATIC), settings=settings)) == []


def test_other_clouds_have_other_regions() -> None:
    assert found("CW705", facts({"a.log": WRONG}, static=kept(GCS))) == []
