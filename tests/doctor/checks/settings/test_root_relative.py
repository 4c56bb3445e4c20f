"""Directories that depend on where a process starts."""

from pathlib import Path
from typing import Any

import pytest
from tests.doctor.fake_facts import Fake, found, settings_of

from clearway.doctor.facts import Settings
from clearway.doctor.finding import Level
from clearway.fronts.road import Location


@pytest.mark.parametrize(
    ("given", "message", "breaks"),
    [
        ({"STATIC_ROOT": "staticfiles"}, "STATIC_ROOT is a relative path", {"static"}),
        ({"STATIC_ROOT": "./static/"}, "STATIC_ROOT is a relative path", {"static"}),
        ({"STATIC_ROOT": "~/shop/static"}, "STATIC_ROOT is a relative path", {"static"}),
        ({"STATIC_ROOT": "$HOME/static"}, "STATIC_ROOT is a relative path", {"static"}),
        ({"STATIC_ROOT": "C:\\shop\\static"}, "STATIC_ROOT is a relative path", {"static"}),
        ({"STATIC_ROOT": Path("static")}, "STATIC_ROOT is a relative path", {"static"}),
        ({"MEDIA_ROOT": "media"}, "MEDIA_ROOT is a relative path", {"media", "uploads"}),
        ({"STATICFILES_DIRS": ["assets"]}, "STATICFILES_DIRS is a relative path", {"static"}),
        ({"STATICFILES_DIRS": [("x", "assets")]}, "STATICFILES_DIRS is a relative path", {"static"}),
    ],
)
def test_it_fires(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: Any, message: str, breaks: set[str]) -> None:
    monkeypatch.chdir(tmp_path)
    [finding] = found("CW111", Fake(settings=given))
    assert (finding.message, finding.breaks, finding.level) == (message, breaks, Level.ERROR)
    assert str(tmp_path) in finding.evidence[0]


def test_one_that_is_there_is_a_risk_and_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "staticfiles").mkdir()
    [finding] = found("CW111", Fake(settings={"STATIC_ROOT": "staticfiles"}))
    assert finding.level == Level.WARNING


def test_the_fix_edits_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "settings.py"
    file.write_text('DEBUG = False\nSTATIC_ROOT = "public/static"\n')
    given = settings_of(STATIC_ROOT="public/static", BASE_DIR=tmp_path)
    settings = Settings(given.values, lambda name: Location(str(file), 2), given.given)
    [finding] = found("CW111", Fake(settings=settings))
    assert finding.fix.safety == "unsafe"
    assert '-STATIC_ROOT = "public/static"\n+STATIC_ROOT = BASE_DIR / "public/static"\n' in finding.fix.diff


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"STATIC_ROOT": Path("/srv/static")},
        {"STATIC_ROOT": None},
        {"MEDIA_ROOT": ""},
        {"STATIC_ROOT": "staticfiles", "DEBUG": True},
        {"STATICFILES_DIRS": ["/srv/assets", ("x", "/srv/more"), Path("/srv/y")]},
    ],
)
def test_it_is_silent(given: Any) -> None:
    assert found("CW111", Fake(settings=given)) == []


def test_a_directory_of_sources_that_is_there_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "assets").mkdir()
    assert found("CW111", Fake(settings={"STATICFILES_DIRS": ["assets"]})) == []
