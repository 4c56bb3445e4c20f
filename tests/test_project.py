"""`Project`: Django's settings as URL prefixes and directories."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import get_script_prefix, set_script_prefix

from clearway.project import Project


@pytest.mark.parametrize(
    ("static_url", "prefix"),
    [
        ("/static/", "/static/"),
        ("static/", "/static/"),
        ("/a/b/", "/a/b/"),
        ("/", "/"),
        (None, "/"),
        ("https://cdn.example.com/static/", "/static/"),
        ("https://cdn.example.com/", "/"),
        ("https://cdn.example.com", "/"),
        ("//cdn.example.com/x/", "/x/"),
        ("/static/?v=1", "/static/"),
        ("/a%20b/", "/a b/"),
    ],
)
def test_static_prefix(static_url: str | None, prefix: str) -> None:
    with override_settings(STATIC_URL=static_url):
        assert Project.from_settings().static_prefix == prefix


@pytest.mark.parametrize(
    ("media_url", "prefix"),
    [("", None), ("/", None), ("media/", "/media/"), ("/media/", "/media/"), ("https://m.example.com/u/", "/u/")],
)
def test_media_prefix(media_url: str, prefix: str | None) -> None:
    with override_settings(MEDIA_URL=media_url):
        assert Project.from_settings().media_prefix == prefix


@pytest.mark.parametrize(
    ("static_url", "script_name", "prefix", "script"),
    [
        ("static/", "/app", "/static/", "/app/"),
        ("/app/static/", "/app", "/static/", "/app/"),
        ("/app/static/", "/app/", "/static/", "/app/"),
        ("/app/static/", "app", "/static/", "/app/"),
        ("/app/", "/app", "/", "/app/"),
        ("/static/", "/app", "/static/", "/app/"),
        ("/apple/static/", "/app", "/apple/static/", "/app/"),
        ("app/static/", "/app", "/app/static/", "/app/"),
        ("https://cdn.example.com/app/static/", "/app", "/static/", "/app/"),
        ("/%C3%A9/static/", "/é", "/static/", "/é/"),
        ("/app/static/", "/", "/app/static/", "/"),
        ("/app/static/", "", "/app/static/", "/"),
        ("/app/static/", None, "/app/static/", "/"),
    ],
)
def test_prefixes_are_below_the_script_name(static_url: str, script_name: str | None, prefix: str, script: str) -> None:
    with override_settings(STATIC_URL=static_url, FORCE_SCRIPT_NAME=script_name, MEDIA_URL="media/"):
        project = Project.from_settings()
    assert (project.static_prefix, project.media_prefix, project.script) == (prefix, "/media/", script)


def test_reading_the_settings_leaves_the_script_name_to_the_first_request() -> None:
    before = get_script_prefix()
    with override_settings(STATIC_URL="static/", MEDIA_URL="media/"):
        Project.from_settings()
        set_script_prefix("/app")
        try:
            assert Project.from_settings().static_prefix == "/static/"
            assert (settings.STATIC_URL, settings.MEDIA_URL) == ("/app/static/", "/app/media/")
        finally:
            set_script_prefix(before)


def test_directories_are_absolute_and_may_be_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with override_settings(STATIC_ROOT="out", MEDIA_ROOT=Path("media")):
        project = Project.from_settings()
    assert (project.static_root, project.media_root) == (str(tmp_path / "out"), str(tmp_path / "media"))
    with override_settings(STATIC_ROOT=None, MEDIA_ROOT=""):
        project = Project.from_settings()
    assert (project.static_root, project.media_root) == (None, None)


def test_records_lie_in_static_root_or_where_the_setting_says(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path):
        assert Project.from_settings().records == str(tmp_path / ".clearway")
    with override_settings(STATIC_ROOT=tmp_path, CLEARWAY={"records": tmp_path / "elsewhere"}):
        assert Project.from_settings().records == str(tmp_path / "elsewhere")
