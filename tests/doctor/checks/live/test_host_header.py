"""Django's 400."""

from tests.doctor.sights import HTML, PAGE, SITE, answer, asset, live, seen_by

from clearway.doctor.live.seen import Hop, Live, Seen, Wanted

BAD = b"<h1>Bad Request (400)</h1><p></p>"


def refusing(body: bytes) -> Live:
    return live(pages=(Seen(Wanted(SITE, "page"), (Hop(SITE, answer(400, body, HTML)),)),))


def test_a_host_that_is_not_allowed() -> None:
    (found,) = seen_by("live-host-header", refusing(BAD), settings={"ALLOWED_HOSTS": ["www.shop.example"]})
    assert "ALLOWED_HOSTS is ['www.shop.example']" in found.evidence
    assert found.breaks == {"page:/"}


def test_silence_on_a_400_of_somebody_else_and_on_pages() -> None:
    assert seen_by("live-host-header", refusing(b"<center>nginx</center>")) == []
    assert seen_by("live-host-header", live(asset(), pages=(PAGE,))) == []
