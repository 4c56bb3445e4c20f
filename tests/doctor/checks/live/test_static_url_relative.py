"""URLs that are taken from the page's path."""

from typing import Any

from tests.doctor.sights import NGINX_404, SITE, answer, asset, error, live, seen_by

MISSING = asset("/cart/static/a.css", error(NGINX_404), page=f"{SITE}cart/")


def only(url: str) -> Any:
    """Asks a site on which one URL is there."""
    return lambda asked, fields: answer(200, b"a{}", "text/css") if asked == url else answer(404)


def test_the_file_is_there_from_the_root() -> None:
    (found,) = seen_by("live-static-url-relative", live(MISSING, ask=only(f"{SITE}static/a.css")))
    assert found.cause == "static-url-relative"


def test_silence_where_it_is_not_there_either() -> None:
    assert seen_by("live-static-url-relative", live(MISSING, ask=only(""))) == []
    assert seen_by("live-static-url-relative", live(asset("/cart/static/a.css"), ask=only(""))) == []
