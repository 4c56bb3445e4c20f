"""Where a bucket of S3 is read: as the client resolves its options and its environment."""

import os

import pytest

from clearway.s3_address import S3Address, s3_address


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("options", "environ", "url"),
    [
        ({}, {}, ""),
        ({"region": "eu"}, {}, "https://b.s3.eu.amazonaws.com"),
        ({}, {"AWS_DEFAULT_REGION": "eu"}, "https://b.s3.eu.amazonaws.com"),
        ({"default_region": "eu"}, {"AWS_REGION": "us"}, "https://b.s3.us.amazonaws.com"),
        ({"AWS_REGION": "eu"}, {"AWS_REGION": "us"}, "https://b.s3.eu.amazonaws.com"),
        ({"endpoint": "https://a.example/"}, {"AWS_ENDPOINT_URL": "https://b.example"}, "https://a.example/b"),
        ({"aws_endpoint_url": "https://a.example"}, {}, "https://a.example/b"),
        ({"endpoint": "https://a.example"}, {"AWS_ENDPOINT_URL_S3": "https://b.example"}, "https://b.example/b"),
        ({"region": "eu"}, {"ENDPOINT": "https://other.example", "REGION": "mars"}, "https://b.s3.eu.amazonaws.com"),
    ],
)
def test_an_option_goes_before_the_environment_and_a_narrower_name_before_both(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, str], environ: dict[str, str], url: str
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert s3_address(options).of("b") == url


@pytest.mark.parametrize("yes", ["true", "True", "1", "on", "yes"])
def test_an_endpoint_may_have_the_bucket_in_its_name(yes: str) -> None:
    told = {"endpoint": "https://b.store.example", "virtual_hosted_style_request": yes}
    assert s3_address(told) == S3Address("https://b.store.example", "", True)
    assert s3_address(told).of("b") == "https://b.store.example"
