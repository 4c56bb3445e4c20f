"""CW238: links in STATIC_ROOT that lead nowhere."""

from typing import Any

from tests.doctor.fake_facts import Fake, collected, found, settings_of


def facts(links: dict[str, str], **settings: Any) -> Fake:
    kept = collected("/srv/static", ["a.css", *links], exists="" not in links, broken_links=links)
    return Fake(settings=settings_of(**settings), collected=kept)


def test_a_link_and_its_target_are_shown() -> None:
    (finding,) = found("CW238", facts({"b.css": "/gone/b.css"}))
    assert finding.message == "1 link in STATIC_ROOT leads nowhere"
    assert finding.evidence == ("/srv/static/b.css → /gone/b.css",)
    assert finding.breaks == {"static:b.css"}


def test_a_root_that_leads_nowhere_breaks_everything() -> None:
    (finding,) = found("CW238", facts({"": "/releases/41"}))
    assert finding.evidence == ("/srv/static → /releases/41",)
    assert finding.breaks == {"static"}


def test_links_that_lead_somewhere_are_fine() -> None:
    assert found("CW238", facts({})) == []


def test_development_does_not_look_there() -> None:
    assert found("CW238", facts({"b.css": "/gone/b.css"}, DEBUG=True)) == []
