"""A page in the place of a file."""

from tests.doctor.sights import HTML, NGINX_404, absent, answer, asset, error, live, seen_by

from clearway.doctor.finding import Level

INDEX = answer(200, b"<!doctype html><title>Shop</title>", HTML, fields={"Server": "nginx"})


def test_a_style_sheet_that_is_a_page() -> None:
    (found,) = seen_by("live-fallback-html", live(asset("/static/a.css", INDEX)))
    assert found.evidence[0].startswith("GET https://shop.example/static/a.css → 200 text/html")


def test_a_name_that_is_not_there() -> None:
    (found,) = seen_by("live-fallback-html", live(asset(), absent=(absent(asset(), INDEX, INDEX),)))
    assert found.level == Level.WARNING


def test_silence_on_files_and_404() -> None:
    assert seen_by("live-fallback-html", live(asset(), absent=(absent(asset(), error(NGINX_404)),))) == []
    assert seen_by("live-fallback-html", live(asset("/static/a.css", error(NGINX_404)))) == []
