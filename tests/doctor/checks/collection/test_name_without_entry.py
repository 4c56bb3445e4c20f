"""CW235: names in templates that the manifest does not have."""

from pathlib import Path
from typing import Any

import pytest
from tests.doctor.fake_facts import Fake, found, settings_of

from clearway.doctor.facts import Manifest, Sources, Use
from clearway.fronts.road import Location

FILE = "/srv/shop/staticfiles/staticfiles.json"
NAMES = {"css/site.css": "css/site.0123456789ab.css", "img/two words.svg": "img/two words.111111111111.svg"}


def facts(*names: str, **more: Any) -> Fake:
    uses = [Use(name, Location("/srv/shop/page.html", line)) for line, name in enumerate(names, 1)]
    return Fake(**{"settings": settings_of(), "manifest": Manifest(FILE, NAMES), "templates": uses} | more)


def test_a_name_nobody_knows_fails_the_page() -> None:
    (finding,) = found("CW235", facts("js/none.js", "css/site.css"))
    assert finding.message == "'js/none.js' in a template has no entry in the manifest"
    assert finding.evidence == (f"/srv/shop/page.html:1: 'js/none.js' is neither in {FILE} nor known to a finder",)
    assert finding.location == Location("/srv/shop/page.html", 1)
    assert finding.breaks == {"static:js/none.js"}


def test_a_file_that_is_there_was_not_collected() -> None:
    sources = Sources({"js/new.js": "/srv/assets/js/new.js"}, [])
    (finding,) = found("CW235", facts("js/new.js", sources=sources))
    assert finding.fix.commands == ("python manage.py collectstatic --noinput",)
    assert f"which {FILE} does not list" in finding.evidence[0]


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("/css/site.css", "css/site.css"),
        ("css//site.css", "css/site.css"),
        ("css\\site.css", "css/site.css"),
        ("static/css/site.css", "css/site.css"),
        ("/static/css/site.css", "css/site.css"),
        ("css/site.0123456789ab.css", "css/site.css"),
    ],
)
def test_what_is_meant_is_offered_as_an_edit(tmp_path: Path, name: str, right: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<a>\n{{% static '{name}' %}}\n</a>\n")
    (finding,) = found("CW235", facts(templates=[Use(name, Location(str(page), 2))]))
    assert finding.fix.summary == f"write {right!r} instead of {name!r}"
    assert f"+{{% static '{right}' %}}" in finding.fix.diff.splitlines()


def test_a_published_name_is_said_to_be_one() -> None:
    (finding,) = found("CW235", facts("css/site.0123456789ab.css"))
    assert "is a published name" in finding.evidence[0]


@pytest.mark.parametrize(
    "name",
    [
        "css/site.css",
        "css/site.css?v=2",
        "css/site.css#top",
        "img/two%20words.svg",
        "img/two words.svg",
        "img/",
        "",
        "#a",
    ],
)
def test_what_the_storage_finds_is_fine(name: str) -> None:
    assert found("CW235", facts(name)) == []


def test_a_lenient_storage_fails_no_page() -> None:
    assert found("CW235", facts("none.js", manifest=Manifest(FILE, NAMES, strict=False))) == []


@pytest.mark.parametrize("manifest", [Manifest(FILE, {}, exists=False), Manifest(FILE, {}, problem="damaged")])
def test_without_a_manifest_that_is_the_finding(manifest: Manifest) -> None:
    assert found("CW235", facts("none.js", manifest=manifest)) == []


def test_development_takes_any_name() -> None:
    assert found("CW235", facts("none.js", settings=settings_of(DEBUG=True))) == []


def test_templates_of_packages_are_their_authors_business() -> None:
    place = Location("/venv/lib/python3.12/site-packages/x/templates/a.html", 1)
    assert found("CW235", facts(templates=[Use("none.js", place)])) == []
