"""SECURE_PROXY_SSL_HEADER that no request can match."""

from typing import Any

import pytest
from tests.doctor.fake_facts import Fake, found

from clearway.doctor.finding import Level


@pytest.mark.parametrize(
    "given",
    [
        ("X-Forwarded-Proto", "https"),
        ("X_FORWARDED_PROTO", "https"),
        ("HTTP_X-FORWARDED-PROTO", "https"),
        ("http_x_forwarded_proto", "https"),
        ["HTTP_X_FORWARDED_PROTO", "HTTPS"],
    ],
)
def test_it_fires(given: Any) -> None:
    facts = Fake(settings={"SECURE_PROXY_SSL_HEADER": given, "SECURE_SSL_REDIRECT": True})
    [finding] = found("CW121", facts)
    assert finding.fix.summary == "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')"
    assert finding.level == Level.ERROR


def test_without_a_redirect_it_is_a_risk() -> None:
    [finding] = found("CW121", Fake(settings={"SECURE_PROXY_SSL_HEADER": ("X-Forwarded-Proto", "https")}))
    assert finding.level == Level.WARNING


@pytest.mark.parametrize(
    "given",
    [None, ("HTTP_X_FORWARDED_PROTO", "https"), ("HTTP_X_SCHEME", "ssl"), ("HTTP_X_FORWARDED_SSL", "on"), "x", (1, 2)],
)
def test_it_is_silent(given: Any) -> None:
    assert found("CW121", Fake(settings={"SECURE_PROXY_SSL_HEADER": given})) == []
