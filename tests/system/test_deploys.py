"""Deploys under real servers: pages of one release, files of another, and never a 404."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from tests.system.servers import Server, gunicorn, running, uvicorn

SETTINGS = """
from pathlib import Path
BASE_DIR = Path(__file__).parent
SECRET_KEY, ALLOWED_HOSTS, ROOT_URLCONF = "deploys", ["*"], "pages"
INSTALLED_APPS = ["clearway", "django.contrib.staticfiles"]
MIDDLEWARE = ["clearway.middleware.ClearwayMiddleware"]
STORAGES = {"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}}
STATIC_URL, STATIC_ROOT, STATICFILES_DIRS = "/static/", BASE_DIR / "out", [BASE_DIR / "src"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
CLEARWAY = {"cache": None}
"""
PAGES = """
import os
from django.core.handlers.asgi import ASGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import path
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
urlpatterns = [path("", lambda request: HttpResponse(static("site.css")))]
"""
WSGI = "from pages import *\napplication = get_wsgi_application()\n"
ASGI = "from pages import *\nimport django\ndjango.setup()\nfrom clearway.asgi import Clearway\n"
ASGI += "application = Clearway(ASGIHandler())\n"

pytestmark = pytest.mark.system


@pytest.fixture
def site(tmp_path: Path) -> Path:
    files = {"site_settings": SETTINGS, "pages": PAGES, "wsgi_site": WSGI, "asgi_site": ASGI}
    for name, text in files.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    (tmp_path / "src").mkdir()
    return tmp_path


def release(site: Path, css: str) -> None:
    """Edit the style sheet and collect."""
    (site / "src" / "site.css").write_text(css, encoding="utf-8")
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, cwd=site, env=environment(site), check=True, timeout=60)


def environment(site: Path, **more: str) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": "site_settings", "PYTHONPATH": str(site), **more}


def fetch(server: Server, path: str) -> tuple[int, str, str]:
    """Status, content and Cache-Control."""
    try:
        with urlopen(server.url + path, timeout=10) as answer:
            return answer.status, answer.read().decode(), answer.headers["Cache-Control"]
    except HTTPError as error:
        with error:
            return error.code, "", error.headers["Cache-Control"]


SERVERS = {"gunicorn": gunicorn("wsgi_site:application"), "uvicorn": uvicorn("asgi_site:application")}


@pytest.fixture(params=SERVERS)
def start(request: pytest.FixtureRequest, site: Path) -> Iterator[object]:
    """Start one more server process of the site; all of them end with the test."""
    with ExitStack() as stack:

        def start_one(**environ: str) -> Server:
            log = site / f"log{time.monotonic_ns()}"
            made = running(SERVERS[request.param], cwd=site, environ=environment(site, **environ), log=log)
            return stack.enter_context(made)

        yield start_one


def test_two_processes_of_different_releases_answer_each_other_s_pages(site: Path, start) -> None:  # type: ignore[no-untyped-def]
    release(site, "a{color:red}")
    old = start()
    old_url = fetch(old, "/")[1]
    release(site, "a{color:blue}")
    new = start()
    new_url = fetch(new, "/")[1]
    assert re.fullmatch(r"/static/site\.[0-9a-f]{12}\.css", new_url)
    assert fetch(old, "/")[1] == old_url != new_url
    time.sleep(1.1)  # a process looks for a newer release at most once a second
    for server in (old, new):
        for url, css in ((old_url, "a{color:red}"), (new_url, "a{color:blue}")):
            status, content, caching = fetch(server, url)
            assert (status, content) == (200, css)
            assert "immutable" in caching


def test_a_missing_file_is_never_to_be_stored(site: Path, start) -> None:  # type: ignore[no-untyped-def]
    release(site, "a{}")
    assert fetch(start(), "/static/site.0123456789ab.css")[::2] == (404, "no-store")


def test_a_pinned_process_stays_with_its_release_and_answers_newer_names(site: Path, start) -> None:  # type: ignore[no-untyped-def]
    release(site, "a{color:red}")
    pinned = (site / "out" / ".clearway" / "current").read_text().strip()
    old_url = fetch(start(), "/")[1]
    release(site, "a{color:blue}")
    new_url = fetch(start(), "/")[1]
    respawned = start(CLEARWAY_RELEASE=pinned)
    assert fetch(respawned, "/")[1] == old_url
    assert fetch(respawned, old_url)[:2] == (200, "a{color:red}")
    assert fetch(respawned, new_url)[:2] == (200, "a{color:blue}")


def test_a_template_of_the_old_code_finds_a_file_that_the_new_release_no_longer_has(site: Path, start) -> None:  # type: ignore[no-untyped-def]
    (site / "src" / "other.css").write_text("b{}", encoding="utf-8")
    release(site, "a{color:red}")
    (site / "src" / "site.css").rename(site / "src" / "renamed.css")
    (site / "out" / "site.css").unlink()
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, cwd=site, env=environment(site), check=True, timeout=60)
    respawned = start()
    status, url, _ = fetch(respawned, "/")
    assert status == 200
    assert fetch(respawned, url)[:2] == (200, "a{color:red}")
