"""`manage.py runserver` of a small project: the rules of production, from the sources, and harmless uploads."""

import http.client
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.helpers.released import write
from tests.system.servers import running

pytestmark = [pytest.mark.system, pytest.mark.timeout(60)]

CSS = b"body { color: teal }\n"
FILES = {
    "manage.py": b"""
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "small_settings"
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
""",
    "small_settings.py": b"""
from pathlib import Path
HERE = Path(__file__).parent
DEBUG, SECRET_KEY, ALLOWED_HOSTS, ROOT_URLCONF = True, "x", ["*"], "small_urls"
INSTALLED_APPS = ["clearway", "small_app", "django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "clearway.middleware.ClearwayMiddleware"]
STATIC_URL, MEDIA_URL, MEDIA_ROOT = "static/", "media/", HERE / "uploads"
STATICFILES_DIRS = [HERE / "assets"]
USE_TZ = True
""",
    "small_urls.py": b"""
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("page", lambda request: HttpResponse("page"))]
""",
    "small_app/__init__.py": b"",
    "small_app/static/small_app/app.js": b"export {}",
    "assets/site.css": CSS,
    "assets/.env": b"S3CRET",
    "uploads/photo.png": b"\x89PNG\r\n\x1a\n",
    "uploads/evil.svg": b"<svg onload='alert(1)'/>",
    "uploads/evil.html": b"<script>alert(1)</script>",
    "uploads/.hidden": b"S3CRET",
    "secret.txt": b"S3CRET",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("small")
    write(home, FILES)
    (home / "uploads" / "link.txt").symlink_to(home / "secret.txt")
    (home / "assets" / "link.txt").symlink_to(home / "secret.txt")
    return home


@pytest.fixture(scope="module")
def port(home: Path) -> Iterator[int]:
    command = [sys.executable, "manage.py", "runserver", "--noreload", "127.0.0.1:{port}"]
    environ = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    with running(command, cwd=home, environ=environ, log=home / "runserver.log") as server:
        yield urlsplit(server.url).port or 0


def get(port: int, target: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """The target goes out as it is: no client tidies it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("target", "body", "type_"),
    [
        ("/static/site.css", CSS, "text/css; charset=utf-8"),
        ("/static/small_app/app.js", b"export {}", "text/javascript; charset=utf-8"),
    ],
)
def test_sources_are_served_by_the_rules_of_production(port: int, target: str, body: bytes, type_: str) -> None:
    status, fields, read = get(port, target)
    assert (status, read, fields["content-type"]) == (200, body, type_)
    assert (fields["cache-control"], fields["x-content-type-options"]) == ("max-age=0, public", "nosniff")
    assert fields["access-control-allow-origin"] == "*"
    assert get(port, target, If_None_Match=fields["etag"])[0] == 304
    assert get(port, target, Range="bytes=1-3")[::2] == (206, body[1:4])


def test_the_application_answers_the_rest(port: int) -> None:
    assert get(port, "/page")[::2] == (200, b"page")
    assert get(port, "/static/none.css")[::2] == (404, b"Not Found\n")


@pytest.mark.parametrize(
    ("name", "kind"), [("photo.png", "inline"), ("evil.svg", "attachment"), ("evil.html", "attachment")]
)
def test_uploads_are_harmless(port: int, home: Path, name: str, kind: str) -> None:
    status, fields, body = get(port, f"/media/{name}")
    assert (status, body) == (200, (home / "uploads" / name).read_bytes())
    assert fields["content-disposition"].split(";")[0] == kind
    assert "sandbox" in fields["content-security-policy"]
    assert fields["x-content-type-options"] == "nosniff"
    assert [name for name in fields if name.startswith("access-control")] == []


@pytest.mark.parametrize("prefix", ["/static", "/media"])
@pytest.mark.parametrize(
    "name",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "//etc/passwd",
        "/small_app/../../secret.txt",
        "/link.txt",
        "/.env",
        "/.hidden",
        "/photo.png%00.txt",
        "/",
        "",
    ],
)
def test_nothing_else_can_be_fetched(port: int, prefix: str, name: str) -> None:
    status, _, body = get(port, prefix + name)
    assert status in (400, 404)
    assert b"S3CRET" not in body
    assert b"root:" not in body


def test_changes_on_disk_are_visible_at_once(port: int, home: Path) -> None:
    for number in range(3):
        write(home, {"assets/changing.css": b"%d" % number, "uploads/changing.txt": b"%d" % number})
        assert get(port, "/static/changing.css")[::2] == (200, b"%d" % number)
        assert get(port, "/media/changing.txt")[::2] == (200, b"%d" % number)
    (home / "assets" / "changing.css").unlink()
    assert get(port, "/static/changing.css")[0] == 404
