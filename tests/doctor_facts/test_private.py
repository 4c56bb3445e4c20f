"""Private files by the settings, and what is handed to a front for them."""

from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from clearway.doctor.facts import ACCEL, SENDFILE
from clearway.doctor_facts import uploads
from clearway.doctor_facts.private import handed_by_settings, private_roots


def ours(root: str = "/srv/private", **more: Any) -> dict[str, Any]:
    return {"CLEARWAY": {"media": {"private": {"root": root, **more}}}}


def sendfile(backend: str, **more: Any) -> dict[str, Any]:
    return {"SENDFILE_BACKEND": f"django_sendfile.backends.{backend}", "SENDFILE_ROOT": "/srv/files", **more}


@pytest.mark.parametrize(
    ("settings", "handed"),
    [
        ({}, []),
        (ours(), []),
        (ours(road="stream"), []),
        (ours(road="x-accel"), [(ACCEL, "/private-files/", "/srv/private")]),
        (ours(road="x-accel", internal="/in/"), [(ACCEL, "/in/", "/srv/private")]),
        (ours(road="x-sendfile"), [(SENDFILE, "/srv/private", "/srv/private")]),
        (sendfile("nginx", SENDFILE_URL="/protected"), [(ACCEL, "/protected/", "/srv/files")]),
        (sendfile("nginx"), []),
        (sendfile("xsendfile"), [(SENDFILE, "/srv/files", "/srv/files")]),
        (sendfile("simple"), []),
        ({"CLEARWAY": {"media": {"private": {"rood": "/srv"}}}}, []),
    ],
)
def test_what_is_handed_to_a_front(settings: dict[str, Any], handed: list[tuple[str, str, str]]) -> None:
    with override_settings(**settings):
        assert [(each.header, each.path, each.root) for each in handed_by_settings()] == handed


@pytest.mark.parametrize(
    ("settings", "roots"),
    [
        ({}, []),
        (ours(), ["/srv/private"]),
        (ours(road="x-accel"), ["/srv/private"]),
        (sendfile("simple"), ["/srv/files"]),
        ({"SENDFILE_ROOT": "files"}, []),
        ({"SENDFILE_ROOT": Path("/srv/files/")}, ["/srv/files"]),
        ({"PRIVATE_STORAGE_ROOT": "/srv/kept"}, ["/srv/kept"]),
        (ours() | {"SENDFILE_ROOT": "/srv/private"}, ["/srv/private"]),
    ],
)
def test_where_private_files_lie(settings: dict[str, Any], roots: list[str]) -> None:
    with override_settings(**settings):
        assert [each.path for each in private_roots()] == roots


def test_a_storage_may_have_a_directory_of_its_own(tmp_path: Path) -> None:
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "private": {"BACKEND": "clearway.media.private.PrivateStorage", "OPTIONS": {"location": str(tmp_path)}},
        "broken": {"BACKEND": "nowhere.Storage"},
    }
    with override_settings(STORAGES=storages, **ours()):
        assert [each.path for each in private_roots()] == [str(tmp_path), "/srv/private"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('response["X-Accel-Redirect"] = "/protected/" + name', [(ACCEL, "/protected/")]),
        ('response.headers["x-accel-redirect"] = f"/protected/{name}"', [(ACCEL, "/protected/")]),
        ('response["X-Accel-Redirect"] = name', []),
        ('HttpResponse(headers={"X-Sendfile": "/srv/private/%s" % name})', [(SENDFILE, "/srv/private/")]),
        ('response["X-Sendfile"] = path', [(SENDFILE, "")]),
        ('response.headers.setdefault("X-Sendfile", path)', [(SENDFILE, "")]),
        ('response["X-Sendfile"] = "files/" + name', []),
        ('log("X-Sendfile")', []),
        ('response["X-Frame-Options"] = "/protected/"', []),
    ],
)
def test_what_the_code_hands_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, found: list[tuple[str, str]]
) -> None:
    file = tmp_path / "views.py"
    file.write_text(f"def view(request, response, name, path, log):\n    {line}\n", "utf-8")
    monkeypatch.setattr(uploads, "_sources", lambda _: [file])
    assert [(each.header, each.path) for each in uploads.handed_off(lambda _: None)] == found


def test_what_clearway_itself_writes_is_no_code_of_the_project() -> None:
    assert [each for each in uploads._sources(lambda _: None) if "clearway/media" in str(each)] == []
