"""CW237: files that are used and lie where no finder looks."""

from pathlib import Path
from typing import Any

import pytest
from tests.doctor.fake_facts import Fake, found, settings_of

from clearway.doctor.facts import Sources, Use
from clearway.fronts.road import Location

HERE = Location("/srv/page.html", 4)


def facts(strays: dict[str, list[str]], *names: str, sources: Sources | None = None, **settings: Any) -> Fake:
    return Fake(
        settings=settings_of(**settings),
        sources=sources or Sources({}, []),
        strays=strays,
        templates=[Use(name, HERE) for name in names],
        written=[],
        references=[],
    )


def test_a_directory_is_spelled_as_the_settings_would() -> None:
    strays = {"css/main.css": ["/srv/shop/static/css/main.css"]}
    (finding,) = found("CW237", facts(strays, "css/main.css", BASE_DIR=Path("/srv/shop")))
    assert finding.message == "css/main.css is in no directory that the finders look in"
    assert finding.evidence == (
        "/srv/page.html:4 names css/main.css, which is /srv/shop/static/css/main.css",
        "STATICFILES_DIRS = []",
    )
    assert 'STATICFILES_DIRS = [BASE_DIR / "static"]' in finding.fix.summary


def test_a_directory_that_is_named_and_missing_is_said(tmp_path: Path) -> None:
    strays = {"a.css": [str(tmp_path / "assets" / "a.css")]}
    (finding,) = found("CW237", facts(strays, "a.css", STATICFILES_DIRS=[("x", str(tmp_path / "asset"))]))
    assert f"{tmp_path}/asset of STATICFILES_DIRS is not there" in finding.evidence


def test_an_app_is_to_be_installed(tmp_path: Path) -> None:
    (tmp_path / "cart" / "static").mkdir(parents=True)
    (tmp_path / "cart" / "apps.py").touch()
    strays = {"cart.css": [str(tmp_path / "cart" / "static" / "cart.css")]}
    (finding,) = found("CW237", facts(strays, "cart.css"))
    assert finding.fix.summary == 'add the app "cart" to INSTALLED_APPS, then run collectstatic'


def test_a_finder_that_was_left_out_is_to_be_added(tmp_path: Path) -> None:
    (tmp_path / "cart" / "static").mkdir(parents=True)
    (tmp_path / "cart" / "apps.py").touch()
    strays = {"cart.css": [str(tmp_path / "cart" / "static" / "cart.css")]}
    finders = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    (finding,) = found("CW237", facts(strays, "cart.css", STATICFILES_FINDERS=finders))
    assert "STATICFILES_FINDERS has no AppDirectoriesFinder" in finding.evidence
    assert "AppDirectoriesFinder' to STATICFILES_FINDERS" in finding.fix.summary


def test_a_file_that_is_known_by_another_name_is_to_be_called_by_it() -> None:
    path = "/srv/shop/static/css/main.css"
    given = facts({"static/css/main.css": [path]}, "static/css/main.css", sources=Sources({"css/main.css": path}, []))
    (finding,) = found("CW237", given)
    assert "the finders know it as css/main.css" in finding.evidence
    assert finding.fix.summary == "write 'css/main.css' in the template"


@pytest.mark.parametrize("names", [(), ("other.css",), ("css/",)])
def test_names_that_lie_nowhere_else_are_none_of_it(names: tuple[str, ...]) -> None:
    assert found("CW237", facts({}, *names)) == []


def test_a_stray_that_nothing_names_is_none_of_it() -> None:
    assert found("CW237", facts({"a.css": ["/srv/a.css"]}, "b.css")) == []
