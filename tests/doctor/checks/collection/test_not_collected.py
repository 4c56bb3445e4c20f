"""CW230: files that the finders know and that are not in STATIC_ROOT."""

import os
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.checks.collection.conftest import Disk
from tests.doctor.fake_facts import Fake, collected, found, settings_of

from clearway.doctor.facts import Manifest, Process, Sources, Tree, Unavailable, Use
from clearway.fronts.road import Location

CSS = {"css/site.css": "a{}", "js/site.js": "let a"}
HERE = Location("/srv/shop/page.html", 3)


def facts(sources: Any, kept: Any, **more: Any) -> Fake:
    return Fake(**{"settings": settings_of(), "sources": sources, "collected": kept} | more)


def test_nothing_was_collected(disk: Disk) -> None:
    (finding,) = found("CW230", facts(*disk(CSS, {})))
    assert finding.message == "nothing was collected"
    assert finding.breaks == {"static"}
    assert finding.fix.commands == ("python manage.py collectstatic --noinput",)


def test_a_path_of_another_machine_is_said_to_be_one() -> None:
    kept = collected("/Users/anna/shop/staticfiles", exists=False)
    (finding,) = found("CW230", facts(Sources({"a.css": "/srv/a.css"}, []), kept))
    assert finding.evidence == (
        "/Users/anna/shop/staticfiles is not there",
        "neither is /Users: this may be a path of another machine",
    )


def test_the_admin_is_named(disk: Disk) -> None:
    sources, kept = disk(CSS, CSS)
    admin = ("admin/css/base.css", "admin/js/core.js")
    files = {name: f"/venv/site-packages/django/contrib/admin/static/{name}" for name in admin}
    (finding,) = found("CW230", facts(Sources({**sources.files, **files}, []), kept))
    assert finding.message == "the 2 files of the admin were not collected"
    assert finding.breaks == {"static:admin/css/base.css", "static:admin/js/core.js"}


def test_three_files_are_shown_and_the_others_counted(disk: Disk) -> None:
    sources = CSS | {f"css/{number}.css": "c{}" for number in range(5)}
    (finding,) = found("CW230", facts(*disk(sources, CSS)))
    assert len(finding.evidence) == 4
    assert finding.evidence[-1] == "and 2 more"


@pytest.mark.parametrize("fact", ["templates", "written", "references"])
def test_what_is_used_is_missed_whatever_it_is(disk: Disk, fact: str) -> None:
    sources, kept = disk(CSS | {"fonts/only.woff2": "f"}, CSS)
    assert found("CW230", facts(sources, kept)) == []
    (finding,) = found("CW230", facts(sources, kept, **{fact: [Use("fonts/only.woff2", HERE)]}))
    assert finding.message == "fonts/only.woff2 was not collected"


def test_a_directory_made_since_is_missed(disk: Disk) -> None:
    sources, kept = disk(CSS | {"css/new/a.css": "a{}"}, CSS)
    assert found("CW230", facts(sources, kept)) == []
    os.utime(sources.files["css/new/a.css"], (1_800_000_000, 1_800_000_000))
    assert len(found("CW230", facts(sources, kept))) == 1


def test_an_app_of_which_nothing_is_there_is_missed(disk: Disk) -> None:
    sources, kept = disk(CSS, CSS)
    files = {
        "reviews/star.css": "/srv/shop/reviews/static/reviews/star.css",
        "drafts/a.css": "/srv/shop/assets/drafts/a.css",
    }
    (finding,) = found("CW230", facts(Sources({**sources.files, **files}, []), kept))
    assert finding.message == "reviews/star.css was not collected"


@pytest.mark.parametrize(
    "ignored",
    [
        {"drafts/a.css": "", "drafts/b.css": ""},
        {"scss/site.scss": "$a: 1"},
        {"css/site.css.map": "{}", "js/site.js.map": "{}"},
        {"css/drafts/a.css": "", "css/drafts/b.css": ""},
        {"README.md": "", "LICENSE": ""},
        {"img/psd/a.psd": ""},
    ],
)
def test_what_collectstatic_was_told_to_ignore_is_not_missed(disk: Disk, ignored: dict[str, str]) -> None:
    assert found("CW230", facts(*disk(CSS | ignored, CSS))) == []


def test_everything_is_there(disk: Disk) -> None:
    assert found("CW230", facts(*disk(CSS, CSS | {"CACHE/x.css": ""}))) == []


def test_hashed_files_alone_are_enough(disk: Disk) -> None:
    sources, kept = disk(CSS, {"css/site.0123456789ab.css": "a{}", "js/site.0123456789ab.js": "let a"})
    names = {"css/site.css": "css/site.0123456789ab.css", "js/site.js": "js/site.0123456789ab.js"}
    assert found("CW230", facts(sources, kept, manifest=Manifest("staticfiles.json", names))) == []


def test_development_needs_nothing_collected(disk: Disk) -> None:
    assert found("CW230", facts(*disk(CSS, {}), settings=settings_of(DEBUG=True))) == []


def test_a_broken_link_for_a_root_is_another_finding(disk: Disk) -> None:
    sources, _ = disk(CSS, {})
    kept = collected("/srv/static", exists=False, broken_links={"": "/srv/gone"})
    assert found("CW230", facts(sources, kept)) == []


def test_no_sources_need_no_collecting(tmp_path: Path) -> None:
    assert found("CW230", facts(Sources({}, []), collected(tmp_path))) == []


@pytest.mark.parametrize(("root", "skipped"), [("/srv/checkout", True), ("/app", False)])
def test_an_image_that_collects_is_looked_at_inside_only(disk: Disk, root: str, skipped: bool) -> None:
    tree = Tree(root, {"Dockerfile": "FROM python\nWORKDIR /app\nRUN python manage.py collectstatic --noinput\n"})
    given = facts(*disk(CSS, {}), tree=tree)
    if skipped:
        with pytest.raises(Unavailable, match="collectstatic runs in Dockerfile"):
            found("CW230", given)
    else:
        assert len(found("CW230", given)) == 1


@pytest.mark.parametrize("line", ["# RUN python manage.py collectstatic", "RUN pip install django"])
def test_an_image_that_does_not_collect_excuses_nothing(disk: Disk, line: str) -> None:
    tree = Tree("/srv/checkout", {"Dockerfile": f"FROM python\nWORKDIR /app\n{line}\n"})
    assert len(found("CW230", facts(*disk(CSS, {}), tree=tree))) == 1


@pytest.mark.parametrize(
    ("answers", "settings", "skipped"),
    [
        ("whitenoise", {"WHITENOISE_USE_FINDERS": True}, True),
        ("servestatic", {"SERVESTATIC_USE_FINDERS": True}, True),
        ("whitenoise", {"WHITENOISE_USE_FINDERS": False}, False),
        ("servestatic", {"WHITENOISE_USE_FINDERS": True}, False),
        ("", {"WHITENOISE_USE_FINDERS": True}, False),
    ],
)
def test_who_answers_from_the_sources_needs_nothing_collected(
    disk: Disk, answers: str, settings: dict[str, Any], skipped: bool
) -> None:
    given = facts(*disk(CSS, {}), settings=settings_of(**settings), process=Process(answers, ()))
    if skipped:
        with pytest.raises(Unavailable, match="answered from their sources"):
            found("CW230", given)
    else:
        assert len(found("CW230", given)) == 1


def test_without_staticfiles_there_is_no_command_to_run(disk: Disk) -> None:
    (finding,) = found("CW230", facts(*disk(CSS, {}), settings=settings_of(INSTALLED_APPS=["shop"])))
    assert finding.fix.summary.startswith('add "django.contrib.staticfiles" to INSTALLED_APPS')
