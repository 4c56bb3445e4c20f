"""Projects as they are: with the packages that write files of their own, and with those that bring hundreds.

Each has the three edits of the README and nothing else that Clearway asked for.
"""

import http.client
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import tinycss2
from tests.system.servers import Server, gunicorn, running, uvicorn

pytestmark = [pytest.mark.system, pytest.mark.timeout(90)]

FOREVER, SHORT = "public, max-age=31536000, immutable", "max-age=60, public"
SETTINGS = """
import os
from pathlib import Path
BASE_DIR = Path(__file__).parent
SECRET_KEY, ALLOWED_HOSTS, ROOT_URLCONF = "projects" * 8, ["*"], "site_urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
USE_TZ = True
INSTALLED_APPS = [
    "clearway",
    *PACKAGES,
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "clearway.middleware.ClearwayMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [BASE_DIR / "templates"],
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]},
}]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"},
}
STATIC_URL, STATIC_ROOT = "static/", BASE_DIR / "static_root"
CLEARWAY = {"cache": None, "levels": "fast"}  # what the tests wait for, no more
"""
SERVED = """
import os
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
by_wsgi = get_wsgi_application()
by_asgi = get_asgi_application()
"""


@dataclass(frozen=True)
class Answer:
    status: int
    type: str | None
    caching: str | None
    content: str


@dataclass(frozen=True)
class Project:
    """A project in a directory of its own, told in files."""

    folder: Path

    def write(self, **modules: str) -> None:
        for name, text in modules.items():
            (self.folder / f"{name}.py").write_text(text, encoding="utf-8")

    def plant(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, *words: str, **environ: str) -> str:
        command = [sys.executable, *words]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environ(**environ),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def environ(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "CLEARWAY"))}
        path = os.pathsep.join(filter(None, [str(self.folder), os.environ.get("PYTHONPATH")]))
        return {**kept, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "site_settings", **more}

    def collect(self, *words: str) -> None:
        self.run("-m", "django", "collectstatic", "--noinput", "-v0", *words)

    def call(self, *commands: str, **environ: str) -> None:
        """Several management commands in one process."""
        lines = [f"call_command({name!r}, verbosity=0)" for name in commands]
        start = "import django; django.setup()\nfrom django.core.management import call_command"
        self.run("-c", "\n".join([start, *lines]), **environ)


Start = Callable[..., list[Server]]
SERVERS = {"gunicorn": gunicorn("site_served:by_wsgi"), "uvicorn": uvicorn("site_served:by_asgi")}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start servers of a project side by side; all of them end with the test."""
    with ExitStack() as stack, ThreadPoolExecutor() as pool:

        def start_all(project: Project, names: Iterable[str] = SERVERS, **environ: str) -> list[Server]:
            def start_one(name: str) -> Server:
                log = tmp_path / f"{name}{time.monotonic_ns()}"
                made = running(SERVERS[name], cwd=project.folder, environ=project.environ(**environ), log=log)
                return stack.enter_context(made)

            return list(pool.map(start_one, names))

        yield start_all


def fetch(server: Server, path: str, **headers: str) -> Answer:
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    connection.request("GET", path, headers=headers)
    with connection.getresponse() as answer:
        content = answer.read().decode("utf-8", "replace")
        connection.close()
        return Answer(answer.status, answer.getheader("Content-Type"), answer.getheader("Cache-Control"), content)


def static_urls(text: str) -> list[str]:
    """Everything in a page that lies below STATIC_URL."""
    return sorted(set(re.findall(r"/static/[^\"'()\s<>\\&]+", text)))


def css_urls(css: str) -> Iterator[str]:
    """Every `url()` and `@import` of a style sheet."""

    def within(nodes: Iterable[object]) -> Iterator[str]:
        for node in nodes:
            if isinstance(node, tinycss2.ast.URLToken):
                yield node.value
            elif isinstance(node, tinycss2.ast.FunctionBlock) and node.lower_name == "url":
                yield from (each.value for each in node.arguments if isinstance(each, tinycss2.ast.StringToken))
            else:
                for part in ("content", "arguments", "prelude"):
                    yield from within(getattr(node, part, None) or ())

    return within(tinycss2.parse_component_value_list(css))


# --- files made by commands and by requests

MADE = SETTINGS.replace("*PACKAGES", '"compressor", "statici18n", "django_js_reverse", "sass_processor"')
MADE += """
STATICFILES_DIRS = [BASE_DIR / "src"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "compressor.finders.CompressorFinder",
    "sass_processor.finders.CssFinder",
]
LANGUAGES = [("de", "Deutsch")]
COMPRESS_OFFLINE = os.environ.get("COMPRESS") == "offline"
if os.environ.get("MADE") == "before":
    STATICI18N_ROOT = BASE_DIR / "src"
    JS_REVERSE_OUTPUT_PATH = str(BASE_DIR / "src" / "django_js_reverse" / "js")
if os.environ.get("SASS") == "at once":
    SASS_PROCESSOR_ENABLED = True
    CLEARWAY["live"] = ["CACHE/", "shop/sass/"]
"""
MADE_URLS = """
from django.urls import path
from django.views.generic import TemplateView
urlpatterns = [path("", TemplateView.as_view(template_name="page.html"), name="home")] + [
    path(f"{name}/", TemplateView.as_view(template_name=f"{name}.html")) for name in ("compressed", "sass", "other")
]
"""
COMPRESSED = """{% load compress static %}
{% compress css %}<link rel="stylesheet" href="{% static 'shop/site.css' %}"><style>p { color: red }</style>
{% endcompress %}
{% compress js %}<script src="{% static 'shop/site.js' %}"></script>{% endcompress %}
"""
OTHER = "{% load compress %}{% compress js %}<script>var other = 2;</script>{% endcompress %}"
SASS = "{% load sass_tags %}<link rel='stylesheet' href=\"{% sass_src 'shop/sass/main.scss' %}\">"
PAGE = """{% load statici18n static %}
<script src="{% statici18n 'de' %}"></script><script src="{% static 'django_js_reverse/js/reverse.js' %}"></script>
"""


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project of the packages that write files, collected once."""
    project = Project(tmp_path_factory.mktemp("made"))
    project.write(site_settings=MADE, site_urls=MADE_URLS, site_served=SERVED)
    project.plant(
        {
            "src/shop/site.css": ".logo { background: url(img/logo.svg) }",
            "src/shop/site.js": "const shop = 1;",
            "src/shop/img/logo.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "src/shop/sass/main.scss": "$tint: teal; .a { .b { color: $tint } }",
            "templates/compressed.html": COMPRESSED,
            "templates/other.html": OTHER,
            "templates/sass.html": SASS,
            "templates/page.html": PAGE,
        }
    )
    project.collect()
    return project


@pytest.fixture
def project(collected: Project, tmp_path: Path) -> Project:
    shutil.copytree(collected.folder, tmp_path / "site")
    return Project(tmp_path / "site")


def check_made(server: Server, page: str, caching: str = SHORT, count: int = 1) -> list[str]:
    """Whatever static URL a page has is answered, with its type and this lifetime."""
    answer = fetch(server, page)
    urls = static_urls(answer.content)
    assert (answer.status, len(urls)) == (200, count), answer.content
    for url in urls:
        made = fetch(server, url)
        kind = "text/css" if url.endswith(".css") else "text/javascript"
        assert (made.status, made.type, made.caching) == (200, f"{kind}; charset=utf-8", caching), url
        for inner in css_urls(made.content) if kind == "text/css" else ():
            referred = fetch(server, urljoin(url, inner))
            assert (referred.status, referred.caching) == (200, FOREVER), inner
    return urls


def test_what_a_request_makes_is_answered_at_once(project: Project, start: Start) -> None:
    """django-compressor without `compress`, and sass on the fly."""
    for server in start(project, SASS="at once"):
        for page, count in (("/compressed/", 2), ("/other/", 1), ("/sass/", 1)):
            assert fetch(server, "/static/CACHE/js/none.js").caching == "no-store"
            urls = check_made(server, page, count=count)
            assert all(url.startswith(("/static/CACHE/", "/static/shop/sass/main.css")) for url in urls)
        shutil.rmtree(project.folder / "static_root" / "CACHE")
        (project.folder / "static_root" / "shop/sass/main.css").unlink()


def test_what_commands_make_after_collecting_is_answered_and_stays_until_clear(project: Project, start: Start) -> None:
    """compilejsi18n, collectstatic_js_reverse and compress write below STATIC_ROOT by default."""
    commands = ("compilejsi18n", "collectstatic_js_reverse", "compress")
    pages = {"/": 2, "/compressed/": 2, "/other/": 1}
    project.call(*commands, COMPRESS="offline")
    servers = start(project, COMPRESS="offline")
    made = {url for server in servers for page, count in pages.items() for url in check_made(server, page, count=count)}
    files = {project.folder / "static_root" / unquote(url).removeprefix("/static/") for url in made}
    assert {path.relative_to(project.folder / "static_root").parts[0] for path in files} == {
        "CACHE",
        "django_js_reverse",
        "jsi18n",
    }
    project.collect()
    assert all(path.is_file() for path in files)
    project.collect("--clear")
    assert not any(path.exists() for path in files)
    project.call(*commands, COMPRESS="offline")
    for server in servers:
        for page, count in pages.items():
            check_made(server, page, count=count)


def test_what_commands_make_among_the_sources_is_published_like_them(project: Project, start: Start) -> None:
    project.call("compilejsi18n", "collectstatic_js_reverse", "compilescss", MADE="before")
    project.collect()
    for server in start(project, MADE="before"):
        urls = check_made(server, "/", FOREVER, 2) + check_made(server, "/sass/", FOREVER)
        assert all(re.search(r"[.][0-9a-f]{12}[.](js|css)$", url) for url in urls)


# --- projects of packages that bring hundreds of files

LARGE_URLS = """
from django.contrib import admin
from django.urls import include, path
from rest_framework.decorators import api_view
from rest_framework.response import Response


@api_view(["GET", "POST"])
def api(request):
    return Response({"answer": 42})


urlpatterns = [path("django-admin/", admin.site.urls), path("api/", api)]
"""
WAGTAIL_URLS = """
from wagtail.admin import urls
urlpatterns += [path("admin/", include(urls))]
"""
WAGTAIL = """
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework"
"""
WITHOUT_MIGRATIONS = """
class Nothing(dict):
    def __contains__(self, app):
        return True
    def __getitem__(self, app):
        return None
MIGRATION_MODULES = Nothing()
WAGTAIL_SITE_NAME, WAGTAILADMIN_BASE_URL = "projects", "https://example.com"
"""
# one process for what a deploy does in four
DEPLOY = """
import io, sys
import django
django.setup()
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
said = io.StringIO()
call_command("check", deploy=True, stdout=said, stderr=said)
assert "clearway." not in said.getvalue(), said.getvalue()
call_command("migrate", run_syncdb=True, verbosity=0)
from django.contrib.auth import get_user_model
from django.test import Client
client = Client()
client.force_login(get_user_model().objects.create_superuser("admin", "admin@example.com", "x"))
print(client.cookies["sessionid"].value)
"""
ADMIN_PAGES = ("/django-admin/login/", "/django-admin/auth/user/add/", "/django-admin/auth/group/add/", "/api/")
LARGE = {
    "Django REST framework": ('"rest_framework"', LARGE_URLS, ADMIN_PAGES),
    "Wagtail": (
        WAGTAIL,
        LARGE_URLS + WAGTAIL_URLS,
        ("/admin/login/", "/admin/account/", "/admin/users/", "/admin/redirects/add/"),
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_every_file_of_every_page_is_there_for_good(name: str, tmp_path: Path, start: Start) -> None:
    packages, urls, pages = LARGE[name]
    project = Project(tmp_path)
    settings = SETTINGS.replace("*PACKAGES", packages) + WITHOUT_MIGRATIONS
    project.write(site_settings=settings, site_urls=urls, site_served=SERVED)
    cookie = f"sessionid={project.run('-c', DEPLOY).strip()}"
    (server,) = start(project, ["gunicorn"])
    referred: set[str] = set()
    for page in pages:
        answer = fetch(server, page, Accept="text/html", Cookie="" if "login" in page else cookie)
        found = static_urls(answer.content)
        assert (answer.status, len(found) > 3) == (200, True), (page, answer)
        referred.update(found)
    seen: set[str] = set()
    while todo := referred - seen:
        seen |= todo
        for url in sorted(todo):
            answer = fetch(server, url)
            assert (answer.status, answer.caching) == (200, FOREVER), url
            if url.endswith(".css"):
                inner = [each for each in css_urls(answer.content) if not each.startswith(("data:", "#"))]
                referred.update(urlsplit(urljoin(url, each)).path for each in inner)
