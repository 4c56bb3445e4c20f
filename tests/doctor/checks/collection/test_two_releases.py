"""CW239: pages of one build, files of another."""

from typing import Any

import pytest
from tests.doctor.fake_facts import Fake, collected, found, settings_of

from clearway.doctor.facts import Manifest, Sources, Use
from clearway.fronts.road import Location

HERE = Location("/srv/page.html", 2)


def facts(there: list[str], **more: Any) -> Fake:
    given = {"settings": settings_of(), "sources": Sources({}, []), "collected": collected("/srv/static", there)}
    return Fake(**given | more)


def test_a_manifest_of_another_build_is_found() -> None:
    manifest = Manifest("/srv/static/staticfiles.json", {"a.css": "a.111111111111.css"})
    (finding,) = found("CW239", facts(["a.css", "a.222222222222.css"], manifest=manifest))
    assert finding.message == "1 name in the manifest is of another build than the files"
    assert finding.evidence == ("/srv/static/staticfiles.json has a.111111111111.css; there is a.222222222222.css",)
    assert finding.breaks == {"static:a.css", "static:a.111111111111.css"}


@pytest.mark.parametrize("fact", ["templates", "written"])
@pytest.mark.parametrize(
    ("named", "there"),
    [
        ("assets/index-DKx3aZ9q.js", "assets/index-B7mQ2yTf.js"),
        ("js/main.8c1f2b3d.chunk.js", "js/main.0a9b8c7d.chunk.js"),
        ("app.5d41402abc4b2a76b971.css", "app.7d793037a0760186574b.css"),
    ],
)
def test_a_page_of_another_bundle_is_found(fact: str, named: str, there: str) -> None:
    (finding,) = found("CW239", facts([there], **{fact: [Use(named, HERE)]}))
    assert finding.evidence == (f"/srv/page.html:2 names {named}; there is {there}",)


@pytest.mark.parametrize("there", [["a.css"], ["b.222222222222.css"], ["a.222222222222.js"], ["x/a.222222222222.css"]])
def test_a_file_that_is_simply_gone_is_another_finding(there: list[str]) -> None:
    manifest = Manifest("/srv/static/staticfiles.json", {"a.css": "a.111111111111.css"})
    assert found("CW239", facts(there, manifest=manifest)) == []


def test_older_builds_beside_the_present_one_are_fine() -> None:
    names = {"a.css": "a.111111111111.css"}
    uses = [Use("assets/index-DKx3aZ9q.js", HERE)]
    there = ["a.111111111111.css", "a.222222222222.css", "assets/index-DKx3aZ9q.js", "assets/index-B7mQ2yTf.js"]
    assert found("CW239", facts(there, manifest=Manifest("m.json", names), written=uses)) == []


@pytest.mark.parametrize(
    "name", ["js/jquery-ui.js", "css/main-settings.css", "img/icon-calendar.svg", "v/app-1.2.3.js"]
)
def test_words_and_versions_are_no_hashes(name: str) -> None:
    others = ["js/jquery-xx.js", "css/main-defaults.css", "img/icon-envelope.svg", "v/app-1.2.4.js"]
    assert found("CW239", facts(others, templates=[Use(name, HERE)])) == []


def test_development_has_no_releases() -> None:
    manifest = Manifest("m.json", {"a.css": "a.111111111111.css"})
    settings = settings_of(DEBUG=True)
    assert found("CW239", facts(["a.222222222222.css"], manifest=manifest, settings=settings)) == []
