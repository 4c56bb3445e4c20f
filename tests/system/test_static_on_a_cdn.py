"""STATIC_URL on another host: the doctor where a CDN asks the application, and where a bucket has the files."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from tests.system.servers import free_port, gunicorn, running

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]
BIN = Path(sys.executable).parent
SETTINGS = """
import os

DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["clearway", "django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "clearway.middleware.ClearwayMiddleware"]
STATICFILES_DIRS = [BASE_DIR / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"},
}
STATIC_ROOT = BASE_DIR / "static_root"
STATIC_URL = os.environ["SITE_STATIC_URL"]
CLEARWAY = {"levels": "fast"}
if os.environ.get("CLEARWAY_RECORDS"):
    CLEARWAY = {"records": os.environ["CLEARWAY_RECORDS"]}
    STATIC_ROOT = None
"""
URLS = """
from django.http import HttpResponse
from django.template import engines
from django.urls import path

PAGE = '{% load static %}<!doctype html><title>x</title><link rel="stylesheet" href="{% static "css/site.css" %}">'


def page(request):
    return HttpResponse(engines["django"].from_string(PAGE).render())


urlpatterns = [path("", page)]
"""


class Edge(SimpleHTTPRequestHandler):
    """A CDN before a bucket, as its provider would be told to answer."""

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def send_response(self, code: int, message: str | None = None) -> None:
        super().send_response(code, message)
        self.send_header("Cache-Control", "public, max-age=31536000, immutable" if code == 200 else "no-store")

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[str]:
    """Its URL; it shows what is in `cdn`."""
    (tmp_path / "cdn").mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Edge, directory=str(tmp_path / "cdn")))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://localhost:{server.server_port}/live/"
    server.shutdown()
    thread.join()
    server.server_close()


class Project:
    """A project of `startproject`, whose commands run with what `environ` says."""

    def __init__(self, folder: Path, static_url: str) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DJANGO"))}
        told = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "SITE_STATIC_URL": static_url}
        self.environ = {**kept, **told, "PYTHONPATH": str(folder), "CLEARWAY_CACHE": "off"}
        self.run("django-admin", "startproject", "mysite", ".")
        with (folder / "mysite/settings.py").open("a", encoding="utf-8") as settings:
            settings.write(SETTINGS)
        (folder / "mysite/urls.py").write_text(URLS, encoding="utf-8")
        (folder / "assets/css").mkdir(parents=True)
        (folder / "assets/css/site.css").write_text("a { color: red }", encoding="utf-8")
        self.run("python", "manage.py", "collectstatic", "--noinput")

    def run(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            words, check=False, cwd=self.folder, env=self.environ, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout or done.stderr

    def doctor(self, *words: str, code: int) -> list[str]:
        """The ids of what it finds."""
        report = json.loads(self.run("clearway", "doctor", "--format", "json", *words, code=code))
        return [each["id"] for each in report["findings"]]

    def forget_files(self) -> None:
        """What an image has that is made for running."""
        (self.folder / "static_root/.clearway").rename(self.folder / "records")
        shutil.rmtree(self.folder / "static_root")
        self.environ["CLEARWAY_RECORDS"] = str(self.folder / "records")

    def server(self) -> list[str]:
        return gunicorn("mysite.wsgi")


@pytest.mark.parametrize("is_published", [True, False], ids=["published", "never published"])
def test_a_healthy_bucket_is_silent_and_one_that_was_never_filled_is_told(
    tmp_path: Path, edge: str, is_published: bool
) -> None:
    (tmp_path / "site").mkdir()
    project = Project(tmp_path / "site", edge)
    if is_published:
        project.run("clearway", "publish", str(tmp_path / "cdn/live"), "--apply")
    project.forget_files()
    assert project.doctor(code=0) == []
    assert "this machine has records alone" in project.run("clearway", "trace", f"{edge}css/site.css", code=1)
    assert "--target names the store" in project.run("clearway", "releases", code=2)
    with running(project.server(), cwd=project.folder, environ=project.environ, log=tmp_path / "log") as server:
        page = f"{server.url}/"
        found = project.doctor("--url", page, code=0 if is_published else 1)
    assert found == ([] if is_published else ["CW410"])
    assert "Warning" not in server.log.read_text()


def test_a_cdn_that_asks_the_application_is_healthy(tmp_path: Path) -> None:
    """The host of STATIC_URL is another name of this server, as if the CDN had nothing of its own yet."""
    (tmp_path / "site").mkdir()
    port = free_port()
    project = Project(tmp_path / "site", f"http://localhost:{port}/static/")
    assert project.doctor(code=0) == []
    command = [*project.server(), f"--bind=127.0.0.1:{port}"]
    with running(command, cwd=project.folder, environ=project.environ, log=tmp_path / "log") as server:
        assert project.doctor("--url", f"{server.url}/", code=0) == []
