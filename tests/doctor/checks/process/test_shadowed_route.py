"""URL patterns below STATIC_URL that nobody reaches."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.checks.fronts.fronted import causes, fronted, http, nginx
from tests.doctor.deployments import CLEARWAY, WHITENOISE, site
from tests.doctor.fake_facts import found

from clearway.doctor.facts import Walked

APP = {"app.yaml": "runtime: python312\nhandlers:\n- url: /static\n  static_dir: staticfiles\n"}
ROUTES = ("static/report/", "static/theme.css")


@pytest.mark.parametrize(("files", "process"), [({}, CLEARWAY), (APP, WHITENOISE)])
def test_it_fires(files: dict[str, str], process: Any) -> None:
    [finding] = found("CW109", site(files, process=process, shadowed=ROUTES))
    assert "'static/report/' and 1 more" in finding.message


@pytest.mark.parametrize(
    ("files", "process", "shadowed"),
    [({}, CLEARWAY, ()), ({}, WHITENOISE, ROUTES), (APP, WHITENOISE, ())],
)
def test_it_is_silent(files: dict[str, str], process: Any, shadowed: Any) -> None:
    assert found("CW109", site(files, process=process, shadowed=shadowed)) == []


@pytest.mark.parametrize(
    ("name", "found", "number"), [("shop.example", False, 1), ("shop.example", True, 1), ("_", True, 0)]
)
def test_a_front_owns_the_prefix_if_it_has_to_do_with_the_project(
    name: str, found: bool, number: int, tmp_path: Path
) -> None:
    """The page that a package of nginx brings has no file at any URL."""
    facts = fronted(tmp_path, http(nginx("root /var/www/html;", name=name, proxy="")), found=found)
    facts.given["shadowed"] = ROUTES
    facts.given["roads"] = [answered_by_nginx(each) for each in facts.given["roads"]]
    assert len(causes("CW109", facts)) == number


def answered_by_nginx(walked: Walked) -> Walked:
    outcome = replace(walked.trace.road.outcome, by="nginx")
    return replace(walked, trace=replace(walked.trace, road=replace(walked.trace.road, outcome=outcome)))


def test_it_is_silent_while_developing() -> None:
    assert found("CW109", site(settings={"DEBUG": True}, process=CLEARWAY, shadowed=ROUTES)) == []
