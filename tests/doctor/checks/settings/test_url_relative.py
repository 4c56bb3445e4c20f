"""STATIC_URL and MEDIA_URL that are taken for a path of this site, and are none."""

import pytest
from tests.doctor.fake_facts import Fake, found


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("cdn.example.com/static/", "'https://cdn.example.com/static/'"),
        ("shop.s3.eu-central-1.amazonaws.com/", "'https://shop.s3.eu-central-1.amazonaws.com/'"),
        ("cdn.example.com:8443/s/", "'https://cdn.example.com:8443/s/'"),
        ("https:/cdn.example.com/static/", "'https://cdn.example.com/static/'"),
        ("http:cdn.example.com/static/", "'http://cdn.example.com/static/'"),
        ("./static/", "'/static/'"),
        ("../static/", "'/static/'"),
    ],
)
@pytest.mark.parametrize("name", ["STATIC_URL", "MEDIA_URL"])
def test_it_fires(name: str, url: str, right: str) -> None:
    [finding] = found("CW113", Fake(settings={name: url}))
    assert finding.evidence[0] == f"{name} = {url!r}"
    assert finding.fix.summary == f"{name} = {right}"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "/static/",
            "static/",
            "assets/v1.2/",
            "v1.2/",
            "https://cdn.example.com/static/",
            "//cdn.example.com/static/",
        ),
        *("", None, "http://localhost:9000/static/", "/cdn.example.com/"),
    ],
)
def test_it_is_silent(url: str) -> None:
    assert found("CW113", Fake(settings={"STATIC_URL": url, "MEDIA_URL": url})) == []
