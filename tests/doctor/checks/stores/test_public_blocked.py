"""CW702: a bucket that is closed to the public, and public URLs."""

from typing import Any

import pytest
from tests.doctor.checks.stores.buckets import AZURE, FLAGS, S3, STATIC, blocking, facts, kept
from tests.doctor.fake_facts import found

ALL = blocking(*FLAGS)
DENIED = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


@pytest.mark.parametrize(
    ("papers", "settings"),
    [
        (ALL, {}),
        (blocking("RestrictPublicBuckets"), {}),
        (blocking("RestrictPublicBuckets", "IgnorePublicAcls"), {"AWS_DEFAULT_ACL": "public-read"}),
        (blocking("BlockPublicAcls"), {"AWS_DEFAULT_ACL": "public-read"}),
        (blocking("BlockPublicAcls"), {"AWS_DEFAULT_ACL": "public-read", "AWS_S3_CUSTOM_DOMAIN": "cdn.example"}),
        (ALL, {"AWS_S3_CUSTOM_DOMAIN": "shop.s3.amazonaws.com"}),
        (ALL, {"AWS_S3_CUSTOM_DOMAIN": "shop.s3.eu-west-1.amazonaws.com"}),
        ({"answer.xml": DENIED}, {}),
        (
            {"put.log": "because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access."},
            {},
        ),
    ],
)
def test_it_fires(papers: dict[str, str], settings: dict[str, Any]) -> None:
    [finding] = found("CW702", facts(papers, static=kept(STATIC), settings=settings))
    assert (finding.cause, finding.breaks) == ("s3-public-blocked", {"static"})


def test_uploads_that_are_read_without_a_signature() -> None:
    [finding] = found("CW702", facts(ALL, media=kept(S3), settings={"AWS_QUERYSTRING_AUTH": False}))
    assert finding.breaks == {"media", "uploads"}


def test_an_account_of_azure_without_public_access() -> None:
    lines = (
        'resource "azurerm_storage_account" "x" {',
        '  name = "shop"',
        "  allow_nested_items_to_be_public = false",
        "}",
    )
    plan = {"main.tf": "\n".join(lines)}
    given = facts(plan, static=kept(AZURE, account_name="shop", azure_container="static"))
    assert [each.cause for each in found("CW702", given)] == ["s3-public-blocked"]


@pytest.mark.parametrize(
    ("papers", "settings"),
    [
        ({}, {}),
        (blocking("BlockPublicPolicy"), {}),
        (blocking("BlockPublicAcls", "IgnorePublicAcls"), {}),
        (blocking(), {"AWS_DEFAULT_ACL": "public-read"}),
        (ALL, {"AWS_S3_CUSTOM_DOMAIN": "d111111abcdef8.cloudfront.net"}),
        (ALL, {"AWS_S3_CUSTOM_DOMAIN": "static.shop.example"}),
        (ALL, {"DEBUG": True}),
        ({"answer.xml": DENIED}, {"AWS_S3_CUSTOM_DOMAIN": "static.shop.example"}),
        ({"a.log": "AccessDenied: sts:AssumeRole"}, {}),
    ],
)
def test_it_is_silent(papers: dict[str, str], settings: dict[str, Any]) -> None:
    assert found("CW702", facts(papers, static=kept(STATIC), settings=settings)) == []


R2 = {"AWS_S3_ENDPOINT_URL": "https://0123456789abcdef.r2.cloudflarestorage.com"}


def test_the_endpoint_of_r2_answers_nobody_without_a_signature() -> None:
    [finding] = found("CW702", facts(static=kept(STATIC), settings=R2))
    assert finding.cause == "s3-public-blocked"
    assert found("CW702", facts(media=kept(S3), settings=R2)) == []
    assert found("CW702", facts(static=kept(STATIC), settings=R2 | {"AWS_S3_CUSTOM_DOMAIN": "static.example"})) == []


def test_signed_urls_need_no_public() -> None:
    assert found("CW702", facts(ALL, media=kept(S3))) == []
