"""Another server at the address."""

from tests.doctor.sights import HTML, NGINX_404, PAGE, SITE, answer, asset, error, live, seen_by

from clearway.doctor.live.seen import Hop, Seen, Wanted
from clearway.fronts.road import Outcome


def test_the_page_of_a_fresh_nginx() -> None:
    fresh = Seen(Wanted(SITE, "page"), (Hop(SITE, answer(200, b"<title>Welcome to nginx!</title>", HTML)),))
    (found,) = seen_by("live-wrong-server", live(pages=(fresh,)))
    assert "its page is the one that a fresh nginx shows" in found.evidence


def test_a_certificate_for_other_names() -> None:
    other = answer(doubt="Hostname mismatch, certificate is not valid for 'shop.example'.")
    (found,) = seen_by("live-wrong-server", live(asset("/a.css", other)))
    assert found.cause == "wrong-server"


def test_another_program_than_the_one_whose_configuration_was_given() -> None:
    predicted = Outcome("caddy", 200, type="text/css")
    missing = asset("/static/a.css", error(NGINX_404), predicted=predicted)
    (found,) = seen_by("live-wrong-server", live(missing))
    assert any("the configuration makes of it: 200 text/css" in row for row in found.evidence)


def test_silence_on_a_page_of_the_site() -> None:
    assert seen_by("live-wrong-server", live(asset(), pages=(PAGE,))) == []
    assert seen_by("live-wrong-server", live(asset("/a.css", answer(doubt="self-signed certificate")))) == []
