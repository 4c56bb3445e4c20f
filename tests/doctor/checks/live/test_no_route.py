"""Nothing on the way is there for the path."""

from tests.doctor.fake_facts import NOBODY
from tests.doctor.sights import DJANGO_404, HTML, NGINX_404, absent, answer, asset, error, live, seen_by

from clearway.doctor.facts import Process

LOGIN = answer(302, b"", HTML, fields={"Location": "/accounts/login/?next=/static/css/site.css"})
FORM = answer(200, b"<form>", HTML)
SENT = asset("/static/css/site.css", LOGIN, FORM, hops=("https://shop.example/accounts/login/",))


def test_the_applications_own_404() -> None:
    (found,) = seen_by("live-no-route", live(asset("/static/a.css", error(DJANGO_404))), process=NOBODY)
    assert "(the application answered)" in found.evidence[0]
    assert found.breaks == {"static:a.css"}


def test_a_login_in_the_place_of_a_file() -> None:
    (found,) = seen_by("live-no-route", live(SENT), process=NOBODY)
    assert "the application was asked for it, and wants a login" in found.evidence


def test_200_and_nothing_whatever_is_asked_for() -> None:
    nothing = answer(200, b"", fields={"Server": "Caddy"})
    sheet = asset("/static/a.css", nothing)
    (found,) = seen_by("live-no-route", live(sheet, absent=(absent(sheet, nothing),)))
    assert "0 octets" in found.evidence


def test_silence_on_an_empty_file_and_on_the_404_of_a_server() -> None:
    empty = asset("/static/a.css", answer(200, b"", "text/css"))
    assert seen_by("live-no-route", live(empty, absent=(absent(empty, error(NGINX_404)),))) == []
    assert seen_by("live-no-route", live(asset("/static/a.css", error(NGINX_404)), asset())) == []


def test_silence_where_the_application_has_somebody_for_files() -> None:
    sight = live(asset("/static/a.css", error(DJANGO_404)))
    assert seen_by("live-no-route", sight, process=Process("whitenoise", ())) == []
