"""CW231: collected copies that are not what their sources are."""

import os
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.checks.collection.conftest import Disk
from tests.doctor.fake_facts import Fake, collected, found, settings_of

from clearway.doctor.facts import Manifest, Sources, Unavailable


def facts(sources: Any, kept: Any, **more: Any) -> Fake:
    return Fake(**{"settings": settings_of(), "sources": sources, "collected": kept} | more)


def touched(path: str | Path) -> None:
    os.utime(path, (1_710_000_000, 1_710_000_000))


def test_another_size_is_told_with_both_dates(disk: Disk) -> None:
    sources, kept = disk({"site.css": "new one"}, {"site.css": "old"})
    touched(sources.files["site.css"])
    (finding,) = found("CW231", facts(sources, kept))
    assert finding.message == "1 collected file is not what the source is now"
    copy = f"{kept.root}/site.css (3 octets, 2024-01-02 00:00)"
    assert finding.evidence == (f"{copy} is not {sources.files['site.css']} (7 octets, 2024-03-09 16:00)",)
    assert finding.fix.commands == ("python manage.py collectstatic --noinput",)
    assert finding.breaks == {"static:site.css"}


def test_the_same_size_is_compared_by_content(disk: Disk) -> None:
    assert len(found("CW231", facts(*disk({"site.css": "a{x:1}"}, {"site.css": "a{x:2}"})))) == 1


@pytest.mark.parametrize(("end", "number"), [("1", 1), ("2", 0)])
def test_a_large_file_is_compared_to_its_end(disk: Disk, end: str, number: int) -> None:
    large = "x" * (1 << 20)
    assert len(found("CW231", facts(*disk({"film.mp4": f"{large}{end}"}, {"film.mp4": f"{large}2"})))) == number


def test_a_copy_with_the_later_date_needs_clear(disk: Disk) -> None:
    (finding,) = found("CW231", facts(*disk({"site.css": "new one"}, {"site.css": "old"})))
    assert finding.evidence[-1] == "the copy has the later date: collectstatic would skip it"
    assert finding.fix.commands == ("python manage.py collectstatic --noinput --clear",)


@pytest.mark.parametrize("name", ["clearway", "clearway.apps.ClearwayConfig"])
def test_the_collectstatic_of_clearway_needs_no_clear(disk: Disk, name: str) -> None:
    settings = settings_of(INSTALLED_APPS=[name, "django.contrib.staticfiles"])
    (finding,) = found("CW231", facts(*disk({"site.css": "new one"}, {"site.css": "old"}), settings=settings))
    assert finding.fix.commands == ("python manage.py collectstatic --noinput",)
    assert "skip" not in "".join(finding.evidence)


def test_below_staticfiles_it_is_that_of_django(disk: Disk) -> None:
    settings = settings_of(INSTALLED_APPS=["django.contrib.staticfiles", "clearway"])
    (finding,) = found("CW231", facts(*disk({"site.css": "new one"}, {"site.css": "old"}), settings=settings))
    assert "--clear" in finding.fix.commands[0]


def test_a_hashed_image_is_compared_where_it_is_alone(disk: Disk) -> None:
    sources, kept = disk({"logo.png": "new"}, {"logo.0123456789ab.png": "old"})
    manifest = Manifest("staticfiles.json", {"logo.png": "logo.0123456789ab.png"})
    assert len(found("CW231", facts(sources, kept, manifest=manifest))) == 1


def test_a_hashed_style_sheet_may_differ_by_its_links(disk: Disk) -> None:
    sources, kept = disk({"site.css": "url(a.png)"}, {"site.0123456789ab.css": "url(a.0123456789ab.png)"})
    manifest = Manifest("staticfiles.json", {"site.css": "site.0123456789ab.css"})
    assert found("CW231", facts(sources, kept, manifest=manifest)) == []


def test_equal_files_are_fine_whatever_their_dates(disk: Disk) -> None:
    sources, kept = disk({"site.css": "a{}", "js/a.js": "let a"}, {"site.css": "a{}", "js/a.js": "let a"})
    touched(sources.files["site.css"])
    assert found("CW231", facts(sources, kept)) == []


def test_what_is_not_collected_is_another_finding(disk: Disk) -> None:
    assert found("CW231", facts(*disk({"a.css": "a", "b.css": "b"}, {"a.css": "a"}))) == []


def test_development_answers_from_the_sources(disk: Disk) -> None:
    assert found("CW231", facts(*disk({"a.css": "a"}, {"a.css": "b"}), settings=settings_of(DEBUG=True))) == []


def test_a_release_that_was_made_current_again_is_meant_to_be_older(disk: Disk) -> None:
    sources, kept = disk({"a.css": "a"}, {"a.css": "b"})
    older = collected(kept.root, kept.sizes, rolled_back=True)
    assert found("CW231", facts(sources, older)) == []


def test_a_storage_that_changes_files_is_not_judged(disk: Disk) -> None:
    sources, kept = disk({"a.css": "a"}, {"a.css": "b"})
    altering = collected(kept.root, kept.sizes, altered_by="shop.storage.Minifying")
    with pytest.raises(Unavailable, match=r"shop\.storage\.Minifying changes files"):
        found("CW231", facts(sources, altering))


def test_a_file_that_vanishes_meanwhile_is_no_difference(tmp_path: Path) -> None:
    kept = collected(tmp_path, {"a.css": 3})
    assert found("CW231", facts(Sources({"a.css": str(tmp_path / "none.css")}, []), kept)) == []
