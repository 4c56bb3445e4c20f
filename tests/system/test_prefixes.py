"""Where STATIC_URL, MEDIA_URL and a script name may lie: what `{% static %}` prints is answered, by every server.

Each row is a real project. Its servers are asked through the wrapper and through the middleware: the page says which
URL it prints, and this very URL is then fetched as a browser would, through the proxy that the row stands behind.
"""

import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from tests.system.servers import Server, gunicorn, running, uvicorn

pytestmark = [pytest.mark.system, pytest.mark.timeout(90)]

CSS = "body { color: teal }\n"
SETTINGS = """
import json, os
from pathlib import Path
BASE_DIR = Path(__file__).parent
SECRET_KEY, ALLOWED_HOSTS, ROOT_URLCONF = "prefixes", ["*"], "site_urls"
INSTALLED_APPS = ["clearway", "django.contrib.staticfiles"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "clearway.middleware.ClearwayMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
]
STORAGES = {"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}}
STATIC_URL, STATIC_ROOT, STATICFILES_DIRS = "/static/", BASE_DIR / "out", [BASE_DIR / "src"]
CLEARWAY = {"cache": None}
globals().update(json.loads(os.environ.get("ROW", "{}")))
"""
URLS = """
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpResponse, HttpResponseNotFound
from django.templatetags.static import static
from django.urls import path, re_path


def page(request):
    return HttpResponse(static("site.css"))


def anything(request, path):
    answer = HttpResponseNotFound if "none" in path else HttpResponse
    return answer("the application")


urlpatterns = [path("page/", page)]
if getattr(settings, "TRANSLATED", False):
    urlpatterns += i18n_patterns(path("static/", page), path("static/<path:path>", anything))
else:
    urlpatterns += [re_path("^(?P<path>.+/)$", anything), re_path("^(?P<path>.*[.].*)$", anything)]
"""
# the wrapper and the middleware beside each other, chosen by a header field
APPS = """
import os
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
django.setup(set_prefix=False)  # as get_wsgi_application and get_asgi_application

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from clearway import asgi, wsgi

everything = settings.MIDDLEWARE
settings.MIDDLEWARE = [name for name in everything if "clearway" not in name]
wrappers = wsgi.Clearway(WSGIHandler()), asgi.Clearway(ASGIHandler())
settings.MIDDLEWARE = everything
handlers = WSGIHandler(), ASGIHandler()


def by_wsgi(environ, start_response):
    chosen = wrappers if environ["HTTP_X_BY"] == "wrapper" else handlers
    return chosen[0](environ, start_response)


async def by_asgi(scope, receive, send):
    chosen = wrappers if dict(scope["headers"])[b"x-by"] == b"wrapper" else handlers
    await chosen[1](scope, receive, send)
"""
BY_WERKZEUG = """
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from site_apps import by_wsgi
mounted = DispatcherMiddleware(None, {"/app": by_wsgi})
"""
BY_STARLETTE = """
from starlette.applications import Starlette
from starlette.routing import Mount
from site_apps import by_asgi
mounted = Starlette(routes=[Mount("/app", app=by_asgi)])
"""
MODULES = {
    "site_settings": SETTINGS,
    "site_urls": URLS,
    "site_apps": APPS,
    "by_werkzeug": BY_WERKZEUG,
    "by_starlette": BY_STARLETTE,
}


@dataclass(frozen=True)
class Way:
    """A server: its command, its environment, and what the proxy in front of it does to a request."""

    command: list[str]
    environ: dict[str, str] = field(default_factory=dict)
    takes_away: str = ""
    adds: dict[str, str] = field(default_factory=dict)


def hypercorn(app: str, *options: str) -> list[str]:
    return [sys.executable, "-m", "hypercorn", "--bind=127.0.0.1:{port}", *options, app]


WSGI, ASGI = "site_apps:by_wsgi", "site_apps:by_asgi"
WAYS = {
    "gunicorn": Way(gunicorn(WSGI)),
    "uvicorn": Way(uvicorn(ASGI)),
    "hypercorn": Way(hypercorn(ASGI)),
    "gunicorn, the proxy takes the script name away": Way(gunicorn(WSGI), takes_away="/app"),
    "uvicorn, the proxy takes the script name away": Way(uvicorn(ASGI), takes_away="/app"),
    "gunicorn, SCRIPT_NAME in the environment": Way(gunicorn(WSGI), {"SCRIPT_NAME": "/app"}),
    "gunicorn, SCRIPT_NAME in a header field": Way(gunicorn(WSGI), adds={"SCRIPT_NAME": "/app"}),
    "gunicorn, mounted by werkzeug": Way(gunicorn("by_werkzeug:mounted")),
    "uvicorn, mounted by starlette": Way(uvicorn("by_starlette:mounted")),
    "uvicorn --root-path": Way(uvicorn(ASGI, "--root-path=/app"), takes_away="/app"),
    "hypercorn --root-path": Way(hypercorn(ASGI, "--root-path=/app")),
    "hypercorn --root-path, the proxy takes it away": Way(hypercorn(ASGI, "--root-path=/app"), takes_away="/app"),
}
BOTH = ("gunicorn", "uvicorn")
BELOW_A_PROXY = tuple(name for name in WAYS if name.endswith("takes the script name away"))
SCRIPT_NAMES = tuple(name for name in WAYS if name not in {*BOTH, *BELOW_A_PROXY, "hypercorn"})

OURS = (404, "no-store", "Not Found\n")
PASSED = (404, "no-store", "the application")
UNTOUCHED = (404, None, "the application")
APPLICATION = (200, None, "the application")


@dataclass(frozen=True)
class Row:
    """Settings, servers, the URL that is printed less the name, and what other URLs are answered with."""

    settings: dict[str, Any]
    ways: tuple[str, ...]
    printed: str
    also: dict[str, tuple[int, str | None, str]]
    page: str = "/page/"


def app(static_url: str, script_name: str = "/app", **more: Any) -> dict[str, Any]:
    return {"STATIC_URL": static_url, "FORCE_SCRIPT_NAME": script_name, **more}


MISS = {"/static/none.css": OURS, "/none.css": UNTOUCHED}
MISS_BELOW = {"/app/static/none.css": OURS, "/app/none.css": UNTOUCHED}
ROWS = {
    "absolute, media beside": Row(
        {"MEDIA_URL": "/media/"},
        (*BOTH, "hypercorn"),
        "/static/",
        {
            **MISS,
            "/static/report/": OURS,  # a view of the project below STATIC_URL
            "/static/report": OURS,
            "/static": (301, None, ""),  # APPEND_SLASH
            "/media/x.png": APPLICATION,
        },
    ),
    "relative": Row({"STATIC_URL": "static/"}, BOTH, "/static/", MISS),
    "on another host": Row(
        {"STATIC_URL": "https://cdn.example.com/assets/"},
        BOTH,
        "https://cdn.example.com/assets/",
        {"/assets/none.css": OURS, "/static/x.css": APPLICATION},
    ),
    "on another host, its root": Row(
        {"STATIC_URL": "//cdn.example.com/"}, BOTH, "//cdn.example.com/", {"/none.css": UNTOUCHED}
    ),
    "the root": Row(
        {"STATIC_URL": "/", "MEDIA_URL": "/media/"}, BOTH, "/", {"/none.css": UNTOUCHED, "/x.css": APPLICATION}
    ),
    "percent-encoded": Row(
        {"STATIC_URL": "/st%C3%A4tic%20files/"}, BOTH, "/st%C3%A4tic%20files/", {"/stätic files/none.css": OURS}
    ),
    "not ASCII": Row({"STATIC_URL": "/stätic/é/"}, BOTH, "/stätic/é/", {"/stätic/é/none.css": OURS}),
    "media inside": Row(
        {"MEDIA_URL": "/static/media/"},
        BOTH,
        "/static/",
        {**MISS, "/static/media/x.png": APPLICATION, "/static/media/none.png": UNTOUCHED},
    ),
    "inside media": Row(
        {"STATIC_URL": "/media/static/", "MEDIA_URL": "/media/"},
        BOTH,
        "/media/static/",
        {"/media/static/none.css": PASSED, "/media/static/upload.png": APPLICATION, "/media/none.png": UNTOUCHED},
    ),
    "media at the root": Row({"MEDIA_URL": "/"}, BOTH, "/static/", {**MISS, "/x.png": APPLICATION}),
    "misses passed": Row(
        {"CLEARWAY": {"misses": "pass"}},
        BOTH,
        "/static/",
        {"/static/none.css": PASSED, "/static/report/": APPLICATION, "/static/report": (301, None, "")},
    ),
    "translated URLs": Row(
        {"TRANSLATED": True},
        BOTH,
        "/static/",
        {"/static/none.css": OURS, "/static/": OURS, "/en/static/x.css": APPLICATION},
    ),
    "translated URLs, misses passed": Row(
        {"TRANSLATED": True, "CLEARWAY": {"misses": "pass"}},
        BOTH,
        "/static/",
        {"/static/x.css": (302, None, ""), "/en/static/none.css": UNTOUCHED},
    ),
    "FORCE_SCRIPT_NAME in STATIC_URL": Row(
        app("/app/static/"), BELOW_A_PROXY, "/app/static/", MISS_BELOW, "/app/page/"
    ),
    "FORCE_SCRIPT_NAME with a slash": Row(
        app("static/", "/app/"), BELOW_A_PROXY, "/app/static/", MISS_BELOW, "/app/page/"
    ),
    "FORCE_SCRIPT_NAME, STATIC_URL outside": Row(
        app("/static/"), BELOW_A_PROXY, "/static/", {"/static/none.css": OURS, "/app/none.css": UNTOUCHED}, "/app/page/"
    ),
    "FORCE_SCRIPT_NAME": Row(
        app("static/", MEDIA_URL="static/media/"),
        BELOW_A_PROXY,
        "/app/static/",
        {**MISS_BELOW, "/app/static/media/x.png": APPLICATION},
        "/app/page/",
    ),
    "FORCE_SCRIPT_NAME left in the path": Row(
        app("static/", MEDIA_URL="static/media/"),
        ("uvicorn",),
        "/app/static/",
        {**MISS_BELOW, "/app/static/media/x.png": APPLICATION},
        "/app/page/",
    ),
    "FORCE_SCRIPT_NAME is STATIC_URL": Row(
        app("/app/", MEDIA_URL="/media/"), BELOW_A_PROXY, "/app/", {"/app/none.css": UNTOUCHED}, "/app/page/"
    ),
    "script name": Row(
        {"STATIC_URL": "static/", "MEDIA_URL": "static/media/"},
        SCRIPT_NAMES,
        "/app/static/",
        {**MISS_BELOW, "/app/static/media/x.png": APPLICATION},
        "/app/page/",
    ),
    "script name in STATIC_URL": Row(
        {"STATIC_URL": "/app/static/", "MEDIA_URL": "/app/static/media/"},
        SCRIPT_NAMES,
        "/app/static/",
        {**MISS_BELOW, "/app/static/media/x.png": APPLICATION},
        "/app/page/",
    ),
    "script name is STATIC_URL": Row(
        {"STATIC_URL": "/app/", "MEDIA_URL": "/media/"},
        ("gunicorn, SCRIPT_NAME in the environment", "uvicorn --root-path"),
        "/app/",
        {"/app/none.css": UNTOUCHED},
        "/app/page/",
    ),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One project and one release for all rows."""
    site = tmp_path_factory.mktemp("prefixes")
    for name, text in MODULES.items():
        (site / f"{name}.py").write_text(text, encoding="utf-8")
    (site / "src").mkdir()
    (site / "src" / "site.css").write_text(CSS, encoding="utf-8")
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, cwd=site, env=environment(site), check=True, timeout=60)
    return site


def environment(site: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "CLEARWAY"))}
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    return {**kept, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "site_settings", **more}


@pytest.fixture(params=ROWS)
def row(request: pytest.FixtureRequest) -> Row:
    return ROWS[request.param]


@pytest.fixture
def servers(site: Path, row: Row, tmp_path: Path) -> Iterator[dict[str, Server]]:
    """The servers of the row, started side by side."""
    with ExitStack() as stack, ThreadPoolExecutor(len(row.ways)) as pool:

        def start(name: str) -> Server:
            environ = environment(site, ROW=json.dumps(row.settings), **WAYS[name].environ)
            return stack.enter_context(running(WAYS[name].command, cwd=site, environ=environ, log=tmp_path / name))

        started = dict(zip(row.ways, pool.map(start, row.ways), strict=True))
        yield started
        for server in started.values():
            server.process.terminate()  # all at once; the stack waits for each


def ask(server: Server, way: Way, by: str, url: str) -> tuple[int, str | None, str]:
    """Status, Cache-Control and content of a URL that a browser asks for."""
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    target = quote(urlsplit(url).path, safe="/%")
    connection.request("GET", target.removeprefix(way.takes_away), headers={"X-By": by, **way.adds})
    with connection.getresponse() as answer:
        body = answer.read().decode()
        connection.close()
        return answer.status, answer.getheader("Cache-Control"), body


def test_what_is_printed_is_answered_and_the_rest_has_its_owner(row: Row, servers: dict[str, Server]) -> None:
    for name, server in servers.items():
        for by in ("wrapper", "middleware"):
            where = (name, by)
            printed = ask(server, WAYS[name], by, row.page)[2]
            assert re.fullmatch(re.escape(row.printed) + r"site\.[0-9a-f]{12}\.css", printed), (where, printed)
            status, caching, content = ask(server, WAYS[name], by, printed)
            assert (status, caching, content) == (200, "public, max-age=31536000, immutable", CSS), where
            answers = {url: ask(server, WAYS[name], by, url) for url in row.also}
            assert answers == row.also, where
