"""`runserver`: whose handler it wraps, when, and what it serves."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management.base import BaseCommand
from django.test import override_settings
from tests.helpers.asgi import asgi
from tests.helpers.daphnelike.management.commands import runserver as daphnes
from tests.helpers.released import write
from tests.helpers.wsgi import wsgi

from clearway.management.next_command import next_command
from clearway.serve.asgi import ASGIAdapter
from clearway.serve.wsgi import WSGIAdapter

NAME = "clearway.management.commands.runserver"
STATICFILES = "django.contrib.staticfiles"
DAPHNE = "tests.helpers.daphnelike"
DJANGO_CORE = "django.core.management.commands.runserver"
OF_STATICFILES = f"{STATICFILES}.management.commands.runserver"


@contextmanager
def installed(*apps: str) -> Iterator[ModuleType]:
    """The module of our command as a process with these apps sees it."""
    with override_settings(INSTALLED_APPS=apps):
        kept = sys.modules.pop(NAME, None)
        try:
            yield importlib.import_module(NAME)
        finally:
            sys.modules.pop(NAME, None)
            if kept:
                sys.modules[NAME] = kept


def handler(module: ModuleType, *arguments: str) -> Any:
    """What the command would run for these words on the command line."""
    command = module.Command()
    options = vars(command.create_parser("manage.py", "runserver").parse_args(list(arguments)))
    return command.get_handler(**options)


# --- which command is the next


@pytest.mark.parametrize(
    ("apps", "module"),
    [
        (["clearway", STATICFILES], OF_STATICFILES),
        (["clearway"], DJANGO_CORE),
        ([STATICFILES, "clearway"], DJANGO_CORE),
        (["clearway", DAPHNE, STATICFILES], daphnes.__name__),
        ([DAPHNE, "clearway", STATICFILES], OF_STATICFILES),
        (["clearway", "django.contrib.contenttypes", STATICFILES], OF_STATICFILES),
        (["clearway.apps.ClearwayConfig", f"{STATICFILES}.apps.StaticFilesConfig"], OF_STATICFILES),
        ([STATICFILES], OF_STATICFILES),
    ],
)
def test_the_next_command_is_that_of_the_first_app_below_ours(apps: list[str], module: str) -> None:
    with override_settings(INSTALLED_APPS=apps):
        assert next_command("runserver").__module__ == module


def test_a_command_that_nobody_has_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match="no installed app has a command 'fly'"):
        next_command("fly")


def test_an_import_error_inside_the_next_command_is_not_swallowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"brokenapp/__init__.py": b"", "brokenapp/management/__init__.py": b""})
    write(tmp_path, {"brokenapp/management/commands/__init__.py": b""})
    write(tmp_path, {"brokenapp/management/commands/runserver.py": b"import no_such_module_here"})
    monkeypatch.syspath_prepend(tmp_path)
    with (
        override_settings(INSTALLED_APPS=["clearway", "brokenapp"]),
        pytest.raises(ModuleNotFoundError, match="no_such_module_here"),
    ):
        next_command("runserver")


@pytest.mark.parametrize("apps", [["clearway"], ["clearway", STATICFILES], ["clearway", DAPHNE, STATICFILES]])
def test_the_command_is_a_subclass_that_keeps_every_option(apps: list[str]) -> None:
    with installed(*apps) as module:
        assert issubclass(module.Command, next_command("runserver"))
        assert issubclass(module.Command, BaseCommand)
        parser = module.Command().create_parser("manage.py", "runserver")
        options = vars(parser.parse_args(["--nostatic", "--insecure", "--noreload", "127.0.0.1:80"]))
    assert (options["use_static_handler"], options["insecure_serving"]) == (False, True)
    assert (options["use_reloader"], options["addrport"]) == (False, "127.0.0.1:80")


# --- when it serves


@pytest.mark.parametrize(
    ("debug", "arguments", "serves"),
    [
        (True, [], True),
        (True, ["--nostatic"], False),
        (True, ["--insecure"], True),
        (True, ["--insecure", "--nostatic"], False),
        (False, [], False),
        (False, ["--insecure"], True),
        (False, ["--insecure", "--nostatic"], False),
    ],
)
@pytest.mark.parametrize("apps", [["clearway"], ["clearway", STATICFILES]])
def test_it_serves_in_development_or_when_told_to(
    apps: list[str], debug: bool, arguments: list[str], serves: bool
) -> None:
    with override_settings(DEBUG=debug, MIDDLEWARE=[]), installed(*apps) as module:
        made = handler(module, *arguments)
    assert isinstance(made, WSGIAdapter) == serves
    assert not isinstance(made, StaticFilesHandler)
    assert not isinstance(getattr(made, "_app", None), StaticFilesHandler)


@pytest.mark.parametrize(
    ("debug", "arguments", "serves"), [(True, [], True), (True, ["--nostatic"], False), (False, [], False)]
)
def test_an_asgi_server_gets_an_asgi_application(
    debug: bool, arguments: list[str], serves: bool, tmp_path: Path
) -> None:
    write(tmp_path, {"site.css": b"css"})
    settings = {"DEBUG": debug, "STATICFILES_DIRS": [tmp_path]}
    with override_settings(**settings), installed("clearway", DAPHNE, STATICFILES) as module:
        command = module.Command()
        options = vars(command.create_parser("manage.py", "runserver").parse_args(arguments))
        made = command.get_application(options)
        assert isinstance(made, ASGIAdapter) == serves
        assert asgi(made, "/page").body == b"the application"
        assert asgi(made, "/static/site.css").body == (b"css" if serves else b"the application")


def test_without_an_asgi_server_there_is_no_asgi_application() -> None:
    with installed("clearway", STATICFILES) as module:
        assert not hasattr(module.Command, "get_application")


# --- what it serves


MEDIA = {
    "photo.png": b"\x89PNG",
    "evil.svg": b"<svg onload='alert(1)'/>",
    "evil.html": b"<script>alert(1)</script>",
    "noext": b"<html>",
    ".hidden": b"S3CRET",
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Any]:
    write(tmp_path / "src", {"site.css": b"css"})
    write(tmp_path / "media", MEDIA)
    write(tmp_path, {"secret.txt": b"S3CRET"})
    settings = {
        "DEBUG": True,
        "STATICFILES_DIRS": [tmp_path / "src"],
        "MEDIA_ROOT": tmp_path / "media",
        "MEDIA_URL": "/media/",
        "MIDDLEWARE": [],
    }
    with override_settings(**settings), installed("clearway", STATICFILES) as module:
        yield handler(module)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("photo.png", "inline"), ("evil.svg", "attachment"), ("evil.html", "attachment"), ("noext", "attachment")],
)
def test_media_cannot_run_in_the_origin_of_the_site(site: Any, name: str, kind: str) -> None:
    for headers in ({}, {"Range": "bytes=0-1"}):
        reply = wsgi(site, f"/media/{name}", headers=headers)
        assert (reply["Content-Disposition"] or "").split(";")[0] == kind
        assert "sandbox" in (reply["Content-Security-Policy"] or "")
        assert reply["X-Content-Type-Options"] == "nosniff"
        assert reply["Access-Control-Allow-Origin"] is None
        assert reply["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("name", [".hidden", "../secret.txt", "..%2Fsecret.txt", "none.png", "", "x%00y"])
def test_what_is_no_media_file_is_the_application_s(site: Any, name: str) -> None:
    reply = wsgi(site, f"/media/{name}")
    assert reply.status == 404
    assert b"S3CRET" not in reply.body
    assert reply["Cache-Control"] is None


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="file names are octets on Linux only")
def test_a_media_file_whose_name_is_not_utf_8_is_served(site: Any, tmp_path: Path) -> None:
    import os

    write(tmp_path / "media", {os.fsdecode(b"caf\xe9.png"): b"latin"})
    reply = wsgi(site, "/media/caf%E9.png")
    assert (reply.status, reply.body) == (200, b"latin")
    assert (reply["Content-Disposition"] or "").startswith("inline; filename=\"caf_.png\"; filename*=UTF-8''caf%")


def test_an_upload_is_never_a_variant_of_another(site: Any, tmp_path: Path) -> None:
    """Names of uploads mean nothing: `notes.txt.gz` of one user does not speak for `notes.txt` of another."""
    write(tmp_path / "media", {"notes.txt": b"mine" * 9, "notes.txt.gz": b"another's"})
    reply = wsgi(site, "/media/notes.txt", headers={"Accept-Encoding": "gzip"})
    assert (reply.body, reply["Content-Encoding"]) == (b"mine" * 9, None)


def test_changes_are_visible_at_once(site: Any, tmp_path: Path) -> None:
    before = wsgi(site, "/static/site.css")
    write(tmp_path / "src", {"site.css": b"new"})
    after = wsgi(site, "/static/site.css", headers={"If-None-Match": before["ETag"] or ""})
    assert (after.status, after.body, after["Cache-Control"]) == (200, b"new", "max-age=0, public")
