"""Files that are not where they are served."""

from tests.doctor.sights import NGINX_404, answer, asset, error, live, seen_by

from clearway.doctor.facts import Sources

SOURCES = Sources({"a.css": "/srv/shop/static/a.css"}, ())


def test_one_that_is_missing_where_others_arrive() -> None:
    sight = live(asset("/static/a.css", error(NGINX_404)), asset("/static/b.css"))
    (found,) = seen_by("live-not-collected", sight, sources=SOURCES)
    assert "others of its directory arrive" in found.evidence


def test_all_of_them_and_nobody_says_who_answers() -> None:
    (found,) = seen_by("live-not-collected", live(asset("/static/a.css", answer(404, b"no", "text/plain"))))
    assert found.evidence[0] == "GET https://shop.example/static/a.css → 404 text/plain"


def test_silence_on_pictures_outside_of_the_prefixes() -> None:
    assert seen_by("live-not-collected", live(asset("/avatars/1.png", error(NGINX_404)))) == []


def test_silence_on_maps_icons_and_what_arrives() -> None:
    gone = error(NGINX_404)
    sight = live(asset(), asset("/static/a.css.map", gone), asset("/favicon.ico", gone), asset("/static/b.js"))
    assert seen_by("live-not-collected", sight) == []
