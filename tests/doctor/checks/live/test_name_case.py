"""Names in other case."""

from tests.doctor.fake_facts import collected
from tests.doctor.sights import NGINX_404, asset, error, live, seen_by

MISSING = live(asset("/static/img/Logo.png", error(NGINX_404)))


def test_a_file_with_other_capital_letters() -> None:
    (found,) = seen_by("live-name-case", MISSING, collected=collected("/srv", ["img/logo.PNG"]))
    assert "there is img/logo.PNG" in found.evidence


def test_silence_on_other_names_and_on_the_same() -> None:
    assert seen_by("live-name-case", MISSING, collected=collected("/srv", ["img/logos.png"])) == []
    assert seen_by("live-name-case", MISSING, collected=collected("/srv", ["img/Logo.png"])) == []
