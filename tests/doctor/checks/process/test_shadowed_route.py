"""URL patterns below STATIC_URL that nobody reaches."""

from typing import Any

import pytest
from tests.doctor.deployments import CLEARWAY, WHITENOISE, site
from tests.doctor.fake_facts import found

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


def test_it_is_silent_while_developing() -> None:
    assert found("CW109", site(settings={"DEBUG": True}, process=CLEARWAY, shadowed=ROUTES)) == []
