"""A small project that is released: its pages, its style sheet, gunicorn in front, a directory to publish to."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.system.servers import gunicorn, running

SETTINGS = """
import json
from pathlib import Path
BASE_DIR = Path(__file__).parent
SECRET_KEY = "for-tests-only"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "urls"
WSGI_APPLICATION = "application.application"
INSTALLED_APPS = ["clearway", "django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "clearway.middleware.ClearwayMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [BASE_DIR / "templates"]}]
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"},
}
CLEARWAY = {"levels": "fast", "cache": None, "release": json.loads((BASE_DIR / "release.json").read_text("utf-8"))}
"""
FILES = {
    "settings.py": SETTINGS,
    "urls.py": """
from django.urls import path
from django.views.generic import TemplateView
urlpatterns = [path("", TemplateView.as_view(template_name="home.html"))]
""",
    "application.py": """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
""",
    "manage.py": "",
    "templates/home.html": '{% load static %}<link rel="stylesheet" href="{% static "site.css" %}"><h1>Shop</h1>',
    "assets/site.css": "h1{color:red}",
}
_NAMED = re.compile(rb"/static/(site\.[0-9a-f]{12}\.css)")


@dataclass(frozen=True)
class Released:
    """How `clearway release` ended, and what it said."""

    code: int
    data: Mapping[str, Any]
    said: str

    def steps(self, status: str) -> list[str]:
        """Names of the steps that ended like this."""
        return [each["name"] for each in self.data["steps"] if each["status"] == status]


@dataclass(frozen=True)
class Project:
    """Below `folder`."""

    folder: Path

    @property
    def current(self) -> str:
        """The id of the release that is current on disk."""
        return (self.folder / "static" / ".clearway" / "current").read_text("ascii").strip()

    @property
    def published(self) -> str:
        """The id of the release that is current in the directory that it is published to."""
        return (self.folder / "cdn" / ".clearway" / "current").read_text("ascii").strip()

    @property
    def is_unfinished(self) -> bool:
        return (self.folder / "static" / ".clearway" / "releasing" / "journal.json").exists()

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def routine(self, **setting: Any) -> None:
        """What `CLEARWAY["release"]` says."""
        reload = "kill -HUP $(cat gunicorn.pid)"
        self.write("release.json", json.dumps({"reload": reload, "timeout": 20, "steady": 0.5, **setting}))

    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "CLEARWAY"))}
        return kept | {"PYTHONDONTWRITEBYTECODE": "1", "DJANGO_SETTINGS_MODULE": "settings"}

    def collect(self) -> None:
        """As somebody does who does not release: only `collectstatic`."""
        code = "import django; django.setup(); from django.core.management import call_command as c; "
        words = [sys.executable, "-c", code + "c('collectstatic', interactive=False, verbosity=0)"]
        subprocess.run(words, cwd=self.folder, env=self.environ(), check=True)

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        line = [sys.executable, "-c", "from clearway.cli import main; raise SystemExit(main())", *words]
        return subprocess.run(
            line, cwd=self.folder, env=self.environ(), check=False, capture_output=True, text=True, timeout=100
        )

    def release(self, *words: str) -> Released:
        """Run it to its end."""
        done = self.run("release", "--format", "json", *words)
        return Released(done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The URL of the site, which `CLEARWAY["release"]` gets to know."""
        words = gunicorn("application", "--workers=1", "--pid=gunicorn.pid")
        environ = self.environ() | {"PYTHONPATH": str(self.folder)}
        with running(words, cwd=self.folder, environ=environ, log=self.folder / "log") as server:
            yield server.url


def new_project(folder: Path) -> Project:
    """With one release, made by collectstatic."""
    project = Project(folder)
    for name, text in FILES.items():
        project.write(name, text)
    project.routine()
    project.collect()
    return project


def style_sheet(url: str) -> str:
    """The published name in the page, which is there."""
    with urlopen(url) as page:
        found = _NAMED.search(page.read())
    assert found
    name = found[1].decode()
    with urlopen(f"{url}/static/{name}") as file:
        assert file.status == 200
    return name
