"""An application that listed its files at start."""

from tests.doctor.fake_facts import NOBODY, collected
from tests.doctor.sights import DJANGO_404, asset, error, live, seen_by

from clearway.doctor.facts import Process

MISSING = live(asset("/static/a.css", error(DJANGO_404)))
HERE = collected("/srv", ["a.css"])


def test_a_file_that_came_after_the_start() -> None:
    (found,) = seen_by("live-scan-at-start", MISSING, collected=HERE, process=Process("whitenoise", ()))
    assert "/srv/a.css is there" in found.evidence


def test_silence_where_nobody_serves_and_where_it_is_not_collected() -> None:
    assert seen_by("live-scan-at-start", MISSING, collected=HERE, process=NOBODY) == []
    assert seen_by("live-scan-at-start", MISSING, collected=collected("/srv"), process=Process("whitenoise", ())) == []
