"""Static URLs without the path of the site."""

from typing import Any

from tests.doctor.sights import NGINX_404, SITE, answer, asset, error, live, seen_by

MISSING = asset("/static/a.css", error(NGINX_404), page=f"{SITE}shop/cart/")


def only(url: str) -> Any:
    """Asks a site on which one URL is there."""
    return lambda asked, fields: answer(200, b"a{}", "text/css") if asked == url else answer(404)


def test_the_file_is_there_below_the_path_of_the_page() -> None:
    (found,) = seen_by("live-script-name", live(MISSING, ask=only(f"{SITE}shop/static/a.css")))
    assert any(row.startswith("GET https://shop.example/shop/static/a.css → 200") for row in found.evidence)


def test_silence_where_it_is_not_there_either() -> None:
    assert seen_by("live-script-name", live(MISSING, ask=only(""))) == []
    assert seen_by("live-script-name", live(asset("/shop/static/a.css"), ask=only(""))) == []
