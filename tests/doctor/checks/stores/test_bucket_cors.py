"""CW706: CORS rules of a bucket."""

import json
from typing import Any

import pytest
from tests.doctor.checks.stores.buckets import STATIC, facts, kept
from tests.doctor.fake_facts import Fake, found

from clearway.doctor.facts import Sources

FONT = Sources({"fonts/a.woff2": "/srv/shop/assets/fonts/a.woff2"}, ())


def rules(*origins: str, methods: tuple[str, ...] = ("GET",)) -> dict[str, str]:
    return {"c.json": json.dumps({"CORSRules": [{"AllowedOrigins": origins, "AllowedMethods": methods}]})}


def site(papers: dict[str, str], sources: Sources = FONT, **settings: Any) -> Fake:
    return facts(papers, static=kept(STATIC), settings=settings, sources=sources)


@pytest.mark.parametrize(
    "papers",
    [
        rules("https://other.example"),
        rules("https://shop.example", methods=("PUT",)),
        {"c.json": '{"CORSRules": []}'},
        {"c.txt": "An error occurred (NoSuchCORSConfiguration) when calling the GetBucketCors operation"},
        {
            "c.tf": 'resource "aws_s3_bucket_cors_configuration" "x" {\n  bucket = "shop"\n  cors_rule {\n'
            '    allowed_methods = ["GET"]\n    allowed_origins = ["https://other.example"]\n  }\n}\n'
        },
    ],
)
def test_it_fires(papers: dict[str, str]) -> None:
    [finding] = found("CW706", site(papers))
    assert finding.breaks == {"static:fonts/a.woff2"}


@pytest.mark.parametrize(
    ("papers", "settings"),
    [
        ({}, {}),
        (rules("*"), {}),
        (rules("https://shop.example"), {}),
        (rules("https://*.example"), {}),
        (rules("https://www.shop.example"), {"ALLOWED_HOSTS": ["shop.example", "www.shop.example"]}),
        (rules("https://other.example"), {"ALLOWED_HOSTS": ["*"]}),
        (rules("https://other.example"), {"DEBUG": True}),
    ],
)
def test_it_is_silent(papers: dict[str, str], settings: dict[str, Any]) -> None:
    assert found("CW706", site(papers, **settings)) == []


def test_what_browsers_load_without_cors_needs_none() -> None:
    sources = Sources({"css/a.css": "/srv/shop/assets/css/a.css"}, ())
    assert found("CW706", site(rules("https://other.example"), sources)) == []
