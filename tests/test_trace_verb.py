"""`clearway trace` from the command line: one URL through project, front and application."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from tests.releases.sites import write

from clearway import walking
from clearway.cli import main
from clearway.media.private import private_files

CSS = b"h1{color:teal}\n" * 90
ME = f"{os.getuid()}:{os.getgid()}"
SECURITY = "django.middleware.security.SecurityMiddleware"
OURS = "clearway.middleware.ClearwayMiddleware"
NGINX = """
events {{}}
http {{
    types {{ text/css css; text/html html; text/javascript js; }}
    server {{
        listen 80;
        server_name shop.example;
        {inside}
        location / {{ proxy_pass http://127.0.0.1:8000; }}
    }}
}}
"""


def index(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("", index), path("private/<path:name>", private_files(), name="private-file")]


@pytest.fixture(autouse=True)
def _no_nginx_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "USUAL", "/nonexistent/nginx.conf")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A collected project; its sources are in `assets`, its STATIC_ROOT in `static`."""
    options: dict[str, Any] = {
        "ALLOWED_HOSTS": ["shop.example"],
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
        "ROOT_URLCONF": __name__,
        "MIDDLEWARE": [SECURITY, OURS],
        "CLEARWAY": {"levels": {"br": 1, "gzip": 1, "zstd": 1}},
    }
    with override_settings(**options):
        write(tmp_path / "assets", {"css/site.css": CSS, "js/site.js": b"let a = 1\n"})
        write(tmp_path / "media", {"photo.png": b"png"})
        call_command("collectstatic", interactive=False, verbosity=0)
        yield tmp_path


def nginx(home: Path, inside: str) -> str:
    conf = home / "nginx.conf"
    conf.write_text(NGINX.format(inside=inside.replace("ROOT", str(home))))
    return str(conf)


def traced(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[dict[str, Any]]]:
    code = main(["trace", *words, "--format", "json"])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def layers(road: dict[str, Any]) -> list[str]:
    return [step["layer"] for step in road["steps"]]


def wrong(road: dict[str, Any]) -> str | None:
    return next((step["layer"] for step in road["steps"] if not step["ok"]), None)


def published(home: Path) -> str:
    return next(each.name for each in (home / "static" / "css").glob("site.????????????.css"))


# --- a healthy project


def test_the_catalog_answers_without_a_front(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, (plain, hashed) = traced(capsys, "/static/css/site.css", f"http://shop.example/static/css/{published(home)}")
    assert code == 0
    assert plain["schema"] == 1
    assert layers(plain) == layers(hashed) == ["settings", "source", "collected", "record", "catalog"]
    file = str(home / "static" / "css" / published(home))
    for road in (plain, hashed):
        outcome = road["outcome"]
        assert (outcome["by"], outcome["status"], outcome["file"]) == ("catalog", 200, file)
        assert outcome["type"] == "text/css; charset=utf-8"
    assert "immutable" in hashed["outcome"]["headers"]["cache-control"]
    assert "immutable" not in plain["outcome"]["headers"]["cache-control"]


def test_nginx_answers_where_it_is_given(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    conf = nginx(home, "location /static/ { alias ROOT/static/; }")
    code, (road,) = traced(capsys, "--nginx", conf, "--worker", ME, "http://shop.example/static/css/site.css")
    assert (code, wrong(road)) == (0, None)
    assert layers(road)[-2:] == ["file", "permission"]
    assert road["outcome"]["by"] == "nginx"
    assert road["outcome"]["file"] == str(home / "static/css/site.css")
    location = next(step["location"] for step in road["steps"] if step["layer"] == "location")
    assert location == {"file": conf, "line": 8}


def test_the_application_is_asked_where_nginx_hands_on(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    conf = nginx(home, "location /app/ { proxy_pass http://127.0.0.1:8001/; }")
    code, (road, page) = traced(
        capsys, "--nginx", conf, "http://shop.example/app/static/css/site.css", "http://shop.example/"
    )
    assert code == 0
    assert road["outcome"]["by"] == "catalog"
    assert road["outcome"]["upstream"] == "http://127.0.0.1:8001/static/css/site.css"
    assert page["outcome"]["by"] == "application"
    assert page["outcome"]["status"] is None
    assert f"view {__name__}.index" in page["steps"][-1]["decision"]


@pytest.mark.parametrize(
    ("road", "said"),
    [
        ("x-accel", "nginx sends it from /in/ (X-Accel-Redirect)"),
        ("x-sendfile", "the server sends it from /srv/kept (X-Sendfile)"),
        ("stream", "road stream"),
    ],
)
@pytest.mark.parametrize("has_storage", [True, False])
def test_a_private_file_is_the_applications_to_give(
    home: Path, capsys: pytest.CaptureFixture[str], road: str, said: str, has_storage: bool
) -> None:
    told = {"media": {"private": {"root": "/srv/kept", "internal": "/in/", "road": road}}}
    storages = {**settings.STORAGES, "private": {"BACKEND": "clearway.media.private.PrivateStorage"}}
    with override_settings(CLEARWAY=told, STORAGES=storages if has_storage else settings.STORAGES):
        code, (private, page) = traced(capsys, "/private/2024/report.pdf", "/")
    assert (code, private["outcome"]["by"]) == (0, "application")
    assert private["steps"][-1]["decision"] == f"a private file: the permission decides; {said}"
    assert "private" not in page["steps"][-1]["decision"]


def test_what_is_hidden_is_right_to_be_missing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert traced(capsys, "/static/.clearway/current", "/static/staticfiles.json")[0] == 0
    conf = nginx(home, "location /static/ { alias ROOT/static/; }")
    code, roads = traced(
        capsys, "--nginx", conf, "--worker", ME, "/static/.clearway/current", "/static/staticfiles.json"
    )
    assert code == 1
    assert [wrong(road) for road in roads] == ["answer", "answer"]


# --- one thing broken: the layer that is wrong comes first


def stale(home: Path) -> str:
    write(home / "assets", {"css/site.css": CSS + b"h2{}"})
    return ""


def lost(home: Path) -> str:
    for each in (home / "static" / "css").glob("site*"):
        each.unlink()
    return ""


def damaged(home: Path) -> str:
    for each in (home / "static" / "css").glob("site*.css"):
        each.write_bytes(b"x" * len(CSS))
    return ""


def stolen(home: Path) -> str:
    return nginx(home, r"location /static/ { alias ROOT/static/; } location ~* \.css$ { expires max; }")


def doubled(home: Path) -> str:
    return nginx(home, "location /static/ { root ROOT/static; }")


def unslashed(home: Path) -> str:
    return nginx(home, "location /static/ { alias ROOT/static; }")


def other_directory(home: Path) -> str:
    write(home / "old", {"css/site.css": b"old"})
    return nginx(home, "location /static/ { alias ROOT/old/; }")


def no_types(home: Path) -> str:
    return nginx(home, "location /static/ { alias ROOT/static/; types { text/html html; } }")


def fallback(home: Path) -> str:
    write(home, {"page/index.html": b"<html>"})
    return nginx(
        home,
        "location /static/ { root ROOT/page; try_files /nothing /index.html; } root ROOT/page; "
        "location = /index.html { root ROOT/page; }",
    )


def syntax(home: Path) -> str:
    return nginx(home, "location /static/ { alias ROOT/static/ }")


@pytest.mark.parametrize(
    ("broken", "layer", "code"),
    [
        (stale, "collected", 1),
        (lost, "collected", 1),
        (damaged, "collected", 1),
        (stolen, "location", 1),
        (doubled, "file", 1),
        (unslashed, "file", 1),
        (other_directory, "answer", 1),
        (no_types, "answer", 1),
        (fallback, "answer", 1),
        (syntax, "nginx", 2),
    ],
)
def test_the_wrong_layer_is_marked(
    broken: Any, layer: str, code: int, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = broken(home)
    words = ["--nginx", conf, "--worker", ME] if conf else []
    found, (road,) = traced(capsys, *words, "http://shop.example/static/css/site.css")
    assert (found, wrong(road)) == (code, layer)
    assert main(["trace", *words, "http://shop.example/static/css/site.css"]) == code
    assert f"× {layer}" in capsys.readouterr().out


def test_a_name_that_nobody_knows_or_that_differs_in_case(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, (nothing, case) = traced(capsys, "/static/css/nothing.css", "/static/css/Site.css")
    assert code == 1
    assert [wrong(nothing), wrong(case)] == ["source", "source"]
    assert "css/site.css" in case["steps"][1]["decision"]


def test_a_stale_hashed_name_is_stale_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = published(home)
    stale(home)
    code, (road,) = traced(capsys, f"/static/css/{name}")
    assert (code, wrong(road)) == (1, "collected")


def test_media_that_is_there_and_that_nobody_serves(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, (road,) = traced(capsys, "/media/photo.png")
    assert (code, wrong(road)) == (1, "application")
    conf = nginx(home, "location /media/ { alias ROOT/media/; } types { image/png png; }")
    code, (road, missing) = traced(capsys, "--nginx", conf, "--worker", ME, "/media/photo.png", "/media/nothing.png")
    assert (code, wrong(road), wrong(missing)) == (1, None, "source")


def test_without_a_middleware_nobody_in_the_application_serves_files(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with override_settings(MIDDLEWARE=[SECURITY]):
        code, (road,) = traced(capsys, "/static/css/site.css")
    assert (code, wrong(road)) == (1, "application")


@pytest.mark.parametrize(
    "name", ["whitenoise.middleware.WhiteNoiseMiddleware", "servestatic.middleware.ServeStaticMiddleware"]
)
def test_a_peer_is_asked_for_what_it_would_answer(name: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip(name.partition(".")[0], reason="needs the peer")
    with override_settings(MIDDLEWARE=[SECURITY, name]):
        code, (road, missing) = traced(capsys, "/static/css/site.css", "/static/css/nothing.css")
    assert (road["outcome"]["by"], road["outcome"]["status"]) == ("catalog", 200)
    assert road["outcome"]["type"].startswith("text/css")
    assert missing["outcome"]["by"] == "application"
    assert code == 1


def test_a_redirect_to_https_comes_before_the_files(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        code, (plain, safe) = traced(capsys, "http://shop.example/static/css/site.css", "/static/css/site.css")
    assert code == 0
    assert plain["outcome"]["status"] == 301
    assert plain["outcome"]["headers"]["location"] == "https://shop.example/static/css/site.css"
    assert safe["outcome"]["status"] == 200


# --- the command


def test_a_site_below_which_everything_is_static_has_pages_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(STATIC_URL="/"):
        code, (file, page) = traced(capsys, "/css/site.css", "/")
    assert (code, file["outcome"]["by"], page["outcome"]["by"]) == (0, "catalog", "application")


def test_nothing_to_walk_is_code_2(tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    code = "from clearway import walking; walking.USUAL = '/none'; from clearway.cli import main; exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "trace", "http://x/"], cwd=tmp_path, env=environ, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")


def test_errors_are_objects_in_the_order_of_the_input(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, roads = traced(capsys, "/static/css/site.css", "nonsense", "/")
    assert code == 1
    assert [road["url"] for road in roads] == ["/static/css/site.css", "nonsense", "/"]
    assert [road["outcome"]["by"] for road in roads] == ["catalog", None, "application"]
    assert roads[1]["outcome"]["unknown"]


def test_urls_from_a_file_and_from_standard_input(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "urls").write_text("# mine\n/a\n\n/b\n")
    monkeypatch.setattr(sys, "stdin", io.StringIO("/c\n"))
    _, roads = traced(capsys, "/first", "--urls-from", str(home / "urls"), "--urls-from", "-")
    assert [road["url"] for road in roads] == ["/first", "/a", "/b", "/c"]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--nginx", "/nonexistent", "/a"],
        ["--caddy", "/nonexistent", "/a"],
        ["--worker", "no-such-user", "/a"],
        ["x"],
    ],
)
def test_what_cannot_run_is_code_2(words: list[str], home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", *words]) == 2


@pytest.mark.parametrize(
    "words", [["--map", "a=b", "/a"], ["--resolve", "x", "/a"], ["--nginx", "a", "--caddy", "b", "/a"]]
)
def test_wrong_usage_is_code_2(words: list[str], home: Path) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["trace", *words])
    assert raised.value.code == 2


def test_a_container_sees_other_paths(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    conf = nginx(home, "location /static/ { alias /srv/static/; }")
    words = ["--nginx", conf, "--worker", ME, "--map", f"/srv/static={home}/static", "/static/css/site.css"]
    code, (road,) = traced(capsys, *words)
    assert (code, road["outcome"]["file"]) == (0, str(home / "static/css/site.css"))


def test_pictures_are_pages_of_their_own(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form, start in (("svg", "<svg "), ("html", "<!doctype html>")):
        assert main(["trace", "/static/css/site.css", "--format", form]) == 0
        assert capsys.readouterr().out.startswith(start)


def test_it_runs_without_a_project(tmp_path: Path) -> None:
    write(tmp_path, {"www/a.css": b"a"})
    conf = nginx(tmp_path, "location /static/ { alias ROOT/www/; }")
    words = ["trace", "--nginx", conf, "--worker", ME, "http://shop.example/static/a.css", "--format", "json"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    code = (
        "import sys; from clearway.cli import main; code = main(); assert 'django' not in sys.modules; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    road = json.loads(done.stdout)
    assert layers(road) == ["server", "location", "file", "permission"]
    assert road["outcome"]["status"] == 200


def test_settings_that_cannot_be_read_are_the_first_step(tmp_path: Path) -> None:
    write(tmp_path, {"broken.py": b"1 / 0\n", "www/a.css": b"a"})
    conf = nginx(tmp_path, "location /static/ { alias ROOT/www/; }")
    words = ["trace", "--nginx", conf, "--worker", ME, "http://shop.example/static/a.css", "--format", "json"]
    command = [str(Path(sys.executable).with_name("clearway")), *words]
    environ = os.environ | {"DJANGO_SETTINGS_MODULE": "broken"}
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    road = json.loads(done.stdout)
    assert (done.returncode, wrong(road)) == (1, "settings")
    assert "ZeroDivisionError" in road["steps"][0]["decision"]
    assert road["outcome"]["status"] == 200
    done = subprocess.run(
        [*command, "--settings", "broken"], cwd=tmp_path, env=environ, capture_output=True, check=False
    )
    assert done.returncode == 2
