"""`clearway front` from the command line: what the settings decide, and the check of a configuration."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings
from tests.releases.sites import write

from clearway.cli import main

SERVERS = ("nginx", "caddy", "apache")
_PRIVATE = {"root": "/srv/my private", "road": "x-accel", "internal": "/in/"}
OURS = "clearway.middleware.ClearwayMiddleware"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A collected project."""
    options: dict[str, Any] = {
        "ALLOWED_HOSTS": ["shop.example", ".other.example"],
        "STATIC_ROOT": tmp_path / "static",
        "STATICFILES_DIRS": [tmp_path / "assets"],
        "MEDIA_ROOT": tmp_path / "media",
        "MEDIA_URL": "/media/",
        "INSTALLED_APPS": ["clearway", "django.contrib.staticfiles"],
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"},
        },
        "DEBUG": False,
        "MIDDLEWARE": [OURS],
        "CLEARWAY": {"levels": {"br": 1, "gzip": 1, "zstd": 1}},
    }
    with override_settings(**options):
        write(tmp_path / "assets", {"css/site.css": b"h1{}" * 90})
        call_command("collectstatic", interactive=False, verbosity=0)
        yield tmp_path


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["front", "nginx", "--nginx-version", "1.28.0", *words]) == 0
    return capsys.readouterr().out


def test_places_and_hosts_are_those_of_the_settings(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys)
    assert "server_name shop.example .other.example;" in told
    assert f"alias {home}/static/;" in told
    assert f"alias {home}/media/;" in told
    assert "server 127.0.0.1:8000 " in told


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"DATA_UPLOAD_MAX_MEMORY_SIZE": 7_000_000}, "client_max_body_size 7000000;"),
        ({"DATA_UPLOAD_MAX_MEMORY_SIZE": None}, "client_max_body_size 0;"),
        ({"CLEARWAY": {"media": {"private": _PRIVATE}}}, 'alias "/srv/my private/";'),
        ({"CLEARWAY": {"media": {"private": _PRIVATE}}}, "location ^~ /in/ {"),
        ({"CLEARWAY": {"media": {"private": {**_PRIVATE, "road": "stream"}}}}, "the application sends them itself"),
        ({"CLEARWAY": {"media": {"private": {**_PRIVATE, "road": "x-sendfile"}}}}, "the application sends X-Sendfile"),
        ({"SECURE_PROXY_SSL_HEADER": ("HTTP_X_SCHEME", "https")}, "proxy_set_header X-Scheme $scheme;"),
        ({"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_SSL", "on")}, "proxy_set_header X-Forwarded-Ssl $https;"),
        ({"SECURE_PROXY_SSL_HEADER": ("HTTP_X_TLS", "yes")}, "_secure;"),
        ({"USE_X_FORWARDED_HOST": True}, "proxy_set_header X-Forwarded-Host $host;"),
        ({"SECURE_HSTS_SECONDS": 60, "SECURE_HSTS_PRELOAD": True}, 'on "max-age=60; preload";'),
        ({"ASGI_APPLICATION": "shop.asgi.application"}, "proxy_set_header Upgrade $http_upgrade;"),
        ({"CLEARWAY": {"max_age": 5}}, '"max-age=5, public";'),
        ({"CLEARWAY": {"misses": "pass"}}, "error_page 404 = @"),
        ({"CLEARWAY": {"unhashed": False}}, "error_page 404 = @"),
        ({"CLEARWAY": {"mimetypes": {".x3d": "model/x3d+xml"}}}, "model/x3d+xml x3d;"),
        ({"STATIC_URL": "/a b/"}, 'location ^~ "/a b/" {'),
        ({"STATIC_URL": "https://cdn.example/assets/"}, "location ^~ /assets/ {"),
        ({"FORCE_SCRIPT_NAME": "/shop", "STATIC_URL": "static/"}, "location ^~ /shop/static/ {"),
        ({"ALLOWED_HOSTS": ["*"]}, "server_name _;"),
    ],
)
def test_what_a_setting_decides(
    home: Path, capsys: pytest.CaptureFixture[str], settings: dict[str, Any], line: str
) -> None:
    with override_settings(**settings):
        assert line in printed(capsys)


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"MEDIA_URL": ""}, "location ^~ /media/"),
        ({"MEDIA_ROOT": ""}, "location ^~ /media/"),
        ({"STATIC_ROOT": None}, "location ^~ /static/"),
        ({"CLEARWAY": {"encodings": ["gzip"]}}, ".br;"),
        ({"CLEARWAY": {"encodings": []}}, "Content-Encoding"),
        ({"CLEARWAY": {"max_age": None}}, "max-age=60"),
    ],
)
def test_what_is_not_there_is_not_written(
    home: Path, capsys: pytest.CaptureFixture[str], settings: dict[str, Any], line: str
) -> None:
    with override_settings(**settings):
        assert line not in printed(capsys)


def test_files_at_the_site_root_are_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(home / "root", {"robots.txt": b"", ".well-known/a.txt": b"", ".env": b"secret"})
    with override_settings(CLEARWAY={"root": home / "root"}):
        told = printed(capsys)
    assert r'"^/(?!.+/[.])(?:robots\.txt$|\.well-known/.)"' in told
    assert ".env" not in told


def test_a_container_has_paths_of_its_own(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys, "--docker")
    assert f"#     -v {home}/static:/srv/static:ro" in told
    assert "alias /srv/static/;" in told
    assert "server app:8000 " in told
    told = printed(capsys, "--map", f"/data={home}")
    assert "alias /data/static/;" in told


@pytest.mark.parametrize(("server", "road"), [("nginx", "x-accel"), ("caddy", "x-sendfile"), ("apache", "x-sendfile")])
def test_a_container_has_private_files_where_they_are_named(
    home: Path, capsys: pytest.CaptureFixture[str], server: str, road: str
) -> None:
    with override_settings(CLEARWAY={"media": {"private": {"root": home / "private", "road": road}}}):
        assert main(["front", server, "--docker"]) == 0
    there = "/srv/private" if road == "x-accel" else f"{home}/private"
    assert f"#     -v {home}/private:{there}:ro" in capsys.readouterr().out


def test_apache_is_told_of_the_module(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for road, needs in (("x-sendfile", True), ("stream", False)):
        with override_settings(CLEARWAY={"media": {"private": {"root": home / "private", "road": road}}}):
            assert main(["front", "apache"]) == 0
        head = capsys.readouterr().out.partition("\n\n")[0]
        assert ("a2enmod" in head, "xsendfile" in head) == (True, needs)


def test_json_has_the_parts(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(printed(capsys, "--format", "json"))
    assert (told["schema"], told["nginx"]) == (1, "1.28.0")
    assert any(line.startswith("map ") for line in told["http"])
    assert any(line.startswith("location ") for line in told["server"])
    assert told["configuration"].count("\nserver {") == 1


@pytest.mark.parametrize("server", SERVERS)
def test_every_server_has_every_form(home: Path, capsys: pytest.CaptureFixture[str], server: str) -> None:
    def told(*words: str) -> str:
        assert main(["front", server, *words]) == 0
        return capsys.readouterr().out

    whole, snippet, docker = told(), told("--snippet"), told("--docker")
    assert f"{home}/static" in whole
    assert f"{home}/static" in snippet
    assert len(snippet) < len(whole)
    assert (f"#     -v {home}/static:/srv/static:ro" in docker, "#     -v" in whole) == (True, False)
    assert json.loads(told("--format", "json"))["configuration"] == whole.rstrip("\n")
    assert "/c.pem" in told("--certificate", "/c.pem", "--key", "/k.pem")


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize(("module", "name"), [("shop.settings", "shop.settings"), (None, "settings without a module")])
def test_the_head_says_what_it_is_for(
    home: Path, capsys: pytest.CaptureFixture[str], server: str, module: str | None, name: str
) -> None:
    with override_settings(SETTINGS_MODULE=module):
        assert main(["front", server]) == 0
    assert re.match(rf"# (nginx|Caddy|Apache 2\.4) for {name}, by Clearway \d", capsys.readouterr().out)


@pytest.mark.parametrize("server", SERVERS)
def test_a_file_that_is_no_configuration_is_an_error(
    home: Path, capsys: pytest.CaptureFixture[str], server: str
) -> None:
    (home / "bad").write_text({"nginx": "}", "caddy": ":80 {", "apache": "</Directory>"}[server])
    assert main(["front", server, "--check", str(home / "bad")]) == 2
    assert f"{home}/bad:" in capsys.readouterr().err


def test_the_check_says_what_is_wrong_and_how_to_mend_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = home / "good.conf"
    good.write_text(f"events {{}} http {{\n{printed(capsys)}\n}}\n")
    assert main(["front", "nginx", "--check", str(good)]) == 0
    assert "all that the project needs" in capsys.readouterr().out
    bad = home / "bad.conf"
    bad.write_text(good.read_text().replace(f"alias {home}/static/;", f"alias {home}/static;"))
    assert main(["front", "nginx", "--check", str(bad)]) == 1
    told = capsys.readouterr().out
    assert f"+++ {bad}" in told
    assert f"+        alias {home}/static/;" in told
    assert main(["front", "nginx", "--check", str(bad), "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert [each["solved"] for each in data["differences"]] == [True]
    assert data["differences"][0]["location"]["file"] == str(bad)


@pytest.mark.parametrize(
    "words",
    [["--check", "/nonexistent"], ["--certificate", "/c.pem"]],
)
def test_what_cannot_run_is_code_2(home: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["front", "nginx", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, bool(err)) == ("", True)


@pytest.mark.parametrize(
    "words", [["lighttpd"], [], ["nginx", "--nginx-version", "new"], ["nginx", "--snippet", "--docker"]]
)
def test_wrong_usage_is_code_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["front", *words])
    assert raised.value.code == 2


def test_a_directory_that_nginx_cannot_name_is_an_error(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(STATIC_ROOT=home / "$static"):
        assert main(["front", "nginx"]) == 2
    assert "rename the directory" in capsys.readouterr().err
