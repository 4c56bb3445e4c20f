"""CW236: names that only capital letters keep from their file."""

from pathlib import Path
from typing import Any

import pytest
from tests.doctor.fake_facts import Fake, collected, found

from clearway.doctor.facts import Sources, Use
from clearway.fronts.road import Location

FILES = Sources({"img/Logo.PNG": "/srv/assets/img/Logo.PNG", "css/site.css": "/srv/assets/css/site.css"}, [])
HERE = Location("/srv/page.html", 4)


def facts(**given: Any) -> Fake:
    return Fake(**{"sources": FILES, "templates": [], "written": [], "references": []} | given)


@pytest.mark.parametrize("fact", ["templates", "written", "references"])
def test_another_case_is_found_wherever_it_stands(fact: str) -> None:
    (finding,) = found("CW236", facts(**{fact: [Use("img/logo.png", HERE)]}))
    assert finding.message == "img/logo.png is written, and the file is called img/Logo.PNG"
    assert finding.evidence == ("/srv/page.html:4: 'img/logo.png'; the file is /srv/assets/img/Logo.PNG",)
    assert finding.breaks == {"static:img/logo.png"}


def test_the_edit_keeps_what_else_is_written(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("{% static '/img/logo.png?v=2' %}\n")
    (finding,) = found("CW236", facts(templates=[Use("/img/logo.png?v=2", Location(str(page), 1))]))
    assert "+{% static '/img/Logo.PNG?v=2' %}" in finding.fix.diff


def test_many_names_are_one_finding() -> None:
    uses = [Use("img/logo.png", HERE), Use("CSS/site.css", HERE)]
    (finding,) = found("CW236", facts(templates=uses))
    assert finding.message == "2 static files are named in other capital letters than they have"


@pytest.mark.parametrize("name", ["img/Logo.PNG", "img/Logo.PNG?v=2", "none.css", "", "img/"])
def test_right_names_and_unknown_ones_are_none_of_it(name: str) -> None:
    assert found("CW236", facts(templates=[Use(name, HERE)])) == []


def test_a_file_that_something_else_put_there_is_fine() -> None:
    kept = collected("/srv/static", ["img/logo.png"])
    assert found("CW236", facts(templates=[Use("img/logo.png", HERE)], collected=kept)) == []


def test_a_directory_of_an_app_in_capital_letters_is_the_case_too(tmp_path: Path) -> None:
    (tmp_path / "cart" / "Static").mkdir(parents=True)
    (tmp_path / "cart" / "apps.py").touch()
    strays = {"cart.css": [str(tmp_path / "cart" / "Static" / "cart.css")]}
    given = facts(templates=[Use("cart.css", HERE)], strays=strays)
    (finding,) = found("CW236", given)
    assert finding.evidence == (f"{tmp_path}/cart/Static has cart.css",)
    assert finding.breaks == {"static:cart.css"}


def test_a_directory_that_is_named_in_other_letters_is_the_case_too() -> None:
    sources = Sources({}, ["/srv/shop/assets"])
    given = facts(sources=sources, strays={"a.css": ["/srv/shop/Assets/a.css"]})
    assert len(found("CW236", given)) == 1


def test_a_directory_of_another_name_is_another_finding() -> None:
    sources = Sources({}, ["/srv/shop/assets"])
    assert found("CW236", facts(sources=sources, strays={"a.css": ["/srv/shop/public/a.css"]})) == []
