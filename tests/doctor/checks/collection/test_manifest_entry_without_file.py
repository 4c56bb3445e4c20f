"""CW234: entries of the manifest whose files are not there."""

from typing import Any

from tests.doctor.fake_facts import Fake, collected, found, settings_of

from clearway.doctor.facts import Manifest

NAMES = {"a.css": "a.0123456789ab.css", "b.js": "b.ba9876543210.js"}


def facts(*there: str, **settings: Any) -> Fake:
    kept = collected("/srv/static", there)
    return Fake(
        settings=settings_of(**settings), manifest=Manifest("/srv/static/staticfiles.json", NAMES), collected=kept
    )


def test_a_file_that_is_gone_is_named() -> None:
    (finding,) = found("CW234", facts("a.css", "b.js", "b.ba9876543210.js"))
    assert finding.message == "1 file of 2 that the manifest names is not there"
    assert finding.evidence == ("a.css → /srv/static/a.0123456789ab.css is not there",)
    assert finding.breaks == {"static:a.css", "static:a.0123456789ab.css"}


def test_all_files_gone_are_one_finding() -> None:
    (finding,) = found("CW234", facts())
    assert finding.message == "2 files of 2 that the manifest names are not there"


def test_another_build_of_the_file_is_another_finding() -> None:
    assert found("CW234", facts("a.ffffffffff01.css", "b.ba9876543210.js")) == []


def test_whole_files_are_fine() -> None:
    assert found("CW234", facts(*NAMES.values(), "old.111111111111.css")) == []


def test_development_asks_for_no_manifest() -> None:
    assert found("CW234", facts(DEBUG=True)) == []
