"""A login before static files."""

from tests.doctor.fake_facts import NOBODY
from tests.doctor.sights import HTML, answer, asset, live, seen_by

from clearway.doctor.facts import Process

LOGIN = answer(302, b"", HTML, fields={"Location": "/accounts/login/?next=/static/css/site.css"})
FORM = answer(200, b"<form>", HTML)
SENT = asset("/static/css/site.css", LOGIN, FORM, hops=("https://shop.example/accounts/login/",))


def test_a_login_above_whitenoise() -> None:
    (found,) = seen_by("live-middleware-order", live(SENT), process=Process("whitenoise", ()))
    assert found.cause == "middleware-order"
    assert any("302 to https://shop.example/accounts/login/" in row for row in found.evidence)


def test_silence_without_middleware_for_files_and_on_files() -> None:
    assert seen_by("live-middleware-order", live(SENT), process=NOBODY) == []
    assert seen_by("live-middleware-order", live(asset()), process=Process("whitenoise", ())) == []
