"""STATIC_URL and MEDIA_URL without a slash at their end."""

import pytest
from tests.doctor.fake_facts import Fake, found


@pytest.mark.parametrize(
    ("given", "message", "right"),
    [
        ({"STATIC_URL": "/static"}, "STATIC_URL does not end with a slash", "'/static/'"),
        ({"STATIC_URL": "https://cdn.example/s"}, "STATIC_URL does not end with a slash", "'https://cdn.example/s/'"),
        ({"MEDIA_URL": "/media"}, "MEDIA_URL does not end with a slash", "'/media/'"),
    ],
)
def test_it_fires(given: dict[str, str], message: str, right: str) -> None:
    [finding] = found("CW112", Fake(settings=given))
    assert finding.message == message
    assert finding.fix.summary.endswith(right)


@pytest.mark.parametrize("given", [{}, {"MEDIA_URL": ""}, {"STATIC_URL": None}, {"STATIC_URL": "static/"}])
def test_it_is_silent(given: dict[str, str]) -> None:
    assert found("CW112", Fake(settings=given)) == []
