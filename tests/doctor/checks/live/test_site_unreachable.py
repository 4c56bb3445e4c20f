"""Hosts that do not answer."""

from tests.doctor.sights import PAGE, SITE, asset, live, seen_by

from clearway.doctor.live.seen import Seen, Wanted

SILENT = Seen(Wanted(SITE, "page"), problem="Connection refused")


def test_a_page_without_an_answer() -> None:
    (found,) = seen_by("site-unreachable", live(pages=(SILENT,)))
    assert found.message == "https://shop.example gives no answer: Connection refused"
    assert found.evidence == ("GET https://shop.example/ → no answer: Connection refused",)


def test_a_host_of_the_site_for_its_files() -> None:
    unknown = Seen(
        Wanted("https://static.shop.example/a.css", "style", SITE, 3, page=SITE), problem="Name or service not known"
    )
    (found,) = seen_by("site-unreachable", live(unknown, unknown))
    assert "static.shop.example" in found.message


def test_silence_on_answers_and_on_hosts_of_others() -> None:
    counter = Seen(Wanted("https://counter.example/c.js", "script", SITE, 3, page=SITE), problem="timed out")
    assert seen_by("site-unreachable", live(asset(), counter, pages=(PAGE,))) == []
