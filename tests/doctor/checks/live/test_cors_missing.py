"""Files of another origin."""

import pytest
from tests.doctor.sights import answer, asset, live, seen_by

from clearway.doctor.live.seen import Live

FONT = "https://cdn.example/x.woff2"


def sight(*allowed: str, cors: str = "anonymous", **more: str) -> Live:
    got = answer(200, b"font", "font/woff2", fields=more)
    rows = tuple(("Access-Control-Allow-Origin", each) for each in allowed)
    return live(asset(FONT, type(got)(200, got.fields + rows, b"font"), cors=cors))


@pytest.mark.parametrize("allowed", [(), ("https://other.example",), ("*", "*"), ("null",)])
def test_a_font_that_is_not_allowed(allowed: tuple[str, ...]) -> None:
    (found,) = seen_by("live-cors-missing", sight(*allowed))
    assert any("asked with Origin: https://shop.example" in row for row in found.evidence)


def test_a_star_does_not_do_with_credentials() -> None:
    assert seen_by("live-cors-missing", sight("*", cors="use-credentials"))


@pytest.mark.parametrize("allowed", ["*", "https://shop.example"])
def test_silence_where_it_is_allowed(allowed: str) -> None:
    assert seen_by("live-cors-missing", sight(allowed)) == []


def test_silence_without_cors_and_on_the_own_origin() -> None:
    assert seen_by("live-cors-missing", sight(cors="")) == []
    assert seen_by("live-cors-missing", live(asset("/static/x.woff2", cors="anonymous"))) == []
