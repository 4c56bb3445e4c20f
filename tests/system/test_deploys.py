"""Deploys under real servers: pages of one release, files of another, and never a 404."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page
from tests.system import browser
from tests.system.round_robin import front
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
PAGES = '''
import os
from django.core.handlers.asgi import ASGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import path
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
PAGE = """<!doctype html><html lang="en"><title>Page</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="{}"><script type="module" src="{}"></script><button>More</button><output></output>"""
page = lambda request: HttpResponse(PAGE.format(static("site.css"), static("main.js")))
urlpatterns = [path("", lambda request: HttpResponse(static("site.css"))), path("page/", page)]
'''
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


# --- a browser, and two processes behind one port

LAZY = """
import { word } from "./word.js";
const loaded = element => new Promise((done, failed) => { element.onload = done; element.onerror = failed; });
export const show = async () => {
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet" });
  sheet.href = new URL("./lazy.css", import.meta.url).href;
  const picture = Object.assign(new Image(), { src: new URL("./lazy.svg", import.meta.url).href });
  document.head.append(sheet);
  document.body.append(picture);
  await Promise.all([loaded(sheet), loaded(picture)]);
  document.querySelector("output").textContent = word;
};
"""
MAIN = """
document.body.id = "%s";
document.querySelector("button").onclick = async () => (await import("./lazy.js")).show();
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="10"><rect width="9" height="9"/></svg>'


def release_page(site: Path, word: str, width: int) -> None:
    """Every file that the page loads, at once or later, is another one in each release."""
    files = {
        "main.js": MAIN % word,
        "lazy.js": f"{LAZY}// {word}",
        "word.js": f'export const word = "{word}";',
        "lazy.css": f'output {{ width: {width}px; display: block; background: url("behind.svg") }}',
        "lazy.svg": SVG % width,
        "behind.svg": SVG % (width + 1),
    }
    for name, text in files.items():
        (site / "src" / name).write_text(text, encoding="utf-8")
    release(site, f"body {{ margin-left: {width}px }}")


def seen(page: Page) -> tuple[object, ...]:
    """What shows from which release each file of a page is, those that are loaded late as well."""
    page.click("button")
    page.wait_for_function("document.querySelector('output').textContent")
    page.wait_for_load_state("networkidle")
    picture = page.eval_on_selector("img", "picture => picture.naturalWidth")
    styles = browser.style(page, "body", "marginLeft"), browser.style(page, "output", "width")
    return page.get_attribute("body", "id"), page.inner_text("output"), picture, *styles


def port(server: Server) -> int:
    return urlsplit(server.url).port or 0


def test_a_browser_with_an_old_page_finds_every_file_during_a_rolling_deploy_and_after(site: Path) -> None:
    old_release, new_release = ("one", "one", 100, "100px", "100px"), ("two", "two", 200, "200px", "200px")
    command = gunicorn("wsgi_site:application", "--keep-alive=0")  # a request a connection: the processes take turns

    def process(name: str) -> Server:
        return stack.enter_context(running(command, cwd=site, environ=environment(site), log=site / name))

    with ExitStack() as stack:
        chromium, balancer = stack.enter_context(browser.chromium()), stack.enter_context(front())
        visitors = [stack.enter_context(browser.visitor(chromium, balancer.url)) for _ in range(5)]
        release_page(site, "one", 100)
        old = process("old")
        balancer.ports = [port(old)]
        during, after = (each.open("/page/") for each in visitors[:2])
        release_page(site, "two", 200)
        new = process("new")
        balancer.ports = [port(old), port(new)]
        assert seen(during) == old_release
        fresh = {seen(each.open("/page/")) for each in visitors[2:]}
        assert fresh <= {old_release, new_release}
        balancer.ports = [port(new)]
        old.process.terminate()
        old.process.wait(20)
        assert seen(after) == old_release
        assert [complaint for each in visitors for complaint in each.complaints] == []
        for server in (old, new):
            answers = [each.status for each in server.requests() if each.target.startswith("/static/")]
            assert answers
            assert set(answers) == {200}
