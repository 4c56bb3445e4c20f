"""Pages that are errors, files that fail or end too early."""

from tests.doctor.sights import HTML, PAGE, SITE, answer, asset, live, seen_by

from clearway.doctor.facts import Manifest
from clearway.doctor.live.seen import Hop, Seen, Wanted


def page(status: int, body: bytes = b"") -> Seen:
    return Seen(Wanted(SITE, "page"), (Hop(SITE, answer(status, body, HTML)),))


def test_a_page_that_the_web_server_cannot_get() -> None:
    gateway = b"<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>"
    (found,) = seen_by("answer-fails", live(pages=(page(502, gateway),)))
    assert found.message == "https://shop.example/ is answered with 502 by nginx"


def test_a_page_that_fails_for_want_of_a_manifest_follows_from_that() -> None:
    manifest = Manifest("/srv/staticfiles.json", {}, exists=False)
    (found,) = seen_by("answer-fails", live(pages=(page(500),)), manifest=manifest)
    assert found.breaks == {"static:"}


def test_a_file_that_is_cut_off() -> None:
    (found,) = seen_by("answer-fails", live(asset("/static/a.js", answer(200, b"x", "text/javascript", is_cut=True))))
    assert found.evidence[0].endswith("cut off")


def test_silence_on_what_arrives_and_on_missing_files() -> None:
    assert seen_by("answer-fails", live(asset(), asset("/static/a.css", answer(404)), pages=(PAGE,))) == []
