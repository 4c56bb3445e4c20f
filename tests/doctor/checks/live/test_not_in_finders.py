"""Files that no finder knows."""

from tests.doctor.sights import NGINX_404, asset, error, live, seen_by

from clearway.doctor.facts import Sources

SIGHT = live(asset("/static/a.css", error(NGINX_404)), asset("/static/b.css"))


def test_a_name_that_nobody_has() -> None:
    (found,) = seen_by("live-not-in-finders", SIGHT, sources=Sources({"b.css": "/srv/b.css"}, ()))
    assert "no finder knows a.css" in found.evidence


def test_silence_on_a_name_that_is_known_and_without_knowledge() -> None:
    assert seen_by("live-not-in-finders", SIGHT, sources=Sources({"a.css": "/srv/a.css"}, ())) == []
    assert seen_by("live-not-in-finders", SIGHT) == []
