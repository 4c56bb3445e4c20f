"""The keys of `CLEARWAY["media"]` that are about uploads."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from clearway.conf import Conf
from clearway.policy.limits import SUSPECT, Limits


def media(**given: Any) -> Any:
    return Conf.of({"media": given}, debug=False).media


def test_pictures_are_limited_and_nothing_else_until_the_project_says() -> None:
    assert media().limits == Limits(None, 100_000_000, 5_000, None, (), SUSPECT)
    assert (media().gate.strip_location, media().gate.scanner, media().gate.scanner_unreachable) == (
        False,
        None,
        "hold",
    )


def test_what_is_given_is_read() -> None:
    given = media(max_size=1, max_pixels=None, max_frames=2, max_files=3, accept=["Image/*"], refuse=["truncated"])
    assert given.limits == Limits(1, None, 2, 3, ("image/*",), ("truncated",))
    assert media(strip_location=True, scanner="a.b", scanner_unreachable="refuse").gate.scanner == "a.b"
    assert media(scanner={"BACKEND": "a.B", "OPTIONS": {"x": 1}}).gate.scanner["BACKEND"] == "a.B"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"max_size": 0}, "must be None, or a whole number of octets, 1 or more, not 0"),
        ({"max_size": True}, "octets"),
        ({"max_pixels": "9"}, "a whole number of pixels"),
        ({"max_frames": -1}, "a whole number of frames"),
        ({"max_files": 1.5}, "a whole number of files"),
        ({"accept": "image/png"}, r'such as \["image/\*", "application/pdf"\]'),
        ({"accept": ["png"]}, "media types and families"),
        ({"accept": ["*/*/*"]}, "media types and families"),
        ({"refuse": ["too_large"]}, "any of wrong_type, unreadable"),
        ({"strip_location": 1}, "True or False"),
        ({"scanner": "clamd"}, "a dotted path"),
        ({"scanner": {"backend": "a.b"}}, "a dotted path"),
        ({"scanner": {"BACKEND": "a.b", "TIMEOUT": 1}}, "a dotted path"),
        ({"scanner_unreachable": "serve"}, "one of hold, refuse"),
        ({"max_sizes": 1}, "did you mean 'max_size'"),
        ({"strip_locations": True}, "did you mean 'strip_location'"),
    ],
)
def test_an_error_says_what_is_right(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=message):
        media(**given)
