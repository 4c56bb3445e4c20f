"""Files by http:// on a page by https://, and redirects to itself."""

from tests.doctor.sights import HTML, PAGE, SITE, answer, asset, live, seen_by

from clearway.doctor.finding import Level
from clearway.doctor.live.seen import Hop, Seen, Wanted


def test_a_style_sheet_by_http_on_a_page_by_https() -> None:
    (found,) = seen_by("live-proto-header", live(asset("http://shop.example/static/a.css")))
    assert (found.level, found.cause) == (Level.ERROR, "proto-header")


def test_a_picture_that_the_browser_may_ask_for_by_https() -> None:
    (found,) = seen_by("live-proto-header", live(asset("http://shop.example/static/a.png")))
    assert found.level == Level.WARNING


def test_a_page_that_is_redirected_to_itself() -> None:
    back = answer(301, b"", HTML, fields={"Location": SITE})
    (found,) = seen_by(
        "live-proto-header", live(pages=(Seen(Wanted(SITE, "page"), (Hop(SITE, back),) * 2, loops=True),))
    )
    assert "it is redirected to itself" in found.evidence


def test_silence_on_https_and_on_files_of_others() -> None:
    assert seen_by("live-proto-header", live(asset(), pages=(PAGE,))) == []
    assert seen_by("live-proto-header", live(asset("http://elsewhere.example/a.png"))) == []


def test_silence_on_a_loop_through_other_paths() -> None:
    hops = (Hop(SITE, answer(302, b"", HTML)), Hop(f"{SITE}en/", answer(302, b"", HTML)))
    assert seen_by("live-proto-header", live(pages=(Seen(Wanted(SITE, "page"), hops, loops=True),))) == []
